import { join } from 'node:path'
import { checkout } from '../install/cache-folder.ts'
import { tool } from '../install/tool.ts'
import { freePorts } from '../run/ports.ts'
import { startProgram } from '../run/program.ts'
import { type Api, apiAt } from './api.ts'
import { type FreshTokens, freshTokens } from './fresh-tokens.ts'

/** The embedded product over the same records: what AWS has to answer alike. */
export interface Embedded {
  readonly api: Api
  readonly token: FreshTokens
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
  const token = freshTokens(async (id) => (await tool(process.execPath, [command, 'token', id], env)).trim())
  return { api: apiAt(base), token, stop: program.stop }
}
