import { setTimeout as sleep } from 'node:timers/promises'
import type { Export, Search, StartExport } from '@muniment/api/contract'
import { APPLICATION } from './environment.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface AskOptions {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** An API of Muniment at an address, in AWS or embedded. */
export interface Api {
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>
  /** Asked again until it is over. */
  search(token: string, asked: AskedSearch): Promise<Search>
  exported(token: string, search: string, asked: StartExport): Promise<Export>
  /** What a file's short-lived address gives. */
  file(token: string, exported: string): Promise<{ body: Buffer; address: URL }>
}

export interface AskedSearch {
  readonly useCase: string
  readonly inputs: Record<string, string>
}

const patienceMs = 180_000

export function apiAt(base: string): Api {
  async function ask(method: string, path: string, { token, body, headers }: AskOptions = {}): Promise<Answer> {
    const answer = await fetch(`${base}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, headers: answer.headers, body: await answer.text() }
  }

  async function read<T>(method: string, path: string, options: AskOptions, statuses: number[]): Promise<T> {
    const answer = await ask(method, path, options)
    if (!statuses.includes(answer.status))
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 600)}`)
    return JSON.parse(answer.body) as T
  }

  async function untilOver<T extends { state: Search['state'] }>(found: T, path: string, token: string): Promise<T> {
    const until = Date.now() + patienceMs
    let now = found
    while (now.state === 'queued' || now.state === 'running') {
      if (Date.now() > until) throw new Error(`${path} was ${now.state} for ${patienceMs / 1_000} s.`)
      await sleep(300)
      now = await read<T>('GET', path, { token }, [200])
    }
    return now
  }

  return {
    ask,
    async search(token, { useCase, inputs }) {
      const body = { application: APPLICATION, useCase, inputs, purpose }
      const begun = await read<Search>('POST', '/api/searches', { token, body }, [200, 202])
      return untilOver(begun, `/api/searches/${begun.id}`, token)
    },
    async exported(token, search, body) {
      const begun = await read<Export>('POST', `/api/searches/${search}/exports`, { token, body }, [200, 202])
      return untilOver(begun, `/api/exports/${begun.id}`, token)
    },
    async file(token, id) {
      const { status, headers } = await ask('GET', `/api/exports/${id}/file`, { token })
      const address = headers.get('location')
      if (status !== 303 || address === null) throw new Error(`The file of ${id} answered ${status}.`)
      const from = new URL(address, base)
      const answer = await fetch(from)
      if (!answer.ok) throw new Error(`${from.host}${from.pathname} answered ${answer.status}: ${await answer.text()}`)
      return { body: Buffer.from(await answer.arrayBuffer()), address: from }
    },
  }
}

export const purpose = { reason: 'system-test', note: 'Rehearsal' }
