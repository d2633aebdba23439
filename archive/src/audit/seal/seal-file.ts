import { z } from 'zod'
import type { ObjectStore } from '../../store/port.ts'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import { LogDamageError } from '../errors.ts'
import { dayOfStream, sealKey, streamPattern } from '../paths.ts'
import { FORMAT, readFileAs } from '../stream/object.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const stream = z.string().regex(streamPattern)
const count = z.int().nonnegative()

/** What a seal takes in: objects `from` to `to` of a stream, both included, in the order of the tree. */
export const Range = z.strictObject({
  stream,
  from: z.int().positive(),
  to: z.int().positive(),
  entries: z.int().positive(),
  /** sha-256 of object `to`, which holds that of the one before it, and so on. */
  last: hash,
})
export type Range = z.infer<typeof Range>

export const Seal = z.strictObject({
  format: z.literal(FORMAT),
  number: z.int().positive(),
  /** sha-256 of the seal before it; absent in the first. */
  previous: hash.optional(),
  at: z.iso.datetime(),
  /** Entries in the tree before this seal's. */
  before: count,
  ranges: z.array(Range).min(1),
  /** Entries in the tree with this seal's, its own among them as the last. */
  size: z.int().positive(),
  /** The day from which on streams may have more; two days before, or as in the seal before where this one did not take all. */
  since: z.iso.date(),
  /** Where the streams stand that began on that day or later. */
  heads: z.array(z.strictObject({ stream, next: z.int().positive(), last: hash })),
})
export type Seal = z.infer<typeof Seal>

/** Where each stream stands: the number of its next object, and the hash that this one goes on from. */
export type Heads = Map<string, { next: number; last: string }>

const DAY = 24 * 60 * 60 * 1000

/** The first day whose streams may go on when all was taken in at `at`. A writer begins a new stream at midnight, so one day would nearly do. */
export const daySince = (at: string): string => new Date(Date.parse(at) - 2 * DAY).toISOString().slice(0, 10)

export function headsAfter(heads: Heads, ranges: readonly Range[], since: string): Heads {
  const after = new Map(heads)
  for (const { stream, to, last } of ranges) after.set(stream, { next: to + 1, last })
  return new Map(
    [...after].filter(([name]) => dayOfStream(name) >= since).sort(([left], [right]) => (left < right ? -1 : 1)),
  )
}

export const headsOf = (seal: Seal): Heads =>
  new Map(seal.heads.map(({ stream: name, next, last }) => [name, { next, last }]))

export interface SealFile {
  seal: Seal
  /** sha-256 of the file. */
  hash: string
}

export const sealText = (seal: Seal): string => canonicalJson(seal)

/** Undefined where there is none; throws LogDamageError where the file is no seal of this number. */
export async function readSeal(store: ObjectStore, number: number): Promise<SealFile | undefined> {
  const key = sealKey(number)
  const body = (await store.get(key))?.body
  if (!body) return undefined
  const seal = readFileAs(key, body, Seal)
  if (seal.number !== number || !body.equals(Buffer.from(sealText(seal))))
    throw new LogDamageError(key, 'the file is not the seal that its name says; it was altered, moved or copied.')
  return { seal, hash: sha256Hex(body) }
}

/** Number of the newest seal, 0 where there is none. Seals have no gaps; it asks for about twice the number's digits in base 2. */
export async function newestSeal(store: ObjectStore): Promise<number> {
  const exists = async (number: number) => (await store.head(sealKey(number))) !== undefined
  let above = 1
  while (await exists(above)) above *= 2
  let below = above === 1 ? 0 : above / 2
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2)
    if (await exists(middle)) below = middle
    else above = middle
  }
  return below
}
