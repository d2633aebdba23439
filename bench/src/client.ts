/** The product from outside: what a browser asks for when a person searches. */
import { join } from 'node:path'
import { firstRules } from '@muniment/archive/access/proposals'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { openHome } from '@muniment/archive/home'
import { askOwner } from '@muniment/archive/home/control-client'
import { type Setting, serve } from './setting.ts'

export interface Server {
  url: string
  pid: number
  /** As somebody who may see everything that is measured. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  stop(): Promise<void>
}

/** The sample's rules without their limits: what is measured is more than a person does in a day. */
async function allowAll({ home: path }: Setting): Promise<void> {
  const home = await openHome(path, { mode: 'auto' })
  try {
    const rules = { ...sampleRules, limits: {} }
    await firstRules(home.store, rules, { by: 'bench', reason: 'Measuring', clock: () => new Date() })
  } finally {
    await home.close()
  }
}

export async function startServer(setting: Setting): Promise<Server> {
  await allowAll(setting)
  const child = serve(setting, ['start', '--port', '0'], 'pipe')
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (chunk) => {
      said += chunk
      const address = /http:\/\/localhost:\d+/.exec(said)
      if (address) resolve(address[0].replace('localhost', '127.0.0.1'))
    })
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  let held = { token: '', until: 0 }
  async function authorization(): Promise<string> {
    if (Date.now() > held.until) held = { token: await tokenOf(setting), until: Date.now() + renewMs }
    return `Bearer ${held.token}`
  }
  return {
    url,
    pid: child.pid ?? 0,
    fetch: async (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { ...init.headers, authorization: await authorization() } }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/** Tokens are good for ten. */
const renewMs = 5 * 60_000

async function tokenOf({ home }: Setting): Promise<string> {
  const outcome = await askOwner(join(home, '.work'), { op: 'token', person: 'mira.kovacs' })
  if (typeof outcome === 'string' || outcome.reply.token === undefined) throw new Error('the server gave no token')
  return outcome.reply.token
}

interface Found {
  id: string
  state: string
  bytesScanned: number
  panels: { name: string; rows?: number }[]
}

const headers = { 'content-type': 'application/json', prefer: 'wait=25' }
const purpose = { reason: 'system-test', note: 'bench' }

export async function search(server: Server, useCase: string, inputs: Record<string, string>): Promise<Found> {
  const body = JSON.stringify({ application: 'pas', useCase, inputs, purpose })
  const answer = await server.fetch('/api/searches', { method: 'POST', headers, body })
  if (answer.status !== 200) throw new Error(`search: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Found
}

/** A whole lookup: the search and the fragment of its first panel. */
export async function lookup(server: Server, policy: string): Promise<Found> {
  const found = await search(server, 'find-policy', { policy_number: policy })
  const fragment = await server.fetch(`/api/searches/${found.id}/panels/${found.panels[0]?.name}`)
  const html = await fragment.text()
  if (fragment.status !== 200 || !html.includes(policy)) throw new Error(`fragment: ${fragment.status}`)
  return found
}
