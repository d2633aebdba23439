import type { ModelDescription } from '@muniment/api/contract'
import { wordsOf } from '../../lib/fold.ts'

type Table = ModelDescription['tables'][number]
type Column = Table['columns'][number]

const has = (words: readonly string[], texts: Array<string | undefined>): boolean => {
  const found = texts.flatMap((text) => wordsOf(text ?? ''))
  return words.every((word) => found.some((one) => one.startsWith(word)))
}

export const fitsColumn = (column: Column, words: readonly string[]): boolean =>
  words.length === 0 || has(words, [column.name.replaceAll('_', ' '), column.label, column.description, column.source])

const fitsTable = (table: Table, words: readonly string[]): boolean =>
  has(words, [table.name.replaceAll('_', ' '), table.title, table.description, table.source])

/** Names of the tables that all words fit, in what they are or in one of their columns. */
export function findTables(model: ModelDescription, words: readonly string[]): string[] {
  return model.tables
    .filter((table) => fitsTable(table, words) || table.columns.some((column) => fitsColumn(column, words)))
    .map((table) => table.name)
}
