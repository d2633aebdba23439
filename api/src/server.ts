import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { OperatorError } from '@muniment/archive/errors'
import { type Home, openHome, serveControl } from '@muniment/archive/home'
import { localIdentity } from '@muniment/archive/identity/local-identity'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import type { Logger } from 'pino'
import { createApp } from './app.ts'
import type { PurposeReason } from './contract.ts'
import { type AppDeps, defaultLimits, type Limits } from './deps.ts'
import purposes from './purposes.json' with { type: 'json' }
import { markOf } from './shared/process-mark.ts'
import { closeInterrupted } from './upkeep/close-interrupted.ts'
import { sweepResults, sweepUnfinishedExports } from './upkeep/sweep.ts'

const hourMs = 3_600_000
const lastWordsMs = 3_000

export interface ServerOptions {
  /** The data folder, or one that is open already and stays so. */
  home: string | Home
  templatesRoot: string
  webRoot?: string
  /** 0 takes a free one. */
  port: number
  log?: Logger
  limits?: Partial<Limits>
  /** Further hosts this server answers to, with port: where something in front of it keeps the name it was asked by. */
  alsoHosts?: string[]
}

/** The embedded setting, on this machine's loopback address only. Throws OperatorError when it cannot begin. */
export async function startServer(options: ServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const log = options.log ?? createLog('api')
  const began = new Date()
  const home = typeof options.home === 'string' ? await openHome(options.home, { mode: 'owner' }) : options.home
  const { templatesRoot } = options
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const engine = await createDuckdbEngine({
    home,
    catalog,
    loadModel: (application) => loadApplication(templatesRoot, application),
  })
  const hosts = new Set<string>(options.alsoHosts)
  const working = new Set<Promise<unknown>>()
  const limits = { ...defaultLimits, ...options.limits }
  const deps: AppDeps = {
    store: home.store,
    engine,
    catalog,
    templates: createTemplateLibrary(templatesRoot),
    identity: localIdentity(),
    purposes: purposes satisfies PurposeReason[],
    clock: () => new Date(),
    log,
    work: home.work,
    by: markOf({ owner: true }),
    // Addresses of files last minutes: they need not outlive this process.
    secret: randomBytes(32),
    ...(options.webRoot !== undefined && { webRoot: options.webRoot }),
    hosts: () => hosts,
    background: (work) => {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    limits,
  }
  const server = createAdaptorServer({ fetch: createApp(deps).fetch })
  const control = await serveControl(home, (key) => {
    const application = /^catalog\/([a-z0-9_]+)\.json$/.exec(key)?.[1]
    if (application) engine.refresh(application).catch((err: unknown) => log.error({ application, err }, 'refresh'))
  })

  const sweep = () =>
    sweepResults({ ...deps, resultsMs: limits.resultsMs }).catch((err: unknown) => log.error({ err }, 'sweep'))
  const closeLeft = () => closeInterrupted({ ...deps, began }).catch((err: unknown) => log.error({ err }, 'closing'))
  const upkeep = () => {
    void sweep()
    void closeLeft()
  }
  const sweeping = setInterval(upkeep, hourMs)

  async function close(): Promise<void> {
    clearInterval(sweeping)
    server.close()
    if ('closeIdleConnections' in server) server.closeIdleConnections()
    await Promise.race([Promise.all(working), new Promise((resolve) => setTimeout(resolve, lastWordsMs).unref())])
    await engine.close()
    await Promise.all(working)
    if ('closeAllConnections' in server) server.closeAllConnections()
    await control.close()
    if (typeof options.home === 'string') await home.close()
  }

  try {
    await sweepUnfinishedExports(home.work)
    const port = await listen(server, options.port)
    for (const name of ['localhost', '127.0.0.1', '[::1]']) hosts.add(`${name}:${port}`)
    upkeep()
    return { url: `http://localhost:${port}`, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What to tell when a port cannot be listened on, and what to do. */
export function portError(port: number, error: NodeJS.ErrnoException): OperatorError {
  const reason = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.code})`
  const other = port < 65_535 ? port + 1 : 8080
  return new OperatorError(`Port ${port} ${reason}. Choose another one: PORT=${other} npm start`, { cause: error })
}

type HttpServer = ReturnType<typeof createAdaptorServer>

function listen(server: HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portError(port, error)))
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
