import type { UnloadTarget } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { Export } from '../contract.ts'
import type { RecordedColumn } from '../shared/search-record.ts'

/** A column of a file. */
export interface ExportColumn {
  /** Column of the query. */
  name: string
  heading: string
  /** Athena's type of what is written. */
  type: string
  /** What its numbers count; people's formats have it in the heading. */
  unit?: string
  /** Present where this is the code of the column before it, in words. */
  words?: Record<string, string>
}

/**
 * All columns of a panel, hidden ones too, each code followed by its word. People's formats are headed by labels,
 * machines' formats by names; no heading occurs twice.
 */
export function exportColumns(
  columns: RecordedColumn[],
  application: Application,
  format: Export['format'],
): ExportColumn[] {
  const labelled = format === 'csv' || format === 'xlsx'
  const taken = new Set<string>()
  const unique = (heading: string, name: string): string => {
    let free = heading
    for (let count = 1; taken.has(free.toLowerCase()); count += 1) {
      free = count === 1 ? `${heading} (${name})` : `${heading} (${name} ${count})`
    }
    taken.add(free.toLowerCase())
    return free
  }
  return columns.flatMap(({ name, label, type, codeList, unit }) => {
    const read = unit === undefined ? label : `${label} (${unit})`
    const column: ExportColumn = {
      name,
      heading: unique(labelled ? read : name, name),
      type,
      ...(unit !== undefined && { unit }),
    }
    const list = codeList === undefined ? undefined : application.codeLists[codeList]
    if (!list) return [column]
    const words = Object.fromEntries(list.values.map(({ code, label }) => [code, label]))
    const heading = unique(labelled ? `${label} (in words)` : `${name}_in_words`, name)
    return [column, { name, heading, type: 'varchar', words }]
  })
}

/**
 * What the engine is asked to write. A workbook is made from JSON in which every value is canonical text, as far digits as the
 * archive has them: an empty list of words makes text of any value. Its headings are numbers, since rows are read by position.
 */
export function unloadColumns(columns: ExportColumn[], format: Export['format']): UnloadTarget['columns'] {
  return columns.map(({ name, heading, type, words }, index) => {
    if (format !== 'xlsx') return { name, heading, ...(words && { words }) }
    const text = words ?? (type === 'timestamp' ? undefined : {})
    return { name, heading: `c${index}`, ...(text && { words: text }) }
  })
}
