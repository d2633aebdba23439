import type { PanelState, Search } from '@muniment/api/contract'
import { formatBytes, formatDay, formatDuration, formatPrice, plural } from './format.ts'

type DateStyle = 'long' | 'iso'

export const words = {
  validOn: (day: string) => `valid on ${day}`,
  knownOn: (day: string) => `known on ${day}`,
  asOf: (facts: string) => `As ${facts}`,
  latest: 'As the system left it',
  ignoresAsOf: 'Shows all dates: the as-of date does not apply here',
  read: (bytes: string) => `${bytes} read`,
  rows: (count: number) => plural(count, 'row', 'rows'),
  more: (count: number) => `the first ${plural(count, 'row', 'rows')} of more; an export has all`,
}

const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The as-of dates in words, `valid on 5 Jul 2024, known on 1 Jan 2020`; undefined without any. */
export function readAsOf(inputs: Search['inputs'], style: DateStyle, only = ['valid_on', 'known_on']): string | undefined {
  const valid = only.includes('valid_on') ? text(inputs.valid_on) : undefined
  const known = only.includes('known_on') ? text(inputs.known_on) : undefined
  const said = [
    ...(valid ? [words.validOn(formatDay(valid, style))] : []),
    ...(known ? [words.knownOn(formatDay(known, style))] : []),
  ]
  return said.length > 0 ? said.join(', ') : undefined
}

/** Whether a panel heeds the dates of its search, in words; undefined where the search has no dates. */
export function readHonours(search: Search, panel: PanelState, style: DateStyle): string | undefined {
  if (readAsOf(search.inputs, style) === undefined) return undefined
  const heeded = readAsOf(search.inputs, style, panel.honours)
  return heeded ? words.asOf(heeded) : words.ignoresAsOf
}

/** `128 rows · 1.2 MB read · 0.03 s`. */
export function readPanelFacts(panel: PanelState): string[] {
  if (panel.state !== 'done') return []
  const rows = panel.rows ?? 0
  return [
    panel.more ? words.more(rows) : words.rows(rows),
    words.read(formatBytes(panel.bytesScanned)),
    formatDuration(panel.elapsedMs),
  ]
}

export function readSearchFacts(search: Search): string[] {
  const rows = search.panels.reduce((sum, panel) => sum + (panel.rows ?? 0), 0)
  const elapsed = search.finished ? Date.parse(search.finished) - Date.parse(search.started) : undefined
  return [
    words.rows(rows),
    words.read(formatBytes(search.bytesScanned)),
    ...(elapsed === undefined ? [] : [formatDuration(elapsed)]),
    ...(search.price > 0 ? [formatPrice(search.price)] : []),
  ]
}
