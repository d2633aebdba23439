/** Public components with their arguments in order; those before `|` must be given. The macros are in components/components.njk. */
const SIGNATURES = {
  panel: 'panel |',
  asOf: 'panel |',
  table: 'panel |',
  summaryList: 'panel |',
  timeline: 'panel |',
  value: 'panel row column |',
  money: 'amount | currency',
  date: 'value |',
  timestamp: 'value |',
  number: 'value | unit',
  percent: 'value |',
  code: 'value codeList |',
  identifier: 'value |',
  iban: 'value |',
  longText: 'value |',
  tag: 'content | state',
  link: 'content useCase inputs |',
  emptyState: 'text |',
  note: 'text |',
}

export interface Component {
  /** Argument names in order. */
  parameters: string[]
  /** How many of them must be given. */
  needed: number
}

export const COMPONENTS: ReadonlyMap<string, Component> = new Map(
  Object.entries(SIGNATURES).map(([name, signature]) => {
    const [needed = '', optional = ''] = signature.split('|')
    const words = (text: string) => text.split(' ').filter(Boolean)
    return [name, { parameters: [...words(needed), ...words(optional)], needed: words(needed).length }]
  }),
)

/** The one file that a view may import. */
export const COMPONENTS_FILE = 'components.njk'

/** Properties of `panel` in a view, and of its columns. */
export const PANEL_KEYS = [
  'title',
  'layout',
  'columns',
  'rows',
  'total',
  'more',
  'page',
  'pageSize',
  'sort',
  'inputs',
  'empty',
  'honours',
] as const
export const COLUMN_KEYS = ['name', 'label', 'type', 'numeric', 'unit', 'sorted', 'masked'] as const

/** Filters that only look: all others are refused. */
export const FILTERS = ['length', 'first', 'last'] as const
