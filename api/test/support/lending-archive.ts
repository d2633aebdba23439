import { mkdir, mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Catalog, CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { loadApplication } from '@muniment/archive/model/load'
import { tables, writeLending } from './lending.ts'
import { openWorld } from './world.ts'

/** Rows that are hard on files: formulas, quotes, separators, long digits, edges of dates, markup, control characters. */
const hard = `SELECT * FROM (VALUES
  ('L-000001', '=HYPERLINK("http://x","y")', 'A', 12345678901234567.89, 'EUR', DATE '1899-12-31', TIMESTAMP '2019-06-30 12:34:56.789', 9007199254740993, 0.1, true, '+1 a "quoted", text' || chr(13) || chr(10) || 'next line'),
  ('L-000002', '@SUM(A1)', 'Z', -0.10, 'CHF', DATE '2004-02-29', NULL, -5, 1e300, false, '<script>alert(1)</script> {{ 7*7 }} _x0041_'),
  ('L-000003', 'Łukasz Öz 李', 'X', 1234.50, 'EUR', DATE '1900-02-28', TIMESTAMP '1985-01-01 00:00:00', 1, -2.5, NULL, chr(1) || 'bell' || chr(8232) || 'after'),
  ('L-000004', NULL, 'Q', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('L-000005', '-2+3', NULL, 0.00, 'EUR', DATE '9998-12-31', TIMESTAMP '1850-01-01 00:00:00', 123456789012345, 0, true, repeat('x', 40000))
) AS t(loan_number, holder, state, amount, currency, opened, changed, serial, rate, secured, note)`

const many = (
  count: number,
) => `SELECT 'L-' || lpad(CAST(i AS VARCHAR), 6, '0') AS loan_number, 'Holder ' || i AS holder,
  CASE i % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'Z' ELSE 'X' END AS state, CAST(i * 1.25 AS DECIMAL(20,2)) AS amount, 'EUR' AS currency,
  DATE '2000-01-01' + CAST(i % 5000 AS INTEGER) AS opened, TIMESTAMP '2010-01-01 00:00:00' AS changed, CAST(i AS BIGINT) AS serial,
  0.5::DOUBLE AS rate, i % 2 = 0 AS secured, 'note ' || i AS note FROM range(1, ${count + 1}) AS r(i)`

const casts = tables.loans.columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(', ')

/** The app over DuckDB itself, with the hard rows or with `count` plain ones. */
export async function openLendingArchive(count?: number) {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-api-'))
  const home = join(folder, 'home')
  const templates = join(folder, 'templates')
  await writeLending(templates)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()

  async function write(name: string, select: string) {
    const key = `archive/lending/loans/${name}/part-1.parquet`
    await mkdir(dirname(join(home, key)), { recursive: true })
    await connection.run(`COPY (${select}) TO '${join(home, key)}' (FORMAT parquet)`)
    const size = (await stat(join(home, key))).size
    const columns = Object.values(tables).find((table) => table.name === name)?.columns ?? []
    return {
      name,
      domain: 'loans',
      columns: columns.map((column) => ({ name: column.name, type: column.type, bytes: 100 })),
      partitionBy: [],
      objects: [{ key, etag: '1', size, rows: 1, partition: {}, load: 'load-1' }],
      rows: count ?? 5,
      bytes: size,
    }
  }

  const snapshot: CatalogSnapshot = {
    application: 'lending',
    version: 'v1',
    crawled: '2026-01-01T00:00:00Z',
    tables: [
      await write('loans', `SELECT ${casts} FROM (${count === undefined ? hard : many(count)}) ORDER BY loan_number`),
      await write(
        'payments',
        `SELECT 'L-000001' AS loan_number, DATE '2018-01-01' AS paid_on, CAST(100 AS DECIMAL(12,2)) AS paid`,
      ),
    ],
  }
  connection.closeSync()
  instance.closeSync()
  const catalog: Catalog = {
    read: async (application) => (application === 'lending' ? snapshot : undefined),
    crawl: async () => ({ snapshot, drift: [] }),
  }
  const engine = await createDuckdbEngine({
    home: { path: home, work: join(home, '.work') },
    catalog,
    loadModel: (application) => loadApplication(templates, application),
    limits: { searchWorkers: 1, memory: 512 * 1024 ** 2 },
  })
  const world = await openWorld({ engine, folder, snapshot: () => snapshot })
  return {
    ...world,
    engine,
    async close() {
      await world.settled()
      await engine.close()
      await world.close()
    },
  }
}
