import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import type { Caller, Permission } from '../athena/caller.ts'

export interface Refusal {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Judges a call by its signature and its caller's policies; `resource` is what the call is about. */
export type Gate = (call: IncomingMessage, body: string, resource: string) => Promise<Refusal | Caller>

/** The gate of MiniStack: ministack-gate.py says how. */
export function createGate(endpoint: string): Gate {
  return async (call, body, resource) => {
    const judge = (also: readonly Permission[]) =>
      forward(endpoint, call.headers, body, { 'x-rehearsal-gate': resource, 'x-rehearsal-also': JSON.stringify(also) })
    const first = await judge([])
    if (first.status !== 200) return first
    return {
      async denied(permissions) {
        const { status, body: answer } = await judge(permissions)
        if (status !== 200) return permissions
        return (JSON.parse(answer) as { denied: Permission[] }).denied
      },
    }
  }
}

/** The same request to another address: `Host` is signed, so it stays what it was. */
function forward(endpoint: string, headers: IncomingHttpHeaders, body: string, more: Record<string, string>) {
  return new Promise<Refusal>((resolve, reject) => {
    const call = send(endpoint, { method: 'POST', path: '/', headers: { ...headers, ...more } }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 500,
          type: String(reply.headers['x-amzn-errortype'] ?? ''),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}
