import type { RecordedPanel, SearchRecord } from './search-record.ts'

/** What Athena bills of a query at least, and the step in which it is told here. */
const leastMB = 10

/**
 * Bytes scanned as a person is told them of a panel that was run. What was really read tells a hidden record from an absent one; so
 * where row rules are in force it is at least the 10 MB that Athena bills of any query, and a multiple of them.
 */
export function toldBytes(bytes: number, rowRules: readonly string[]): number {
  if (rowRules.length === 0) return bytes
  return Math.max(1, Math.ceil(bytes / (leastMB * 1e6))) * leastMB * 1e6
}

/** The same of a panel as it is now; nothing of one that was not run. `sofar` while it runs. */
export function toldOfPanel(
  { restrictions }: Pick<SearchRecord, 'restrictions'>,
  { execution, outcome }: RecordedPanel,
  sofar = outcome?.bytesScanned ?? 0,
): number {
  return execution === undefined ? 0 : toldBytes(sofar, restrictions?.rowRules ?? [])
}

/** Of a whole search: what also counts towards a person's limit, whose use is told too. */
export const toldBytesOf = (record: Pick<SearchRecord, 'restrictions' | 'panels'>): number =>
  record.panels.reduce((sum, panel) => sum + toldOfPanel(record, panel), 0)

/**
 * What a panel reads at most, as it is told: in the same steps, since it is made of sizes of tables with all their rows. Nothing of one that
 * is not run; undefined where it was not known.
 */
export function toldBoundOf(
  { restrictions }: Pick<SearchRecord, 'restrictions'>,
  { statement, bytesAtMost }: Pick<RecordedPanel, 'statement' | 'bytesAtMost'>,
): number | undefined {
  if (!statement) return 0
  return bytesAtMost === undefined ? undefined : toldBytes(bytesAtMost, restrictions?.rowRules ?? [])
}

/** Undefined where one is not known. */
export function sumOfBounds(bounds: readonly (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined)
  return known.length < bounds.length ? undefined : known.reduce((sum, bound) => sum + bound, 0)
}
