import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rights } from '@muniment/archive/access/port'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { verifierLinesIn } from '@muniment/archive/audit/keys/file-signer'
import type { Catalog, CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import type { Identity } from '@muniment/archive/identity/port'
import { createLog } from '@muniment/archive/log'
import { Sensitivity } from '@muniment/archive/model/types'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { createApp } from '../../src/app.ts'
import { createVerification } from '../../src/audit/verification.ts'
import type { Export, Problem, Search } from '../../src/contract.ts'
import type { AppDeps } from '../../src/deps.ts'
import purposes from '../../src/purposes.json' with { type: 'json' }
import { writeLending } from './lending.ts'

/** Who a request is from is what its header says. */
const identityByHeader: Identity = {
  authenticate: async (request) => {
    const id = request.headers.get('x-person') ?? 'ada'
    return id === 'nobody' ? undefined : { id, name: `Person ${id}`, groups: [] }
  },
}

export function emptySnapshot(version = 'v1'): CatalogSnapshot {
  const table = (name: string, load: string) => ({
    name,
    domain: 'loans',
    columns: [],
    partitionBy: [],
    objects: [
      { key: `archive/lending/loans/${name}/part-1.parquet`, etag: '1', size: 1, rows: 7, partition: {}, load },
    ],
    rows: 7,
    bytes: 1,
  })
  return {
    application: 'lending',
    version,
    crawled: '2026-01-01T00:00:00Z',
    tables: [table('loans', 'load-b'), table('payments', 'load-a')],
  }
}

export interface WorldOptions extends Partial<Omit<AppDeps, 'store'>> {
  engine: QueryEngine
  store?: (store: ObjectStore) => ObjectStore
  /** What the audit log is written to. */
  auditStore?: (store: ObjectStore) => ObjectStore
  snapshot?: () => CatalogSnapshot | undefined
  folder?: string
  /** What everybody may do; everything where nothing is said. */
  rights?: Rights
}

/** Rules that withhold nothing. */
export const everything = AccessRules.parse({
  format: 1,
  title: 'Everything',
  contact: 'Ask the test.',
  // A test made at night is no other than one made by day.
  unusualUse: { manyPersons: false, nightExports: false, ownRecords: false },
  grants: [
    {
      id: 'all',
      groups: ['all'],
      role: 'case-officer',
      applications: ['*'],
      domains: ['*'],
      sensitivities: Sensitivity.options,
      rights: ['see', 'export', 'export-bulk'],
    },
  ],
})

export type World = Awaited<ReturnType<typeof openWorld>>

/** The app over a file store in a folder of its own. */
export async function openWorld({
  engine,
  store,
  auditStore,
  snapshot = () => emptySnapshot(),
  folder,
  rights,
  ...deps
}: WorldOptions) {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'muniment-api-')))
  const home = join(root, 'home')
  const templates = join(root, 'templates')
  await mkdir(home, { recursive: true })
  if (!folder) await writeLending(templates)
  const files = openFileStore(home)
  const catalog: Catalog = {
    read: async (application) => (application === 'lending' ? snapshot() : undefined),
    crawl: async () => {
      throw new Error('nothing is crawled here')
    },
  }
  const lines: string[] = []
  const working = new Set<Promise<unknown>>()
  const began = new Date()
  let set: Date | undefined
  const clock = () => set ?? began
  /** Of the log time goes on, so that entries have an order; unless it was set. */
  const ticking = () => set ?? new Date()
  const secrets = createFileSecrets(join(root, 'secrets'), ticking)
  const audit = createAuditLog({
    store: auditStore?.(files) ?? files,
    secrets,
    clock: ticking,
    process: 'test',
  })
  const lastWords: (() => Promise<void>)[] = []
  const verification = createVerification({
    store: files,
    publicKeys: () => verifierLinesIn(join(root, 'secrets')),
    clock,
    log: createLog('api', { level: 'silent' }),
  })
  const all: AppDeps = {
    store: store?.(files) ?? files,
    engine,
    catalog,
    templates: createTemplateLibrary(templates, { lookEvery: 0 }),
    identity: identityByHeader,
    access: { rightsOf: async () => rights ?? rightsBy(everything, 1, { groups: ['all'] }, clock()) },
    audit,
    auditing: { secrets, streamKey: () => secrets.streamKey(async () => []), verification },
    atEnd: (write) => void lastWords.push(write),
    purposes,
    clock,
    log: createLog('api', { destination: { write: (line) => void lines.push(line) } }),
    work: join(home, '.work'),
    secret: Buffer.from('a secret of thirty-two characters'),
    background: (work) => {
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    ...deps,
  }
  const app = createApp(all)

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    return app.request(path, {
      method,
      headers: { ...json, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  return {
    root,
    home,
    templates,
    app,
    deps: all,
    store: files,
    audit,
    secrets,
    lines,
    ask,
    get: (path: string, headers?: Record<string, string>) => ask('GET', path, undefined, headers),
    async search(useCase: string, inputs: Record<string, string | string[]>, headers: Record<string, string> = {}) {
      const asked = { application: 'lending', useCase, inputs, purpose: { reason: 'system-test', note: 'test' } }
      const response = await ask('POST', '/api/searches', asked, { prefer: 'wait=10', ...headers })
      return (await response.json()) as Search
    },
    /** Until an export has ended. */
    async exported(search: string, body: object, headers: Record<string, string> = {}): Promise<Export> {
      const begun = await ask('POST', `/api/searches/${search}/exports`, body, headers)
      let made = (await begun.json()) as Export
      while (made.state === 'queued' || made.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, 20))
        made = (await (await ask('GET', `/api/exports/${made.id}`, undefined, headers)).json()) as Export
      }
      return made
    },
    setNow: (date: Date) => {
      set = date
    },
    /** What a process writes before it ends. */
    lastWords: () => Promise.all(lastWords.map((write) => write())),
    async settled() {
      while (working.size > 0) await Promise.all(working)
    },
    async close() {
      while (working.size > 0) await Promise.all(working)
      await Promise.all(lastWords.map((write) => write()))
      // A process that ends on its answer may still be writing.
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem
