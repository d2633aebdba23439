import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { loadApplication } from '@muniment/archive/model/load'
import type { Table } from '@muniment/archive/model/types'
import { openDuckdb, text } from './duckdb.ts'
import { processorOfChildren, watchMemory } from './processes.ts'
import { type Result, result } from './results.ts'
import { muniment, type Setting } from './setting.ts'
import { timed } from './timing.ts'

/** Ingest with reconciliation against nothing but a COPY with the same ORDER BY, row groups and codec. Leaves the archive in place. */
export async function benchIngest(setting: Setting): Promise<Result[]> {
  await rm(setting.home, { recursive: true, force: true })
  const memory = watchMemory(process.pid)
  const before = await processorOfChildren()
  const ours = await timed(() => muniment(setting, ['ingest', '--application', 'pas', '--from', setting.delivery]))
  const processor = (await processorOfChildren()) - before
  const peak = await memory()
  const plain = await copyAll(setting)
  return [
    result('ingest with reconciliation against COPY with the same ORDER BY', ours.seconds / plain.wall, 'x', 2),
    // Others at work on the machine make times of the clock incomparable; these less so. Linux only.
    ...(processor > 0
      ? [
          result(
            'ingest with reconciliation and seals against that COPY: processor time',
            processor / plain.cpu,
            'x',
            3,
          ),
        ]
      : []),
    result('ingest: time', ours.seconds, 's'),
    result('ingest: most memory', peak / 1024 ** 2, 'MiB'),
  ]
}

function processorOfThis(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return (userCPUTime + systemCPUTime) / 1e6
}

/** Seconds, of the clock and of all threads. DuckDB reads no Windows-1252, so what is not UTF-8 is decoded for it before its time begins. */
async function copyAll({ delivery, templatesRoot, home }: Setting): Promise<{ wall: number; cpu: number }> {
  const { tables } = await loadApplication(templatesRoot, 'pas')
  const folder = join(home, '.work', 'bench-copy')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const duckdb = await openDuckdb({ temp_directory: folder })
  const spent = { wall: 0, cpu: 0 }
  for (const table of tables) {
    const source = join(delivery, `${table.source.name}.csv`)
    if (!existsSync(source)) continue
    const file = table.source.encoding === 'utf-8' ? source : await decoded(source, join(folder, `${table.name}.csv`))
    const begun = processorOfThis()
    spent.wall += (await timed(() => duckdb.run(copyOf(table, file, join(folder, `${table.name}.parquet`))))).seconds
    spent.cpu += processorOfThis() - begun
  }
  await rm(folder, { recursive: true, force: true })
  return spent
}

async function decoded(source: string, target: string): Promise<string> {
  const decoder = new TextDecoder('windows-1252')
  const decode = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  }
  await pipeline(createReadStream(source), decode, createWriteStream(target))
  return target
}

/** The source's columns cast and sorted, and that is all: no derived columns, no sums, no second look. */
function copyOf(table: Table, file: string, target: string): string {
  const columns = table.columns.filter(({ source }) => source !== undefined)
  const select = columns.map(({ name, source = '', type, decimalComma }) => {
    const value = decimalComma ? `replace("${source}", ',', '.')` : `"${source}"`
    return `TRY_CAST(${value} AS ${type}) AS ${name}`
  })
  // A derived column is not there to sort by; what it derives from sorts about as dear.
  const given = (name: string) => table.columns.find((column) => column.name === name)?.derived?.from ?? [name]
  const order = [...new Set([...table.sortBy, ...table.primaryKey].flatMap(given))].join(', ')
  return `COPY (SELECT ${select.join(', ')} FROM read_csv(${text(file)}, all_varchar = true, header = true, delim = ${text(table.source.delimiter)}, quote = '"', escape = '"') ORDER BY ${order})
    TO ${text(target)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 16384)`
}
