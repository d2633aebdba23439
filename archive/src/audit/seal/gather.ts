import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import type { StreamKey } from '../keys/port.ts'
import { dayOfStream } from '../paths.ts'
import { checkOwn } from './own.ts'
import { type Heads, headsOf, type Range, readSeal, type SealFile } from './seal-file.ts'
import { streams, uncovered } from './uncovered.ts'

export interface Gathered {
  ranges: Range[]
  entries: Buffer[]
  heads: Heads
  /** Streams that cannot go into a seal, from this file on: it is not what was written. */
  damaged: LogDamageError[]
  /** Whether there is more than was taken. */
  more: boolean
  /** Day of the oldest stream that was looked at. */
  oldest: string | undefined
}

interface Options {
  store: ObjectStore
  newest: SealFile | undefined
  at: string
  /** Looks at the streams of all time, and not only at those that a writer with a clock that is right may still write. */
  everything: boolean
  /** Entries and bytes after which no further object is taken. */
  most: { entries: number; bytes: number }
  /** What it does not mark is not taken in. */
  streamKey: StreamKey
}

/** Every stream's objects that no seal has taken in, in the order of streams and their objects. */
export async function gather({ store, newest, at, everything, most, streamKey }: Options): Promise<Gathered> {
  const heads = everything ? await allHeads(store, newest) : newest ? headsOf(newest.seal) : new Map()
  const gathered: Gathered = { ranges: [], entries: [], heads, damaged: [], more: false, oldest: undefined }
  let bytes = 0
  const full = () => gathered.entries.length >= most.entries || bytes >= most.bytes
  for await (const stream of streams(store, everything ? undefined : newest, at)) {
    gathered.oldest ??= dayOfStream(stream)
    if (full()) {
      gathered.more = true
      break
    }
    try {
      let range: Range | undefined
      for await (const object of uncovered(store, stream, heads.get(stream))) {
        await checkOwn(object, streamKey)
        for (const { bytes: entry } of object.entries) {
          gathered.entries.push(entry)
          bytes += entry.length
        }
        const to = range ? range.to + 1 : (heads.get(stream)?.next ?? 1)
        const entries = (range?.entries ?? 0) + object.entries.length
        range = { stream, from: range?.from ?? to, to, entries, last: object.hash }
        if (gathered.ranges.at(-1)?.stream === stream) gathered.ranges.pop()
        gathered.ranges.push(range)
        if (!full()) continue
        gathered.more = true
        break
      }
    } catch (error) {
      if (!(error instanceof LogDamageError)) throw error
      // One stream that somebody altered must not keep the others from being sealed.
      gathered.damaged.push(error)
    }
  }
  return gathered
}

/** Where every stream stands that a seal has taken in. */
export async function allHeads(store: ObjectStore, newest: SealFile | undefined): Promise<Heads> {
  const heads: Heads = new Map()
  for (let number = 1; number <= (newest?.seal.number ?? 0); number++)
    for (const { stream, to, last } of (await readSeal(store, number))?.seal.ranges ?? [])
      heads.set(stream, { next: to + 1, last })
  return heads
}
