/** The product from outside: what a browser asks for when a person searches. */
import { type Setting, serve } from './setting.ts'

export interface Server {
  url: string
  pid: number
  stop(): Promise<void>
}

export async function startServer(setting: Setting): Promise<Server> {
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
  return {
    url,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

interface Found {
  id: string
  state: string
  bytesScanned: number
  panels: { name: string; rows?: number }[]
}

const headers = { 'content-type': 'application/json', prefer: 'wait=25' }
const purpose = { reason: 'system-test', note: 'bench' }

export async function search(url: string, useCase: string, inputs: Record<string, string>): Promise<Found> {
  const body = JSON.stringify({ application: 'pas', useCase, inputs, purpose })
  const answer = await fetch(`${url}/api/searches`, { method: 'POST', headers, body })
  if (answer.status !== 200) throw new Error(`search: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Found
}

/** A whole lookup: the search and the fragment of its first panel. */
export async function lookup(url: string, policy: string): Promise<Found> {
  const found = await search(url, 'find-policy', { policy_number: policy })
  const fragment = await fetch(`${url}/api/searches/${found.id}/panels/${found.panels[0]?.name}`)
  const html = await fragment.text()
  if (fragment.status !== 200 || !html.includes(policy)) throw new Error(`fragment: ${fragment.status}`)
  return found
}
