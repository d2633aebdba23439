import type { PanelState, Search } from '@muniment/api/contract'
import { formatBytes, formatDay, formatDuration, formatPrice, plural } from './format.ts'

type DateStyle = 'long' | 'iso'

export const words = {
  validOn: (day: string) => `valid on ${day}`,
  knownOn: (day: string) => `known on ${day}`,
  asOf: (facts: string) => `As ${facts}`,
  latest: 'As the system left it',
  read: (bytes: string, atMost?: string) =>
    atMost === undefined ? `${bytes} read` : `${bytes} read of at most ${atMost}`,
  rows: (count: number) => plural(count, 'row', 'rows'),
  more: (count: number) => `the first ${plural(count, 'row', 'rows')} of more; an export has all`,
}

const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The as-of dates in words, `valid on 5 Jul 2024, known on 1 Jan 2020`; undefined without any. */
export function readAsOf(inputs: Search['inputs'], style: DateStyle): string | undefined {
  const valid = text(inputs.valid_on)
  const known = text(inputs.known_on)
  const said = [
    ...(valid ? [words.validOn(formatDay(valid, style))] : []),
    ...(known ? [words.knownOn(formatDay(known, style))] : []),
  ]
  return said.length > 0 ? said.join(', ') : undefined
}

/** The panel that the title block is from. */
const titlePanel = ({ panels, record }: Pick<Search, 'panels' | 'record'>): PanelState | undefined =>
  panels.find(({ name }) => name === record?.panel)

/** Inputs of which the title block tells: the search's, or what its panel was given in their place. */
export const titleInputs = (search: Pick<Search, 'inputs' | 'panels' | 'record'>): Search['inputs'] => ({
  ...search.inputs,
  ...titlePanel(search)?.inputs,
})

const dates = ['valid_on', 'known_on'] as const

/** Whether a file's title says already at which dates this panel is read; what the panel does not go by it still says itself. */
export function isTitleDate(search: Pick<Search, 'inputs' | 'kind' | 'panels' | 'record'>, panel: PanelState): boolean {
  const [title, own] = [titleInputs(search), { ...search.inputs, ...panel.inputs }]
  return (
    search.kind === 'file' &&
    search.record !== undefined &&
    dates.every((name) => text(title[name]) === text(own[name]))
  )
}

/** Whether a panel begins with a sentence on its dates. */
export function saysDates(search: Pick<Search, 'inputs' | 'kind' | 'panels' | 'record'>, panel: PanelState): boolean {
  const own = { ...search.inputs, ...panel.inputs }
  const given = dates.filter((name) => text(own[name]) !== undefined)
  return given.length > 0 && !(isTitleDate(search, panel) && given.every((name) => panel.honours.includes(name)))
}

/** What the use case, and not the person, gave a panel; as-of dates are told with the title. */
export const readFixed = (panel: PanelState | undefined): string[] =>
  (panel?.inputsRead ?? [])
    .filter(({ name, fixed }) => fixed && name !== 'valid_on' && name !== 'known_on')
    .map(({ label, value }) => `${label}: ${value}`)

/** What a citation says of the title's panel beside its date. */
export const readTitleFixed = (search: Pick<Search, 'panels' | 'record'>): string[] => readFixed(titlePanel(search))

/** What a title block says of its date. */
export function readTitleDate(inputs: Search['inputs'], style: DateStyle): string {
  const asOf = readAsOf(inputs, style)
  return asOf ? words.asOf(asOf) : words.latest
}

const readBytes = ({ bytesScanned, bytesAtMost }: Pick<Search, 'bytesScanned' | 'bytesAtMost'>): string =>
  words.read(formatBytes(bytesScanned), bytesAtMost === undefined ? undefined : formatBytes(bytesAtMost))

/** `128 rows · 1.2 MB read of at most 40 MB · 0.03 s`. */
export function readPanelFacts(panel: PanelState): string[] {
  if (panel.state !== 'done') return []
  const rows = panel.rows ?? 0
  return [panel.more ? words.more(rows) : words.rows(rows), readBytes(panel), formatDuration(panel.elapsedMs)]
}

export function readSearchFacts(search: Search): string[] {
  const rows = search.panels.reduce((sum, panel) => sum + (panel.rows ?? 0), 0)
  const elapsed = search.finished ? Date.parse(search.finished) - Date.parse(search.started) : undefined
  return [
    words.rows(rows),
    readBytes(search),
    ...(elapsed === undefined ? [] : [formatDuration(elapsed)]),
    ...(search.price > 0 ? [formatPrice(search.price)] : []),
  ]
}
