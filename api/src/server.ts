import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { OperatorError } from '@muniment/archive/errors'
import { openRegister } from '@muniment/archive/holds/register'
import { type Home, openHome, serveControl } from '@muniment/archive/home'
import { readSignInSettings, type SignInSettings } from '@muniment/archive/identity/settings'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { fileSealSecrets } from '@muniment/archive/seals/secrets'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { createRetention } from '@muniment/retention/retention'
import type { Context } from 'hono'
import type { Logger } from 'pino'
import { createApp } from './app.ts'
import { createVerification } from './audit/verification.ts'
import { type AppDeps, defaultLimits, type Limits } from './deps.ts'
import { openGovernance, type TimeStampSettings } from './governance.ts'
import { readPurposes } from './purposes.ts'
import { type AddressLimit, createAddressLimit } from './shared/address-limit.ts'
import { type ClientAddress, clientAddress } from './shared/client-address.ts'
import { markOf } from './shared/process-mark.ts'
import type { OnSignInEvent } from './sign-in/events.ts'
import { checkMayListen, type OpenSignIn, openSignIn, secretsOf } from './sign-in/open.ts'
import { MOUNT } from './sign-in/provider.ts'
import { signInLog } from './sign-in/sign-in-log.ts'
import { tokenLogged } from './sign-in/token-logged.ts'
import { closeEntries } from './upkeep/close-entries.ts'
import { closeInterrupted } from './upkeep/close-interrupted.ts'
import { noteTemplates } from './upkeep/note-templates.ts'
import { readPrefixSchedules } from './upkeep/prefix-schedules.ts'
import { createRetentionUpkeep } from './upkeep/retention-upkeep.ts'
import { sweepResults, sweepUnfinishedExports } from './upkeep/sweep.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Whoever has just started the server is looked after first. */
const settledMs = 5 * minuteMs
const lastWordsMs = 3_000
/** Seconds: what could be cut off the audit log unseen is no older. */
const sealEvery = 60

export interface ServerOptions {
  /** The data folder, or one that is open already and stays so. */
  home: string | Home
  templatesRoot: string
  webRoot?: string
  /** Folder of drafts of retention schedules, of which the demonstration puts the first in force. */
  schedulesRoot?: string
  /** 0 takes a free one. */
  port: number
  log?: Logger
  limits?: Partial<Limits>
  /** Further hosts this server answers to, with port: where something in front of it keeps the name it was asked by. */
  alsoHosts?: string[]
  /** Where people sign in and which address is listened on; the environment's where nothing is said. */
  signIn?: SignInSettings
  /** Folder elsewhere that keeps each checkpoint of the log. */
  witness?: string
  /** Who stamps checkpoints of the log. */
  timeStamps?: TimeStampSettings
  /** What is to be written down of sign-ins at the embedded provider. */
  onSignIn?: OnSignInEvent
}

