import type { Row } from '@muniment/archive/engine/port'
import type { PanelData, Templates } from '@muniment/query-templates/port'
import type { OutputColumn, Query } from '@muniment/query-templates/types'
import { ProblemError } from '../errors.ts'
import { orderKeys } from '../shared/order-keys.ts'
import type { PanelResult } from '../shared/results.ts'
import type { RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import { orderRows, type SortKey } from './order.ts'

export interface PageAsked {
  page: number
  size: number
  sort?: string | undefined
  columns?: string | undefined
}

/** One page of a stored result, ordered and with the columns as asked. Throws ProblemError for what is not there. */
export function pageOf(
  templates: Templates,
  query: Query,
  search: SearchRecord,
  panel: RecordedPanel,
  result: PanelResult,
  asked: PageAsked,
): { data: PanelData; rows: Row[] } {
  const columns = columnsOf(query, panel, asked.columns)
  const order = asked.sort === undefined ? undefined : orderOf(templates, query, panel, result, asked.sort)
  const total = result.rows.length
  const pages = Math.max(1, Math.ceil(total / asked.size))
  if (asked.page > pages) {
    const there = pages === 1 ? 'There is one page' : `There are ${pages} pages`
    throw new ProblemError('no-such-page', `${there} of ${asked.size} rows; page ${asked.page} is past the end.`)
  }
  const start = (asked.page - 1) * asked.size
  const rows: Row[] = []
  for (let index = start; index < Math.min(start + asked.size, total); index += 1) {
    const row = result.rows[order?.[index] ?? index]
    if (row) rows.push(row)
  }
  const data: PanelData = {
    title: panel.title,
    layout: panel.layout,
    columns: columns.map((column) => {
      const masked = result.columns.find(({ name }) => name === column.name)?.masked
      return masked ? { ...column, masked } : column
    }),
    masks: masksOf(result),
    rows: rows.map((row) => byName(result, row)),
    total,
    more: panel.outcome?.more ?? false,
    page: asked.page,
    pageSize: asked.size,
    ...(asked.sort !== undefined && { sort: asked.sort }),
    inputs: { ...search.inputs, ...panel.inputs },
    ...(panel.inputs && { bound: panel.inputs }),
    useCase: search.useCase,
    empty: panel.empty ?? query.empty ?? 'Nothing was found.',
    honours: panel.honours,
  }
  return { data, rows }
}

const masksOf = ({ columns }: PanelResult): NonNullable<PanelData['masks']> =>
  Object.fromEntries(columns.flatMap(({ name, masked }) => (masked ? [[name, masked] as const] : [])))

function byName(result: PanelResult, row: Row): Record<string, string | null> {
  const named: Record<string, string | null> = {}
  result.columns.forEach(({ name }, index) => {
    named[name] = row[index] ?? null
  })
  return named
}

function columnsOf(query: Query, panel: RecordedPanel, chosen: string | undefined): OutputColumn[] {
  if (chosen === undefined)
    return panel.columns
      .filter(({ hidden }) => !hidden)
      .flatMap(({ name }) => query.columns.filter((column) => column.name === name))
  return [...new Set(chosen.split(','))].map((name) => {
    const column = query.columns.find((candidate) => candidate.name === name)
    if (!column) throw unknown(name, query)
    return { ...column, hidden: false }
  })
}

/** Orders by panel result and sort: a stored result never changes. */
const orders = new WeakMap<PanelResult, Map<string, number[]>>()

function orderOf(
  templates: Templates,
  query: Query,
  panel: RecordedPanel,
  result: PanelResult,
  sort: string,
): number[] {
  const known = orders.get(result) ?? new Map<string, number[]>()
  orders.set(result, known)
  const order = known.get(sort) ?? orderRows(result.rows, sortKeys(templates, query, panel, result, sort))
  // A person tries a few orders of a panel, not all of them.
  if (known.size >= 4) known.clear()
  known.set(sort, order)
  return order
}

function sortKeys(
  templates: Templates,
  query: Query,
  panel: RecordedPanel,
  result: PanelResult,
  sort: string,
): SortKey[] {
  return orderKeys(panel, query, sort).flatMap(({ column: name, descending }) => {
    const column = query.columns.find((candidate) => candidate.name === name)
    const index = result.columns.findIndex((candidate) => candidate.name === name)
    if (!column || index < 0) return []
    const list = column.codeList ? templates.application.codeLists[column.codeList] : undefined
    const words = list && new Map(list.values.map(({ code, label }) => [code, label]))
    return { column, index, descending, words }
  })
}

function unknown(name: string, query: Query): ProblemError {
  const columns = query.columns.map((column) => column.name).join(', ')
  const message = `"${name}" is not among the columns: ${columns}.`
  return new ProblemError('invalid-input', message, { fields: { columns: message } })
}
