import type { RecordView } from '@muniment/archive/access/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'

/** Below this nothing is told apart where row rules are in force. */
const fewest = 100

/** Whether what is counted through this view is told rounded. */
export const isRounded = ({ restrictions }: RecordView): boolean => restrictions.rowRules.length > 0

/**
 * Rows of the tables that may be seen. Where row rules hide some: two digits, rounded up, and 100 at least, since the difference to what is
 * found says nothing then. A table that is just past a step still says so.
 */
export function rowsSeen(view: RecordView, { tables }: Pick<CatalogSnapshot, 'tables'>): number {
  const { restrictions } = view
  const rows = tables
    .filter(({ name }) => restrictions.tables.includes(name))
    .reduce((sum, table) => sum + table.rows, 0)
  if (!isRounded(view) || rows === 0) return rows
  const step = Math.max(fewest, 10 ** (Math.floor(Math.log10(rows)) - 1))
  return Math.ceil(rows / step) * step
}
