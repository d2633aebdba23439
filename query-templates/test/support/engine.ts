import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Catalog, CatalogSnapshot } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { loadApplication } from '@muniment/archive/model/load'

export interface Archive {
  engine: QueryEngine
  snapshot: CatalogSnapshot
  close(): Promise<void>
}

const COLUMNS = [
  ['loan_number', 'varchar'],
  ['reader', 'varchar'],
  ['reader_folded', 'varchar'],
  ['state', 'varchar'],
  ['lent_on', 'date'],
  ['copies', 'integer'],
  ['fee', 'decimal(12,2)'],
  ['fee_currency', 'varchar'],
] as const

/** The library's loans in a real archive folder behind the real engine. */
export async function openArchive(templatesRoot: string): Promise<Archive> {
  const home = mkdtempSync(join(tmpdir(), 'muniment-language-'))
  const key = 'archive/library/loans/loans/part-00000001-00001.parquet'
  mkdirSync(dirname(join(home, key)), { recursive: true })
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM (VALUES
    ('L1', 'Ann Müller', 'ann muller', 'O', DATE '2024-07-05', 1::INTEGER, 12.50::DECIMAL(12,2), 'EUR', 0::BIGINT),
    ('L2', 'Bob O''Brien', 'bob obrien', 'B', DATE '2024-07-06', 2::INTEGER, 0.00::DECIMAL(12,2), 'EUR', 1::BIGINT),
    ('L3', '{{ 7 * 7 }}', '7 7', 'B', DATE '2024-07-06', 3::INTEGER, NULL::DECIMAL(12,2), NULL, 2::BIGINT)
  ) AS rows(${COLUMNS.map(([name]) => name).join(', ')}, _row)) TO '${join(home, key)}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  const size = statSync(join(home, key)).size
  const snapshot: CatalogSnapshot = {
    application: 'library',
    version: '1',
    crawled: '2026-01-01T00:00:00.000Z',
    tables: [
      {
        name: 'loans',
        domain: 'loans',
        columns: [
          ...COLUMNS.map(([name, type]) => ({ name, type, bytes: 100 })),
          { name: '_row', type: 'bigint', bytes: 10 },
        ],
        partitionBy: [],
        objects: [{ key, etag: 'x', size, rows: 3, partition: {}, load: '00000001' }],
        rows: 3,
        bytes: size,
      },
    ],
  }
  const catalog: Catalog = {
    read: async () => snapshot,
    crawl: async () => ({ snapshot, drift: [] }),
  }
  const engine = await createDuckdbEngine({
    home: { path: home, work: join(home, '.work') },
    catalog,
    loadModel: (name) => loadApplication(templatesRoot, name),
    limits: { searchWorkers: 1, exportWorkers: 1 },
  })
  return {
    engine,
    snapshot,
    async close() {
      await engine.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
