import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { loadApplication } from '@muniment/archive/model/load'
import type { Table } from '@muniment/archive/model/types'
import { openDuckdb, text } from './duckdb.ts'
import { watchMemory } from './processes.ts'
import { type Result, result } from './results.ts'
import { muniment, type Setting } from './setting.ts'
import { timed } from './timing.ts'

/** Ingest with reconciliation against nothing but a COPY with the same ORDER BY, row groups and codec. Leaves the archive in place. */
export async function benchIngest(setting: Setting): Promise<Result[]> {
  await rm(setting.home, { recursive: true, force: true })
  const memory = watchMemory(process.pid)
  const ours = await timed(() => muniment(setting, ['ingest', '--application', 'pas', '--from', setting.delivery]))
  const peak = await memory()
  const plain = await timed(() => copyAll(setting))
  return [
    result('ingest with reconciliation against COPY with the same ORDER BY', ours.seconds / plain.seconds, 'x', 2),
    result('ingest: time', ours.seconds, 's'),
    result('ingest: most memory', peak / 1024 ** 2, 'MiB'),
  ]
}

async function copyAll({ delivery, templatesRoot, home }: Setting) {
  const { tables } = await loadApplication(templatesRoot, 'pas')
  const folder = join(home, '.work', 'bench-copy')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const duckdb = await openDuckdb({ temp_directory: folder })
  for (const table of tables) {
    const file = join(delivery, `${table.source.name}.csv`)
    if (existsSync(file)) await duckdb.run(copyOf(table, file, join(folder, `${table.name}.parquet`)))
  }
  await rm(folder, { recursive: true, force: true })
}

/** The source's columns cast and sorted, and that is all: no derived columns, no sums, no second look. */
function copyOf(table: Table, file: string, target: string): string {
  const columns = table.columns.filter(({ source }) => source !== undefined)
  const select = columns.map(({ name, source = '', type, decimalComma }) => {
    const value = decimalComma ? `replace("${source}", ',', '.')` : `"${source}"`
    return `TRY_CAST(${value} AS ${type}) AS ${name}`
  })
  const encoding = table.source.encoding === 'utf-8' ? 'utf-8' : 'latin-1'
  const order = [...new Set([...table.sortBy, ...table.primaryKey])].join(', ')
  return `COPY (SELECT ${select.join(', ')} FROM read_csv(${text(file)}, all_varchar = true, header = true, delim = ${text(table.source.delimiter)},
    quote = '"', escape = '"', encoding = ${text(encoding)}, strict_mode = false) ORDER BY ${order})
    TO ${text(target)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 16384)`
}
