import type { ColumnType } from '../../../model/types.ts'
import type { ResultColumn, UnloadTarget } from '../../port.ts'
import { Refused } from '../../worker/failures.ts'
import { castText } from './embedded-texts.ts'

/** A column of a file. */
export interface WrittenColumn {
  heading: string
  /** Of what is written. */
  type: ColumnType
  /** Place in the row. */
  place: number
  /** From a value of the result to what is written, both canonical text. */
  value: (text: string) => string
}

export function writtenColumns(
  columns: UnloadTarget['columns'],
  found: readonly ResultColumn[],
): { written: WrittenColumn[]; made: ResultColumn[] } {
  const made = columns.map(({ name }) => columnOf(found, name).column)
  const written = columns.map(({ name, heading, words }, index): WrittenColumn => {
    const { place, column } = columnOf(found, name)
    const { type } = column
    return {
      heading: heading === '' ? `column ${index + 1}` : heading,
      type: words ? 'varchar' : type,
      place,
      value: words ? inWords(type, words) : (text) => text,
    }
  })
  return { written, made }
}

function inWords(type: ColumnType, words: Record<string, string>): (text: string) => string {
  const known = new Map(Object.entries(words))
  return (text) => {
    const code = castText(type, text)
    return known.get(code) ?? code
  }
}

/** Throws Refused where the query gives no such column. */
export function columnOf(columns: readonly ResultColumn[], name: string): { place: number; column: ResultColumn } {
  const place = columns.findIndex((candidate) => candidate.name === name)
  const column = columns[place]
  if (!column) throw new Refused(`The query gives no column "${name}".`)
  return { place, column }
}
