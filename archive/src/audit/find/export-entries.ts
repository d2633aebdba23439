import type { ObjectStore } from '../../store/port.ts'
import type { LogEntry, StreamEntry } from '../entries.ts'
import { headsOf, readSeal } from '../seal/seal-file.ts'
import { streams, uncovered } from '../seal/uncovered.ts'
import { entriesBetween, firstSealAt, newestFinished } from './entries.ts'

/** How far the clocks of writers and sealer may be apart, in milliseconds. */
const SKEW = 10 * 60_000

/**
 * Entries of a period in the order of the tree, with their number in it; last those that no checkpoint covers, without one.
 * Throws LogDamageError where a file is not what was written.
 */
export async function* exportEntries(
  store: ObjectStore,
  period: { from: Date; until: Date },
): AsyncGenerator<StreamEntry & { index?: number }> {
  const [from, until] = [period.from.toISOString(), period.until.toISOString()]
  const within = (entry: LogEntry): entry is StreamEntry =>
    entry.kind !== 'seal' && entry.at >= from && entry.at < until
  const newest = await newestFinished(store)
  if (newest) {
    const { number, size } = newest.seal
    const first = await firstSealAt(store, number, new Date(period.from.getTime() - SKEW))
    const last = await firstSealAt(store, number, new Date(period.until.getTime() + SKEW))
    const begin = first > number ? size : ((await readSeal(store, first))?.seal.before ?? 0)
    const end = last > number ? size : ((await readSeal(store, last))?.seal.size ?? size)
    for await (const { entry, index } of entriesBetween(store, begin, end, size))
      if (within(entry)) yield { ...entry, index }
  }
  const heads = newest ? headsOf(newest.seal) : new Map<string, { next: number; last: string }>()
  for await (const stream of streams(store, newest, new Date().toISOString()))
    for await (const { entries } of uncovered(store, stream, heads.get(stream)))
      for (const { entry } of entries) if (within(entry)) yield entry
}
