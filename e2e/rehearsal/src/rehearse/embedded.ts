import { join } from 'node:path'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { checkout } from '../install/cache-folder.ts'
import { tool } from '../install/tool.ts'
import { freePorts } from '../run/ports.ts'
import { startProgram } from '../run/program.ts'
import { type Api, apiAt } from './api.ts'

/** The embedded product over the same records: what AWS has to answer alike. */
export interface Embedded {
  readonly api: Api
  /** Of the sample people, by their ids. */
  readonly tokens: ReadonlyMap<string, string>
  stop(): Promise<void>
}

const command = join(checkout, 'bin', 'muniment.mjs')

export async function startEmbedded(home: string, folder: string): Promise<Embedded> {
  const [port] = await freePorts(1)
  const base = `http://127.0.0.1:${port}`
  const env = { MUNIMENT_HOME: home }
  const program = await startProgram({
    name: 'The embedded product',
    command: process.execPath,
    args: [command, 'start', '--port', String(port)],
    cwd: folder,
    env: { ...process.env, ...env },
    log: join(folder, 'embedded.log'),
    ready: async () => (await fetch(`${base}/api/health`)).ok,
    readyWithinMs: 120_000,
  })
  const tokens = new Map<string, string>()
  for (const { id } of samplePeople) tokens.set(id, (await tool(process.execPath, [command, 'token', id], env)).trim())
  return { api: apiAt(base), tokens, stop: program.stop }
}
