import type { Query } from '@muniment/query-templates/types'
import { ProblemError } from '../errors.ts'
import type { RecordedPanel } from './search-record.ts'

export interface OrderKey {
  column: string
  descending: boolean
}

/**
 * The columns that rows are ordered by, on the screen and in files alike: those asked for, then those of the order in which the panel
 * comes, then all others, so that equal ones have an order too. `-` before a name descends. Throws ProblemError for a name that
 * is no column and no order, and for one that is hidden from whoever asks.
 */
export function orderKeys(panel: RecordedPanel, query: Query | undefined, sort: string): OrderKey[] {
  const own = panel.sorts[0]?.name
  refuseMasked(panel, keysOf(panel, query, sort)[0])
  const keys = [
    ...keysOf(panel, query, sort),
    ...(own === undefined ? [] : keysOf(panel, query, own)),
    ...panel.columns.map(({ name }) => ({ column: name, descending: false })),
  ]
  const first = new Map<string, OrderKey>()
  for (const key of keys) if (!first.has(key.column)) first.set(key.column, key)
  return [...first.values()]
}

function keysOf(panel: RecordedPanel, query: Query | undefined, sort: string): OrderKey[] {
  const descending = sort.startsWith('-')
  const name = descending ? sort.slice(1) : sort
  const declared = query?.sorts.find((candidate) => candidate.name === name)
  return (declared?.by ?? [name]).map((by) => {
    const reversed = declared !== undefined && by.startsWith('-')
    const column = reversed ? by.slice(1) : by
    if (!panel.columns.some((candidate) => candidate.name === column)) throw unknown(panel, name)
    return { column, descending: descending !== reversed }
  })
}

/** Later keys order what is equal, and lose only that; what is partly shown goes by what is shown. */
function refuseMasked({ columns }: RecordedPanel, first: OrderKey | undefined): void {
  const column = columns.find(({ name }) => name === first?.column)
  if (column?.masked !== 'hidden') return
  const message = `Rows cannot be ordered by ${column.label}, which your role does not see.`
  throw new ProblemError('masked', message, { fields: { sort: message } })
}

function unknown({ columns, sorts }: RecordedPanel, name: string): ProblemError {
  const orders = sorts.length > 0 ? `; orders: ${sorts.map((sort) => sort.name).join(', ')}` : ''
  const message = `"${name}" is not among the columns: ${columns.map((column) => column.name).join(', ')}${orders}.`
  return new ProblemError('invalid-input', message, { fields: { sort: message } })
}
