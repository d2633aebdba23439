import { createReadStream, existsSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { loadApplication } from '@muniment/archive/model/load'
import { openDuckdb, text, viewArchive } from './duckdb.ts'
import { postgresBytes } from './postgres.ts'
import { type Result, result } from './results.ts'
import type { Setting } from './setting.ts'

/** Tables that make up most of an archive and that lookups read; all of them would say the same and take far longer. */
const measured = ['policies', 'policy_versions', 'parties', 'claims', 'invoices', 'receipts']

/** Bytes of the archive against other ways to keep the same rows. */
export async function benchStorage(setting: Setting, snapshot: CatalogSnapshot): Promise<Result[]> {
  const duckdb = await openDuckdb()
  await viewArchive(duckdb, setting.home, snapshot)
  const tables = snapshot.tables.filter(({ name }) => measured.includes(name))
  const bytes = (parts: typeof tables) =>
    parts.flatMap(({ objects }) => objects).reduce((sum, { size }) => sum + size, 0)
  const ours = bytes(tables)
  const folder = join(setting.home, '.work', 'bench-storage')
  await mkdir(folder, { recursive: true })
  try {
    let snappy = 0
    for (const { name } of tables) {
      const file = join(folder, `${name}.parquet`)
      await duckdb.run(
        `COPY (SELECT * EXCLUDE (_row) FROM ${name} ORDER BY hash(_row)) TO ${text(file)} (FORMAT parquet, CODEC snappy)`,
      )
      snappy += (await stat(file)).size
      await rm(file)
    }
    const postgres = await postgresBytes(setting, duckdb, tables, folder)
    return [
      result('storage: archive, of the six largest kinds of table', ours / 1024 ** 2, 'MiB'),
      result('storage: archive, all tables', bytes(snapshot.tables) / 1024 ** 2, 'MiB'),
      result('storage: gzipped CSV to archive', (await gzippedCsv(setting)) / ours, 'x'),
      result('storage: snappy Parquet unsorted to archive', snappy / ours, 'x'),
      ...(postgres === undefined
        ? []
        : [result('storage: PostgreSQL with the indexes such lookups need to archive', postgres / ours, 'x')]),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function gzippedCsv({ delivery, templatesRoot }: Setting): Promise<number> {
  const { tables } = await loadApplication(templatesRoot, 'pas')
  const files = tables
    .filter(({ name }) => measured.includes(name))
    .map(({ source }) => join(delivery, `${source.name}.csv`))
    .filter((file) => existsSync(file))
  const sizes = await Promise.all(
    files.map(async (file) => {
      let size = 0
      await pipeline(createReadStream(file), createGzip(), async (chunks) => {
        for await (const chunk of chunks) size += (chunk as Buffer).length
      })
      return size
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
