import type { RecordView } from '@muniment/archive/access/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'

/** Rows of the tables that may be seen. Where row rules hide some, two digits: the difference to what is found says nothing then. */
export function rowsSeen(view: RecordView, { tables }: Pick<CatalogSnapshot, 'tables'>): number {
  const { restrictions } = view
  const rows = tables
    .filter(({ name }) => restrictions.tables.includes(name))
    .reduce((sum, table) => sum + table.rows, 0)
  if (restrictions.rowRules.length === 0 || rows === 0) return rows
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return Math.round(rows / step) * step
}
