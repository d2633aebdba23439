import type { Restrictions } from '../../port.ts'
import { restrictedSelect } from '../../restrictions/restricted-select.ts'
import { asSubquery, type RuledTable } from '../../restrictions/visible-rows.ts'
import { identifier } from '../../sql-text.ts'
import type { KnownApplication } from '../applications.ts'
import { committed, type Naming } from './committed.ts'

export interface Source {
  application: KnownApplication
  database: string
  /** `s3://bucket/`, before each key of the catalog. */
  records: string
  /** Of tables with too many objects to name each. */
  naming: ReadonlyMap<string, Naming>
}

/** A table with all its rows that are committed, in the model's columns and types. */
function wholeTable(table: RuledTable, { application, database, records, naming }: Source, places = false): string {
  const held = application.held.get(table.name)
  const columns = table.columns.map(({ name, type }) => {
    const found = held?.columns.find((candidate) => candidate.name === name)
    const stored = held?.partitionBy.includes(name) ? 'varchar' : found?.type.replace(' ', '')
    const quoted = identifier(name)
    if (stored === type && held?.objects.length) return quoted
    const value = stored === undefined || !held?.objects.length ? 'NULL' : quoted
    return `CAST(${value} AS ${type.toUpperCase()}) AS ${quoted}`
  })
  const filled = held && held.objects.length > 0
  if (places)
    columns.push(
      ...(filled ? placesOf(records) : ['CAST(NULL AS VARCHAR) AS "_object"', 'CAST(NULL AS BIGINT) AS "_row"']),
    )
  if (!filled) return `SELECT ${columns.join(', ')} WHERE false`
  const from = `${identifier(database)}.${identifier(table.name)}`
  return `SELECT ${columns.join(', ')} FROM ${from} WHERE ${committed(held, records, naming.get(table.name) ?? 'named')}`
}

/** The object's key is what follows the bucket in its address. */
const placesOf = (records: string) => [
  `substr("$path", ${[...records].length + 1}) AS "_object"`,
  'CAST("_row" AS BIGINT) AS "_row"',
]

/**
 * What stands for a table under restrictions, as the body of a WITH query. Tables with all their rows are WITH queries within it, where
 * no statement can name them. `careful`: nothing is computed of a row before it is known that it may be seen.
 */
export function tableSelect(
  table: RuledTable,
  source: Source,
  restrictions: Restrictions | undefined,
  careful: boolean,
  places = false,
): { select: string; ruled: boolean } {
  if (!restrictions) return { select: wholeTable(table, source, places), ruled: false }
  const whole = new Map<string, string>()
  const everything = (name: string) => {
    const of = source.application.tables.get(name)
    if (!of) throw new Error(`The table ${name} is not in the archive.`)
    if (!whole.has(name)) whole.set(name, wholeTable(of, source))
    return identifier(`all ${name}`)
  }
  const { sql, ruled } = restrictedSelect(table, restrictions.masks, {
    tables: source.application.tables,
    inForce: new Set(restrictions.rowRules),
    everything,
    keys: asSubquery,
  })
  const queries = [...whole].map(([name, select]) => `${identifier(`all ${name}`)} AS (${select})`)
  // No filter passes a LIMIT, so none is computed for a row that is hidden.
  const barrier = careful && ruled ? ' LIMIT 9223372036854775807' : ''
  return { select: `WITH ${queries.join(', ')} ${sql}${barrier}`, ruled }
}