/** The embedded setting. It listens beyond loopback only where sign-in is configured. Throws OperatorError when it cannot begin. */
export async function startServer(options: ServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const log = options.log ?? createLog('api')
  const began = new Date()
  const purposes = await readPurposes(typeof options.home === 'string' ? options.home : options.home.path)
  const home = typeof options.home === 'string' ? await openHome(options.home, { mode: 'owner' }) : options.home
  const { templatesRoot, signIn: settings = readSignInSettings(), onSignIn } = options
  let signIn: OpenSignIn | undefined
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot })
  const engine = await createDuckdbEngine({
    home,
    catalog,
    loadModel: (application) => loadApplication(templatesRoot, application),
  })
  const hosts = new Set<string>(options.alsoHosts)
  const working = new Set<Promise<unknown>>()
  const limits = { ...defaultLimits, ...options.limits }
  const clock = () => new Date()
  const governance = await openGovernance({
    home,
    clock,
    process: 'server',
    sealEvery,
    log,
    ...(options.witness !== undefined && { witness: options.witness }),
    ...(options.timeStamps && { timeStamps: options.timeStamps }),
  })
  const verification = createVerification({ ...governance, store: home.store, folder: home.path, clock, log })
  const verifying = verification.begin()
  const lastWords: (() => Promise<void>)[] = []
  const templates = createTemplateLibrary(templatesRoot)
  const retention = createRetention({
    store: home.store,
    engine,
    catalog,
    loadModel: async (application) => (await templates.get(application)).application,
    applications: () => templates.list(),
    audit: governance.audit,
    clock,
    work: join(home.work, 'retention'),
    sealSecrets: fileSealSecrets(home.path),
    keySecrets: fileKeySecrets(home.path),
    signer: () => openFileSigner(join(home.path, 'secrets', 'audit')),
    publicKeys: governance.publicKeys,
  })
  const by = markOf({ owner: true })
  const deps: Omit<AppDeps, 'identity'> & { by: typeof by } = {
    store: home.store,
    access: governance.access,
    auditing: { secrets: governance.secrets, streamKey: governance.streamKey, verification },
    audit: governance.audit,
    engine,
    catalog,
    templates,
    retention,
    purposes: purposes.reasons,
    requestReference: purposes.requests,
    clock,
    log,
    work: home.work,
    by,
    // Addresses of files last minutes: they need not outlive this process.
    secret: randomBytes(32),
    ...(options.webRoot !== undefined && { webRoot: options.webRoot }),
    hosts: () => hosts,
    background: (work) => {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    atEnd: (write) => lastWords.push(write),
    limits,
  }
  // Sign-in has the port in its addresses, so it begins when that is known.
  let listener: RequestListener = (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end()
  // Answers may wait for a search, and files take their time; what is sent to us does not.
  const times = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 10_000 }
  const server = createServer(times, (request, response) => listener(request, response))
  const onChange = (key: string) => {
    const application = /^catalog\/([a-z0-9_]+)\.json$/.exec(key)?.[1]
    if (application) engine.refresh(application).catch((err: unknown) => log.error({ application, err }, 'refresh'))
  }
  const control = await serveControl(home, onChange, async (person) => {
    if (signIn) return tokenLogged(signIn, governance.audit, person)
    throw new OperatorError('The server is still starting. Try again in a moment.')
  })

  const sweep = () =>
    sweepResults({ ...deps, resultsMs: limits.resultsMs }).catch((err: unknown) => log.error({ err }, 'sweep'))
  let lookedAt = began.getTime() - 2 * dayMs
  async function closeLeft(): Promise<void> {
    try {
      const from = new Date(lookedAt)
      // An export may take half an hour.
      lookedAt = Date.now() - 2 * hourMs
      await closeInterrupted({ ...deps, began })
      await closeEntries({ ...deps, from, began })
    } catch (err) {
      log.error({ err }, 'closing')
    }
  }
  let closing = Promise.resolve()
  const upkeep = () => {
    void sweep()
    closing = closing.then(closeLeft)
  }
  const sweeping = setInterval(upkeep, hourMs)
  const note = () => {
    closing = closing
      .then(() => noteTemplates(deps))
      .then(
        () => undefined,
        (err: unknown) => log.error({ err }, 'noting templates'),
      )
  }
  const noting = setInterval(note, minuteMs)
  const dutiful = createRetentionUpkeep({
    ...deps,
    retention,
    prefixes: () => readPrefixSchedules(options.schedulesRoot),
  })
  // Each does once a day what is to be done; a machine that slept is late by an hour at most.
  const beginning = setTimeout(() => void dutiful.tick(), settledMs)
  const dutifully = setInterval(() => void dutiful.tick(), hourMs)

  async function close(): Promise<void> {
    clearInterval(sweeping)
    clearInterval(noting)
    clearTimeout(beginning)
    clearInterval(dutifully)
    const settled = dutiful.stop()
    server.close()
    server.closeIdleConnections()
    await Promise.race([Promise.all(working), new Promise((resolve) => setTimeout(resolve, lastWordsMs).unref())])
    await engine.close()
    await closing
    await settled
    while (working.size > 0) await Promise.all(working)
    await verifying.stop()
    await Promise.all(lastWords.map((write) => write()))
    await governance.close()
    server.closeAllConnections()
    await signIn?.close()
    await control.close()
    if (typeof options.home === 'string') await home.close()
  }

  try {
    await sweepUnfinishedExports(home.work)
    await checkMayListen(settings, secretsOf(home))
    const port = await listen(server, options.port, settings.host)
    for (const name of ['localhost', '127.0.0.1', '[::1]']) hosts.add(`${name}:${port}`)
    const origin = settings.origin ?? `http://localhost:${port}`
    hosts.add(new URL(origin).host)
    const secrets = secretsOf(home)
    // Something on this machine that speaks https for it needs no setting.
    const nearby = origin.startsWith('https:') ? ['127.0.0.1', '::1'] : []
    const addressOf = clientAddress(settings.trustedProxies ?? nearby)
    const onEvent = onSignIn ?? signInLog(governance)
    signIn = await openSignIn({ settings, secrets, origin, log, onEvent, addressOf })
    if ((await signIn.describe()).demonstration)
      await governance.begin(sampleRules, { by: 'sample', reason: 'Rules of the sample people' })
    await openRegister(home.store)
    if (options.schedulesRoot !== undefined && (await signIn.describe()).demonstration)
      await retention.begin(options.schedulesRoot, { by: 'sample', reason: 'Schedules of the sample system' })
    const strangers = createAddressLimit({ clock, most: limits.strangersPerMinute })
    const visitors = { limit: strangers, addressOf: (c: Context) => addressOf((c.env as HttpBindings).incoming) }
    const { identity, describe } = signIn
    listener = listenerOf({ ...deps, origin, identity, signIn: describe, visitors }, signIn, {
      hosts,
      limit: strangers,
      addressOf,
    })
    upkeep()
    note()
    return { url: origin, close }
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

/** The application, and the embedded provider beside it: it is no part of what runs behind a gateway. */
function listenerOf(
  deps: AppDeps,
  { handle, connectTo }: OpenSignIn,
  { hosts, limit, addressOf }: { hosts: ReadonlySet<string>; limit: AddressLimit; addressOf: ClientAddress },
): RequestListener {
  const serve = getRequestListener(createApp({ ...deps, connectTo }).fetch)
  return (request, response) => {
    const isSignIn = request.url === MOUNT || request.url?.startsWith(`${MOUNT}/`)
    // A host that is not ours is refused by the application, in its words.
    if (!handle || !isSignIn || !hosts.has(request.headers.host?.toLowerCase() ?? ''))
      return void serve(request, response)
    const seconds = limit.take(addressOf(request) ?? '')
    if (seconds === undefined) return void handle(request, response)
    const headers = { 'Retry-After': String(seconds), 'Content-Type': 'text/plain; charset=utf-8' }
    response.writeHead(429, headers).end(`Too many requests. Try again in ${seconds} seconds.\n`)
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portError(port, error)))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
