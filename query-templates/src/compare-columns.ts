import type { ResultColumn } from '@muniment/archive/engine/port'
import type { CompareColumns } from './port.ts'
import type { Query } from './types.ts'

export interface ColumnDifference {
  /** Of the declared column, where it is about one. */
  index?: number
  message: string
}

const spelt = (type: string) => type.replaceAll(/\s/g, '')

/** What a statement gives against what query.json declares: names in order, and types. */
export function columnDifferences(query: Query, actual: ResultColumn[]): ColumnDifference[] {
  const declared = query.columns.map(({ name }) => name)
  const given = actual.map(({ name }) => name)
  const differences: ColumnDifference[] = []
  for (const name of given)
    if (!declared.includes(name))
      differences.push({ message: `The SQL gives a column \`${name}\` that is not declared.` })
  for (const [index, column] of query.columns.entries()) {
    const match = actual.find(({ name }) => name === column.name)
    if (!match) differences.push({ index, message: `The SQL gives no column \`${column.name}\`.` })
    else if (spelt(match.type) !== spelt(column.type))
      differences.push({
        index,
        message: `\`${column.name}\` is declared as ${column.type}, but the SQL gives ${match.type}.`,
      })
  }
  if (differences.length === 0 && declared.join() !== given.join())
    differences.push({ message: `The SQL gives the columns in another order than declared: ${given.join(', ')}.` })
  return differences
}

export const compareColumns: CompareColumns = (query, actual) =>
  columnDifferences(query, actual).map(({ message }) => ({ file: query.files.json, message }))
