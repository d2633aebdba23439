import { groupDigits } from '@muniment/query-templates/format/numbers'
import { formatOf } from '@muniment/query-templates/format/presenter'
import type { Templates } from '@muniment/query-templates/port'
import type { OutputColumn } from '@muniment/query-templates/types'

export type Row = Record<string, string | null>

/** A panel's rows as a person reads them at a terminal: the columns that it shows, by their labels, codes in words. */
export function readableRows(templates: Templates, useCase: string, panelName: string, rows: Row[]): Row[] {
  const panel = templates.useCases.get(useCase)?.panels.find(({ name }) => name === panelName)
  const query = panel && templates.queries.get(panel.query)
  if (!query) return rows
  const shown = panel.columns
    ? panel.columns.flatMap((name) => query.columns.filter((column) => column.name === name))
    : query.columns.filter(({ hidden }) => !hidden)
  const labels = shown.map(({ label }) => label)
  const heads = shown.map(({ name, label }) => (labels.indexOf(label) === labels.lastIndexOf(label) ? label : name))
  return rows.map((row) =>
    Object.fromEntries(shown.map((column, index) => [heads[index] ?? column.name, wordsOf(templates, column, row)])),
  )
}

function wordsOf({ application }: Templates, column: OutputColumn, row: Row): string | null {
  const value = row[column.name] ?? null
  if (value === null) return null
  switch (formatOf(column)) {
    case 'code': {
      const list = column.codeList === undefined ? undefined : application.codeLists[column.codeList]
      return list?.values.find(({ code }) => code === value)?.label ?? value
    }
    case 'money': {
      const currency = column.currency === undefined ? undefined : row[column.currency]
      return `${groupDigits(value)}${currency ? ` ${currency}` : ''}`
    }
    case 'number':
      return `${groupDigits(value)}${column.unit === undefined ? '' : ` ${column.unit}`}`
    case 'percent':
      return `${groupDigits(value)}%`
    case 'boolean':
      return value === 'true' ? 'yes' : value === 'false' ? 'no' : value
    default:
      return value
  }
}
