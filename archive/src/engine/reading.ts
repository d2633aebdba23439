import type { ColumnType } from '../model/types.ts'
import type { Restrictions, ResultColumn } from './port.ts'

/**
 * What a statement reads and makes of it, whoever asks and whatever is masked: worked out by the translator (`readStatement`), and kept with
 * published templates, so that an engine without a parser of its own can tell what masks do to an answer. Columns are `table.column`.
 */
export interface StatementReading {
  /** Of the result, in order: what each is made of, and `from` where it is nothing but one column of a table. `type` in Athena, where it is known. */
  columns: { name: string; type?: ColumnType; of: string[]; from?: string }[]
  /** What decides which rows or groups there are, in any part of the statement. */
  chosenBy: string[]
  /** Columns named, by table. */
  used: Record<string, string[]>
}

/** What of a column of the result is masked; `hidden` where any part of it is hidden. */
export function marksOf(
  column: { of: Iterable<string>; from?: string | undefined },
  restrictions: Restrictions | undefined,
): Pick<ResultColumn, 'masked' | 'from'> {
  const of = new Set(column.of)
  const masks = (restrictions?.masks ?? []).filter(({ table, column }) => of.has(`${table}.${column}`))
  const masked = masks.some(({ mask }) => mask === 'hidden') ? 'hidden' : masks.length > 0 ? 'partial' : undefined
  return { ...(masked ? { masked } : {}), ...(column.from === undefined ? {} : { from: column.from }) }
}

/** Masked columns that a statement chooses its rows by, in order: one that has any is not run. */
export function maskedChoice(chosenBy: Iterable<string>, restrictions: Restrictions | undefined): string[] {
  const chosen = new Set(chosenBy)
  const columns = (restrictions?.masks ?? []).map(({ table, column }) => `${table}.${column}`)
  return [...new Set(columns.filter((column) => chosen.has(column)))].sort()
}

export const maskedChoiceMessage = (columns: readonly string[]): string =>
  `The query chooses its rows by ${columns.join(', ')}, which is masked: what it gave would be wrong.`

/** Of a statement that comes out of several parts, each with a reading: never less than any of them. */
export function mergeReadings(first: StatementReading, ...others: StatementReading[]): StatementReading {
  const all = [first, ...others]
  const union = (lists: string[][]) => [...new Set(lists.flat())].sort()
  const tables = union(all.map(({ used }) => Object.keys(used)))
  return {
    columns: first.columns.map(({ name, type, from }, index) => ({
      name,
      ...(type !== undefined && { type }),
      of: union(all.map(({ columns }) => columns[index]?.of ?? [])),
      ...(from !== undefined && all.every(({ columns }) => columns[index]?.from === from) && { from }),
    })),
    chosenBy: union(all.map(({ chosenBy }) => chosenBy)),
    used: Object.fromEntries(tables.map((table) => [table, union(all.map(({ used }) => used[table] ?? []))])),
  }
}
