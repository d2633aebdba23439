import { MASK, Mask } from '../format/mask.ts'
import { formatOf, isNumeric, type Presenter, type ViewRow } from '../format/presenter.ts'
import type { PanelData } from '../port.ts'
import type { Inputs, Link, OutputColumn, Query } from '../types.ts'

/** A column as a view sees it. */
export interface ViewColumn {
  name: string
  label: string
  type: string
  numeric: boolean
  unit: string | null
  sorted: 'none' | 'ascending' | 'descending'
  /** `hidden`: every cell says that it is masked, and there is nothing to sort by. */
  masked: 'hidden' | 'partial' | null
}

/** The panel as a view sees it. Objects without prototype, so that there is nothing to find but what is put in. */
export interface ViewPanel {
  title: string
  layout: PanelData['layout']
  columns: ViewColumn[]
  rows: ViewRow[]
  total: number
  more: boolean
  page: number
  pageSize: number
  sort: string | null
  inputs: Record<string, string | string[] | null>
  empty: string
  honours: string[]
  /** Of a timeline: what is said below date and title. */
  details: ViewColumn[]
}

/** What the components need besides, out of the view's reach. */
export interface PanelContext {
  presenter: Presenter
  query: Query
  inputs: Inputs
  honours: string[]
  shown: OutputColumn[]
  declared: Map<string, OutputColumn>
  /** Money columns whose one currency stands in the header. */
  inHeader: ReadonlySet<string>
  opens: Link | undefined
  date: OutputColumn | undefined
  heading: OutputColumn | undefined
}

const contexts = new WeakMap<ViewPanel, PanelContext>()

export function contextOf(panel: ViewPanel): PanelContext {
  const context = contexts.get(panel)
  if (!context) throw new Error('A component was not given the panel.')
  return context
}

const bare = <T extends object>(properties: T): T => Object.assign(Object.create(null), properties)

export function viewPanel(presenter: Presenter, query: Query, data: PanelData): ViewPanel {
  const shown = data.columns.map((column) => withoutLinkBack(column, data))
  const declared = new Map(
    [...shown, ...query.columns.map((column) => withoutLinkBack(column, data))].map((column) => [column.name, column]),
  )
  const hidden = hiddenOf(data)
  const rows = hidden.length > 0 ? data.rows.map((row) => maskedRow(row, hidden)) : data.rows
  const currencies = new Map(data.columns.map((column) => [column.name, sharedCurrency(column, rows)]))
  const columns = data.columns.map((column) =>
    bare<ViewColumn>({
      name: column.name,
      label: column.label,
      type: column.type,
      numeric: isNumeric(column),
      unit: data.layout === 'table' ? (currencies.get(column.name) ?? unitOf(column) ?? null) : null,
      sorted: sortedBy(query, data.sort, column.name),
      masked: column.masked ?? null,
    }),
  )
  const date = data.columns.find((column) => ['date', 'timestamp'].includes(formatOf(column)))
  const heading = data.columns.find((column) => column !== date)
  const panel: ViewPanel = bare({
    title: data.title,
    layout: data.layout,
    columns,
    rows,
    total: data.total,
    more: data.more,
    page: data.page,
    pageSize: data.pageSize,
    sort: data.sort ?? null,
    inputs: bare({
      ...Object.fromEntries(query.parameters.map(({ name }) => [name, null])),
      ...(data.bound ?? data.inputs),
    }),
    empty: data.empty,
    honours: data.honours,
    details: columns.filter(({ name }) => name !== date?.name && name !== heading?.name),
  })
  contexts.set(panel, {
    presenter,
    query,
    inputs: data.inputs,
    honours: data.honours,
    shown,
    declared,
    inHeader: new Set(columns.filter(({ unit }) => unit !== null).map(({ name }) => name)),
    opens: data.opens ?? query.columns.find((column) => column.link)?.link,
    date,
    heading,
  })
  return panel
}

/** Names of columns whose values are not shown, among those that a view may look at. */
function hiddenOf({ columns, masks = {} }: PanelData): string[] {
  const ofShown = columns.filter(({ masked }) => masked === 'hidden').map(({ name }) => name)
  const ofAll = Object.entries(masks).flatMap(([name, mask]) => (mask === 'hidden' ? [name] : []))
  return [...new Set([...ofShown, ...ofAll])]
}

function maskedRow(row: ViewRow, hidden: readonly string[]): ViewRow {
  const shown = { ...row }
  for (const name of hidden) if (Object.hasOwn(row, name)) shown[name] = MASK
  return shown
}

/** Of a column of numbers; amounts have a currency. */
const unitOf = (column: OutputColumn): string | undefined => (formatOf(column) === 'number' ? column.unit : undefined)

/** A file's own number is no link to that file. */
function withoutLinkBack(column: OutputColumn, { useCase, rows, inputs }: PanelData): OutputColumn {
  const { link, ...rest } = column
  if (!link || link.useCase !== useCase) return column
  const leadsBack = rows.every((row) =>
    Object.entries(link.inputs).every(
      ([name, from]) => row[from] === (Object.hasOwn(inputs, name) ? inputs[name] : null),
    ),
  )
  return leadsBack ? rest : column
}

/** The currency that all amounts of the column on this page have, if they have one. */
function sharedCurrency(column: OutputColumn, rows: ViewRow[]): string | undefined {
  if (formatOf(column) !== 'money' || !column.currency) return undefined
  let shared: string | null | undefined
  for (const row of rows) {
    const amount = row[column.name] ?? null
    if (amount === null || amount instanceof Mask) continue
    const currency = row[column.currency] ?? null
    if (typeof currency !== 'string' || (shared !== undefined && shared !== currency)) return undefined
    shared = currency
  }
  return shared ?? undefined
}

/** `sort` is the name of a column or of a declared order, with `-` before it for the other direction. */
function sortedBy(query: Query, sort: string | undefined, column: string): ViewColumn['sorted'] {
  const reversed = sort?.startsWith('-') ?? false
  const name = reversed ? sort?.slice(1) : sort
  const by = query.sorts.find((declared) => declared.name === name)?.by[0] ?? name
  if (by?.replace(/^-/, '') !== column) return 'none'
  return by.startsWith('-') === reversed ? 'ascending' : 'descending'
}
