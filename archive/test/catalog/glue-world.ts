import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GlueClient } from '@aws-sdk/client-glue'
import { DuckDBInstance } from '@duckdb/node-api'
import { createGlueCatalog } from '../../src/catalog/glue/glue-catalog.ts'
import { createGlueCrawlers, type GlueCrawlersOptions } from '../../src/catalog/glue/glue-crawlers.ts'
import { createTablesInGlue } from '../../src/catalog/glue/tables-in-glue.ts'
import type { Catalog, CatalogTable } from '../../src/catalog/port.ts'
import { parseApplication } from '../../src/model/load.ts'
import { openOnFake } from '../store/s3-support.ts'
import { tinyApplication, tinyTables } from '../tiny-model.ts'
import { startFakeGlue } from './fake-glue/server.ts'

export const PEOPLE = `SELECT range::BIGINT AS _row, 'P' || range AS person_id, 'Müller' AS name, DATE '1970-01-01' AS born,
  'muller' AS name_folded, '657' AS name_sound FROM range(100)`
export const CONTRACTS = `SELECT range::BIGINT AS _row, range::BIGINT AS contract_id, 'P' || range AS holder, DATE '2001-01-01' AS begins,
  12.5::DECIMAL(12,2) AS premium, 'EUR' AS currency, TIMESTAMP_MS '2001-01-01 12:00:00' AS changed FROM range(50)`

export const patience = { attempts: 6, pauseMs: 1, longestPauseMs: 5 }
const source = (value: object, name: string) => ({ file: `${name}.json`, text: JSON.stringify(value), value })

export const tinyModel = () =>
  parseApplication(
    'tiny',
    source(tinyApplication, 'application'),
    Object.values(tinyTables).map((table) => source(table, table.name)),
  )

export async function parquet(sql: string, file: string) {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`)
  connection.closeSync()
  instance.closeSync()
}

/** A bucket and a Glue on loopback; its crawlers write what ours would, unless told otherwise. */
export async function openGlueWorld({ pageSize = 100, looks = 2, crawlers = {} as Partial<GlueCrawlersOptions> } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'glue-'))
  const bucket = await openOnFake()
  const model = tinyModel()
  const database = (application: string) => `db_${application}`
  const records = 's3://bucket/'
  let crawled: readonly CatalogTable[] = []
  let skipped = (_table: string) => false
  const fake = await startFakeGlue({
    pageSize,
    looks,
    async onCrawl(crawler) {
      const wanted = crawled.filter(({ name }) => crawler === `tiny-${name}` && !skipped(name))
      if (wanted.length > 0) await own.crawl('tiny', wanted)
    },
  })
  const glue = new GlueClient({
    endpoint: fake.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const own = createTablesInGlue({ glue, records, database, patience })
  fake.databases.set('db_tiny', new Map())
  for (const { name } of model.tables) fake.addCrawler(`tiny-${name}`)
  const real = createGlueCrawlers({
    glue,
    name: (application, table) => `${application}-${table}`,
    hasCrawler: async (_application, table) => model.tables.some(({ name }) => name === table),
    lookMs: 1,
    longestLookMs: 5,
    patience,
    ...crawlers,
  })
  const loadModel = async () => model
  const catalog: Catalog = createGlueCatalog({
    glue,
    store: bucket.store,
    records,
    database,
    loadModel,
    patience,
    crawler: {
      crawl(application, tables) {
        crawled = tables
        return real.crawl(application, tables)
      },
    },
  })
  let files = 0
  return {
    ...bucket,
    fake,
    glue,
    own,
    real,
    catalog,
    model,
    /** Crawlers of these tables succeed and do nothing. */
    skip(does: (table: string) => boolean) {
      skipped = does
    },
    tableOf: (name: string) => fake.databases.get('db_tiny')?.get(name),
    async put(key: string, sql: string) {
      const file = join(root, `${files++}.parquet`)
      await parquet(sql, file)
      return bucket.store.createFromFile(key, file)
    },
    /** Commits a load; each part is a table, its SQL and the partition's value where there is one. */
    async load(id: string, parts: { table: string; sql: string; state?: string }[]) {
      const objects: object[] = []
      for (const [index, { table, sql, state }] of parts.entries()) {
        const folder = state === undefined ? '' : `state=${state}/`
        const info = await this.put(`archive/tiny/${table}/${table}/${folder}part-${id}-${index}.parquet`, sql)
        const { key, etag, size } = info
        objects.push({ key, etag, size, rows: 0, table, partition: state === undefined ? {} : { state } })
      }
      const counts = { read: 0, written: 0, refused: 0 }
      const tables = Object.fromEntries(parts.map(({ table }) => [table, counts]))
      await bucket.store.create(
        `loads/tiny/${id}/load.json`,
        JSON.stringify({ load: id, application: 'tiny', tables, objects }),
      )
    },
    async close() {
      glue.destroy()
      await fake.close()
      await bucket.close()
      await rm(root, { recursive: true })
    },
  }
}

export const whole = [
  { table: 'people', sql: PEOPLE },
  { table: 'contracts', sql: CONTRACTS, state: 'A' },
  { table: 'contracts', sql: CONTRACTS, state: 'E' },
]
