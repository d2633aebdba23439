import { closest } from '../did-you-mean.ts'
import type { Column, Table } from './types.ts'

/** Says what is wrong at a place in one file. */
export type Report = (path: readonly PropertyKey[], message: string, hint?: string) => void

export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const meant = closest(word, candidates)
  return meant === undefined ? undefined : `did you mean "${meant}"?`
}

/** Reports each name that occurs again. */
export function checkUnique(
  names: readonly string[],
  what: string,
  at: (index: number) => PropertyKey[],
  report: Report,
) {
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) report(at(index), `${what} "${name}" is declared twice`)
    seen.add(name)
  }
}

export const columnNames = (table: Table) => table.columns.map(({ name }) => name)
const columnOf = (table: Table, name: string): Column | undefined =>
  table.columns.find((column) => column.name === name)

/** The column, or undefined after saying that the table has none of that name. */
export function need(table: Table, name: string, path: PropertyKey[], report: Report): Column | undefined {
  const column = columnOf(table, name)
  if (!column) report(path, `${table.name} has no column "${name}"`, didYouMean(name, columnNames(table)))
  return column
}
