import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Catalog, CatalogSnapshot, CatalogTable } from '../src/catalog/port.ts'
import { createDuckdbEngine } from '../src/engine/duckdb-engine.ts'
import type { EngineLimits } from '../src/engine/limits.ts'
import type {
  BoundValue,
  Execution,
  QueryEngine,
  Restrictions,
  Row,
  StartOptions,
  Statement,
} from '../src/engine/port.ts'
import type { Application } from '../src/model/types.ts'

export interface TableDefinition {
  domain: string
  columns: Record<string, string>
  /** What the model says beside the type, by column. */
  access?: Record<string, Pick<Application['tables'][number]['columns'][number], 'partly' | 'rowRule'>>
  persons?: Application['tables'][number]['persons']
  partitionBy?: string[]
  /** One SELECT an object; for a partitioned table with its values. */
  objects: { select: string; partition?: Record<string, string> }[]
}

/** An archive of a few rows made by DuckDB, and a catalog that names its objects by hand. */
export async function makeArchive(applications: Record<string, Record<string, TableDefinition>>, rowGroup = 2048) {
  const home = await mkdtemp(path.join(os.tmpdir(), 'muniment-engine-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const snapshots = new Map<string, CatalogSnapshot>()
  const models = new Map<string, Application>()
  let version = 0

  async function write(application: string, name: string, table: TableDefinition): Promise<CatalogTable> {
    const objects = []
    for (const [index, object] of table.objects.entries()) {
      const partition = Object.entries(object.partition ?? {}).map(([column, value]) => `${column}=${value}/`)
      const key = `archive/${application}/${table.domain}/${name}/${partition.join('')}part-${++version}-${index}.parquet`
      const file = path.join(home, key)
      await mkdir(path.dirname(file), { recursive: true })
      await connection.run(`COPY (${object.select}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroup})`)
      const size = (await stat(file)).size
      objects.push({ key, etag: String(version), size, rows: 0, partition: object.partition ?? {}, load: 'load-1' })
    }
    return {
      name,
      domain: table.domain,
      columns: Object.entries(table.columns).map(([column, type]) => ({ name: column, type, bytes: 100 })),
      partitionBy: table.partitionBy ?? [],
      objects,
      rows: 0,
      bytes: objects.reduce((sum, object) => sum + object.size, 0),
    }
  }

  async function put(application: string, tables: Record<string, TableDefinition>) {
    const written = await Promise.all(Object.entries(tables).map(([name, table]) => write(application, name, table)))
    snapshots.set(application, {
      application,
      version: `version-${++version}`,
      crawled: new Date().toISOString(),
      tables: written,
    })
    models.set(application, {
      name: application,
      title: application,
      description: application,
      timeZone: 'Europe/Vienna',
      legalEntities: [],
      domains: [{ name: 'all', title: 'All', description: 'All' }],
      codeLists: {},
      rowRules: Object.fromEntries(
        Object.values(tables).flatMap(({ access = {} }) =>
          Object.values(access).flatMap(({ rowRule }) =>
            rowRule ? [[rowRule.name, { title: rowRule.name, description: rowRule.name }]] : [],
          ),
        ),
      ),
      tables: Object.entries(tables).map(([name, table]) => ({
        name,
        domain: table.domain,
        title: name,
        description: name,
        source: { name: name.toUpperCase(), delimiter: ',', encoding: 'utf-8' as const },
        primaryKey: [Object.keys(table.columns)[0] ?? 'id'],
        foreignKeys: [],
        reference: false,
        sortBy: [Object.keys(table.columns)[0] ?? 'id'],
        partitionBy: table.partitionBy ?? [],
        persons: table.persons ?? [],
        columns: Object.entries(table.columns).map(([column, type]) => ({
          name: column,
          type,
          label: column,
          description: column,
          sensitivity: [],
          required: false,
          nulls: [],
          decimalComma: false,
          ...table.access?.[column],
        })),
        accept: [],
        totals: [],
      })),
    })
  }

  for (const [application, tables] of Object.entries(applications)) await put(application, tables)

  const catalog: Catalog = {
    read: async (application) => snapshots.get(application),
    crawl: async (application) => {
      const snapshot = snapshots.get(application)
      if (!snapshot) throw new Error(`no ${application}`)
      return { snapshot, drift: [] }
    },
  }
  const model = (application: string): Application => {
    const found = models.get(application)
    if (!found) throw new Error(`no ${application}`)
    return found
  }
  return {
    home,
    put,
    catalog,
    model,
    remove: (key: string) => rm(path.join(home, key)),
    engine: (limits: Partial<EngineLimits> = {}) =>
      createDuckdbEngine({
        home: { path: home, work: path.join(home, '.work') },
        catalog,
        loadModel: async (application) => model(application),
        limits: { searchWorkers: 1, memory: 512 * 1024 ** 2, ...limits },
      }),
    close: async () => {
      connection.closeSync()
      instance.closeSync()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export type TestArchive = Awaited<ReturnType<typeof makeArchive>>

let tokens = 0
export const startOptions = (options: Partial<StartOptions> = {}): StartOptions => ({
  token: `token-${String(++tokens).padStart(40, '0')}`,
  lane: 'search',
  person: 'anna',
  timeLimit: 20_000,
  rowLimit: 10_000,
  ...options,
})

export const statement = (sql: string, values: BoundValue[] = [], application = 'pas'): Statement => ({
  application,
  sql,
  values,
})

export const text = (value: string | null): BoundValue => ({ type: 'varchar', value })

export async function run(
  engine: QueryEngine,
  sql: string,
  values: BoundValue[] = [],
  options: Partial<StartOptions> & { application?: string; restrictions?: Restrictions } = {},
): Promise<{ execution: Execution; rows: Row[] }> {
  const { application, restrictions, ...rest } = options
  const id = await engine.start(
    { ...statement(sql, values, application), ...(restrictions ? { restrictions } : {}) },
    startOptions(rest),
  )
  const execution = await engine.wait(id, 60_000)
  const rows: Row[] = []
  if (execution.state === 'SUCCEEDED') for await (const batch of engine.rows(id)) rows.push(...batch)
  return { execution, rows }
}

/** Rows of a query that must succeed. */
export async function rowsOf(engine: QueryEngine, sql: string, values: BoundValue[] = []): Promise<Row[]> {
  const { execution, rows } = await run(engine, sql, values)
  if (execution.state !== 'SUCCEEDED') throw new Error(`${execution.state}: ${execution.error?.message}`)
  return rows
}

export const policies: TableDefinition = {
  domain: 'policies',
  columns: {
    policy_number: 'varchar',
    holder: 'bigint',
    begins: 'date',
    premium: 'decimal(12,2)',
    changed: 'timestamp',
    active: 'boolean',
    rate: 'double',
    units: 'integer',
    note: 'varchar',
  },
  objects: [
    {
      select: `SELECT printf('P%06d', i) AS policy_number, CAST(i % 100 AS BIGINT) AS holder, DATE '2000-01-01' + CAST(i AS INTEGER) AS begins,
        CAST(i * 1.25 AS DECIMAL(12,2)) AS premium, CAST(TIMESTAMP '2001-02-03 04:05:06.789' + to_minutes(i) AS TIMESTAMP_MS) AS changed,
        i % 2 = 0 AS active, i / 8 AS rate, CAST(i % 7 AS INTEGER) AS units, CASE WHEN i % 5 = 0 THEN NULL ELSE 'Größe ' || i END AS note
        FROM range(10000) t(i) ORDER BY 1`,
    },
  ],
}
