import type { CatalogSnapshot } from '../catalog/port.ts'
import { tokensOf } from './athena/sql/tokens.ts'
import { objectsRead } from './estimate/partitions.ts'
import { ruledScans } from './estimate/ruled-scans.ts'
import { scansOf } from './estimate/scans.ts'
import { readers, tableBytes } from './estimate/table-bytes.ts'
import type { QueryEngine, Statement } from './port.ts'
import { maskedChoice, type StatementReading } from './reading.ts'
import type { RuledTable } from './restrictions/visible-rows.ts'

export interface Estimate {
  /** What one run reads at most. Work that does not fit into memory, and is read back, is not in it. */
  bytesAtMost: number
  /** The same by table, those included that row rules read. */
  tables: Record<string, number>
}

export interface Estimating {
  /** What the statement reads: published with templates, or as the engine says. */
  reading: Pick<StatementReading, 'used' | 'chosenBy'>
  snapshot: CatalogSnapshot
  /** Tables of the model, by which row rules go. */
  tables: Iterable<RuledTable>
  engine: QueryEngine['name']
}

/** Beside files: a process reads what the system tells of itself. */
const besideFiles = { duckdb: 4096, athena: 0 }

/**
 * An upper bound of the bytes that a statement reads, from the sizes that the catalog has, before anything runs: each table's columns
 * named, as often as it is named, and what row rules read. Which row groups are passed over is not foreseen.
 */
export function estimate(statement: Statement, { reading, snapshot, tables, engine }: Estimating): Estimate {
  const { restrictions } = statement
  // It is not run, and nothing of a record is read.
  if (maskedChoice(reading.chosenBy, restrictions).length > 0) return { bytesAtMost: 0, tables: {} }
  const held = new Map(snapshot.tables.map((table) => [table.name, table]))
  const known = new Map([...tables].filter(({ name }) => held.has(name)).map((table) => [table.name, table]))
  const tokens = tokensOf(statement.sql)
  const scans = scansOf(tokens, Object.keys(reading.used))
  const bytes = new Map<string, number>()
  const add = (name: string, columns: ReadonlySet<string>, times: number, isPlain: boolean) => {
    const table = held.get(name)
    if (!table) return
    const objects = isPlain && times === 1 ? objectsRead(tokens, statement.values, table) : table.objects
    bytes.set(name, (bytes.get(name) ?? 0) + times * tableBytes(table, columns, objects, readers[engine]))
  }
  const hidden = new Set(
    (restrictions?.masks ?? [])
      .filter(({ mask }) => mask === 'hidden')
      .map(({ table, column }) => `${table}.${column}`),
  )
  for (const [name, used] of Object.entries(reading.used)) {
    const times = scans.get(name) ?? 1
    const table = known.get(name)
    const ruled = restrictions && table && ruledScans(table, known, restrictions)
    // A column that is hidden is NULL, and not read; unless rows are hidden by it.
    const columns = new Set([...used.filter((column) => !hidden.has(`${name}.${column}`)), ...(ruled?.columns ?? [])])
    // Where rows may be hidden, a failure is looked at again with nothing but the rules before it: no partition is left out then.
    add(name, columns, times, !ruled)
    for (const scan of ruled?.scans ?? []) add(scan.table, scan.columns, times, false)
  }
  const sum = [...bytes.values()].reduce((all, one) => all + one, 0)
  return { bytesAtMost: Math.ceil(sum) + besideFiles[engine], tables: Object.fromEntries(bytes) }
}
