import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openFileStore } from '@muniment/archive/store/file-store'
import { type IngestOptions, ingest, type LoadOutcome } from '../src/ingest.ts'
import type { LoadRecord } from '../src/load/ledger.ts'

type Json = Record<string, unknown>

/** A column with what every column needs; `type` varchar unless said. */
export function column(name: string, more: Json = {}): Json {
  const source = 'derived' in more ? {} : { source: name.toUpperCase() }
  return { name, type: 'varchar', label: name, description: `What ${name} says.`, ...source, ...more }
}

export function table(name: string, columns: Json[], more: Json = {}): Json {
  const key = String(columns[0]?.name)
  return {
    name,
    domain: 'things',
    title: name,
    description: `All ${name}.`,
    source: { name: name.toUpperCase() },
    primaryKey: [key],
    sortBy: [key],
    columns,
    ...more,
  }
}

export interface World {
  root: string
  from: string
  home: IngestOptions['home']
  model(tables: Json[], more?: Json): Promise<void>
  deliver(files: Record<string, string | Buffer>): Promise<void>
  /** Writes a manifest that says what is there; `change` may make it lie. */
  manifest(
    files: { name: string; table: string; rows: number; totals?: Record<string, string> }[],
    change?: (value: Json) => void,
  ): Promise<void>
  ingest(more?: Partial<IngestOptions>): Promise<LoadOutcome>
  /** Everything below the data folder but `.work`, as keys. */
  keys(prefix?: string): Promise<string[]>
  text(key: string): Promise<string>
  record(outcome: LoadOutcome): Promise<LoadRecord>
  /** Rows of an archived table in order of its files, values as text. */
  rows(outcome: LoadOutcome, table: string): Promise<Record<string, string | null>[]>
  remove(): Promise<void>
}

export async function query(sql: string): Promise<Record<string, string | null>[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(sql)
    return reader
      .getRowObjects()
      .map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? null : String(value)])),
      )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A model, a delivery and a data folder in a temporary place. */
export async function createWorld(): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'muniment-ingest-'))
  const from = join(root, 'delivery')
  const path = join(root, 'home')
  const templatesRoot = join(root, 'templates')
  const work = join(path, '.work')
  for (const folder of [from, work, join(templatesRoot, 'app', 'tables')]) await mkdir(folder, { recursive: true })
  const store = openFileStore(path)
  const world: World = {
    root,
    from,
    home: { path, work, store },
    async model(tables, more = {}) {
      const domains = [{ name: 'things', title: 'Things', description: 'All of it.' }]
      const head = { name: 'app', title: 'App', description: 'A system.', timeZone: 'UTC', domains, ...more }
      await writeFile(join(templatesRoot, 'app', 'application.json'), JSON.stringify(head))
      const folder = join(templatesRoot, 'app', 'tables')
      await rm(folder, { recursive: true })
      await mkdir(folder)
      for (const one of tables) await writeFile(join(folder, `${one.name}.json`), JSON.stringify(one))
    },
    async deliver(files) {
      await rm(from, { recursive: true })
      await mkdir(from)
      for (const [name, body] of Object.entries(files)) await writeFile(join(from, name), body)
    },
    async manifest(files, change = () => {}) {
      const described = []
      for (const file of files) {
        const body = await readFile(join(from, file.name))
        const sha256 = createHash('sha256').update(body).digest('hex')
        described.push({ totals: {}, ...file, sha256, bytes: body.length })
      }
      const value: Json = {
        application: 'app',
        extractedBy: 'A. Clerk',
        extractedAt: '2024-01-02T03:04:05Z',
        system: 'OLD',
        files: described,
      }
      change(value)
      await writeFile(join(from, 'manifest.json'), JSON.stringify(value))
    },
    ingest: (more = {}) =>
      ingest({ home: world.home, application: 'app', templatesRoot, from, acceptWithoutManifest: true, ...more }),
    async keys(prefix = '') {
      const keys = []
      for await (const { key } of store.list(prefix)) keys.push(key)
      return keys
    },
    async text(key) {
      const object = await store.get(key)
      if (!object) throw new Error(`There is no ${key}.`)
      return object.body.toString('utf8')
    },
    async record(outcome) {
      return JSON.parse(await world.text(`loads/app/${outcome.load}/load.json`)) as LoadRecord
    },
    async rows(outcome, name) {
      const { objects } = await world.record(outcome)
      const paths = objects.filter((object) => object.table === name).map(({ key }) => `'${join(path, key)}'`)
      return query(`SELECT * FROM read_parquet([${paths.join(', ')}], hive_partitioning = true) ORDER BY _row`)
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
  return world
}

/** Where each deviation of a load is, and of which kind. */
export const places = ({ deviations }: LoadOutcome) =>
  deviations.map(({ kind, file, line, column: name }) => [kind, file, line, name])

/** Of a rule that accepts a deviation. */
export const justification = 'The clerks are known to have done so.'
