import type { ObjectStore } from '../../store/port.ts'
import { LogEntry } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import { unpackEntries } from '../merkle/bundle.ts'
import { TILE_WIDTH } from '../merkle/tree.ts'
import { tileKey } from '../paths.ts'
import { isFinished } from '../seal/finish.ts'
import { newestSeal, readSeal, type SealFile } from '../seal/seal-file.ts'
import { countFrom, readAhead } from '../stream/read-ahead.ts'

export interface PlacedEntry {
  /** Number in the tree. */
  index: number
  entry: LogEntry
  bytes: Buffer
}

/** Entries `from` (inclusive) to `to` (exclusive) of a tree of `size`, out of its bundles. What verifies them is `verify`, not this. */
export async function* entriesBetween(
  store: ObjectStore,
  from: number,
  to: number,
  size: number,
): AsyncGenerator<PlacedEntry> {
  if (from >= to) return
  const [first, last] = [Math.floor(from / TILE_WIDTH), Math.floor((to - 1) / TILE_WIDTH)]
  const bundle = async (number: number) => {
    const width = Math.min(TILE_WIDTH, size - number * TILE_WIDTH)
    const key = tileKey('entries', number, width)
    const body = (await store.get(key))?.body
    if (!body) throw new LogDamageError(key, 'these entries of the tree are missing.')
    return { number, key, entries: unpackEntries(key, body, width) }
  }
  for await (const { number, key, entries } of readAhead(countFrom(first, last), bundle, 8)) {
    for (const [place, bytes] of entries.entries()) {
      const index = number * TILE_WIDTH + place
      if (index < from || index >= to) continue
      const entry = LogEntry.safeParse(JSON.parse(bytes.toString()))
      if (!entry.success) throw new LogDamageError(key, 'an entry is not what the log writes.', index)
      yield { index, entry: entry.data, bytes }
    }
  }
}

/** The newest seal whose tree is made and signed. */
export async function newestFinished(store: ObjectStore): Promise<SealFile | undefined> {
  const newest = await newestSeal(store)
  const number = newest === 0 || (await isFinished(store, newest)) ? newest : newest - 1
  return number === 0 ? undefined : readSeal(store, number)
}

/** Number of the first seal made at `at` or later; one more than `newest` where there is none. */
export async function firstSealAt(store: ObjectStore, newest: number, at: Date): Promise<number> {
  const wanted = at.toISOString()
  let [from, to] = [1, newest + 1]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const file = await readSeal(store, middle)
    if ((file?.seal.at ?? '') < wanted) from = middle + 1
    else to = middle
  }
  return from
}

/** When a UUIDv7 was made, in milliseconds since 1970. */
export const timeOfId = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
