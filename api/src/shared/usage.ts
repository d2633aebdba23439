import { createHash } from 'node:crypto'
import { setTimeout as setTimeoutOf } from 'node:timers/promises'
import type { Limits } from '@muniment/archive/access/rules'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { LimitUse } from '../contract.ts'
import { logFault, newIncident } from './problem.ts'

const minuteMs = 60_000
/** What is used is written a moment later, so that what one search adds is one write. */
const gatherMs = 250
const near = 0.8

const Stored = z.object({
  version: z.literal(1),
  /** When searches of the last minute began, in milliseconds since 1970. */
  searches: z.array(z.number()),
  /** Rows exported, by day (UTC). */
  rows: z.record(z.string(), z.number()),
  /** Bytes scanned in the month. */
  bytes: z.number(),
})
type Stored = z.infer<typeof Stored>

/** What is used, and not written yet. */
interface Used {
  searches: number[]
  /** May be less than none: of an export that came to fewer rows than were reserved. */
  rows: number
  bytes: number
}

interface UsageParts {
  store: ObjectStore
  clock: () => Date
  log: Logger
  /** Whether this process lives on after its answers. */
  lives: boolean
  atEnd?: (write: () => Promise<void>) => void
}

interface Holder {
  pending: Used
  /** What reads and writes wait for each other in: of one person, in one process. */
  turn: Promise<unknown>
  timer?: NodeJS.Timeout
  known?: Read
}

/** An object as it was read or written; without an ETag where there is none yet. */
interface Read {
  key: string
  value: Stored
  etag: string | undefined
}

/** A limit that would be passed. */
export interface Passed {
  limit: LimitUse['limit']
  used: number
  most: number
  until: Date
}

export type Taken = 'search' | { rows: number }

export interface Usage {
  /** Takes one search, or so many rows, unless that passes a limit: then nothing is taken and it is said which. */
  take(person: string, limits: Limits, what: Taken): Promise<Passed | undefined>
  /** Adds what came of it. `rows`: beside those that were taken. */
  add(person: string, used: { bytes?: number; rows?: number }): Promise<void>
  /** Of every limit that there is. */
  of(person: string, limits: Limits): Promise<LimitUse[]>
}

const nothing = (): Used => ({ searches: [], rows: 0, bytes: 0 })
const dayOf = (now: Date) => now.toISOString().slice(0, 10)
const monthOf = (now: Date) => now.toISOString().slice(0, 7)

/** No name: what can be read off the key is that two months are of one person. */
const keyOf = (person: string, now: Date): string => {
  const token = createHash('sha256').update(`usage ${person}`).digest('hex').slice(0, 32)
  return `usage/${monthOf(now)}/${token}.json`
}

const nextDay = (now: Date) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
const nextMonth = (now: Date) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))

/**
 * What persons use of their limits: an object a person and month. What is taken from a limit is written, on the condition that nobody else
 * wrote meanwhile, before it is answered: no number of processes lets one too many through. What is added is written a moment later.
 */
export function createUsage({ store, clock, log, lives, atEnd }: UsageParts): Usage {
  /** Of people who are signed in: as many as there are. */
  const holders = new Map<string, Holder>()
  atEnd?.(async () => {
    await Promise.all([...holders.keys()].map((person) => write(person)))
  })

  function holderOf(person: string): Holder {
    const holder = holders.get(person) ?? { pending: nothing(), turn: Promise.resolve() }
    holders.set(person, holder)
    return holder
  }

  /** One after the other for one person, so that nothing is counted twice or not at all. */
  function inTurn<T>(person: string, act: (holder: Holder) => Promise<T>): Promise<T> {
    const holder = holderOf(person)
    const done = holder.turn.then(() => act(holder))
    holder.turn = done.catch(() => undefined)
    return done
  }

  async function read(person: string, holder: Holder, now: Date): Promise<Read> {
    const key = keyOf(person, now)
    const object = await store.get(key)
    // Who searched a moment before midnight has done so in the new month too.
    const value = object ? parsed(object.body) : await begun(person, now)
    const known = { key, value, etag: object?.etag }
    holder.known = known
    return known
  }

  async function begun(person: string, now: Date): Promise<Stored> {
    const before = keyOf(person, new Date(now.getTime() - minuteMs))
    const last = before === keyOf(person, now) ? undefined : await store.get(before)
    return { version: 1, searches: last ? parsed(last.body).searches : [], rows: {}, bytes: 0 }
  }

  /** As it was last read or written here: whether it still is, a conditional write finds out. */
  async function held(person: string, holder: Holder, now: Date): Promise<Read> {
    const { known } = holder
    return known && known.key === keyOf(person, now) ? known : read(person, holder, now)
  }

  /** Writes what is pending and `more`, on top of what was read. Throws ConflictError where somebody else wrote meanwhile. */
  async function put(holder: Holder, { key, value, etag }: Read, more: Used, now: Date): Promise<void> {
    const adding = holder.pending
    const next = sum(sum(value, adding, now), more, now)
    const body = JSON.stringify(next)
    delete holder.known
    const written = etag === undefined ? await store.create(key, body) : await store.replace(key, body, etag)
    holder.known = { key, value: next, etag: written.etag }
    holder.pending = minus(holder.pending, adding)
  }

  async function write(person: string): Promise<void> {
    await inTurn(person, async (holder) => {
      clearTimeout(holder.timer)
      delete holder.timer
      const { searches, rows, bytes } = holder.pending
      if (searches.length === 0 && rows === 0 && bytes === 0) return
      await untilWritten(async () => {
        const now = clock()
        await put(holder, await held(person, holder, now), nothing(), now)
      })
    }).catch((error: unknown) => logFault(log, newIncident(), error, { usage: 'unwritten' }))
  }

  async function soon(person: string): Promise<void> {
    if (!lives) return write(person)
    const holder = holderOf(person)
    holder.timer ??= setTimeout(() => void write(person), gatherMs).unref()
  }

  /** With what is not written yet. */
  function current({ value }: Read, holder: Holder, now: Date) {
    const all = sum(value, holder.pending, now)
    return { searches: all.searches, rows: Math.max(0, all.rows[dayOf(now)] ?? 0), bytes: all.bytes }
  }

  /** What a taking goes on top of, or the limit that it would pass. */
  async function roomIn(
    person: string,
    holder: Holder,
    limits: Limits,
    what: Taken,
    now: Date,
  ): Promise<Read | Passed> {
    const there = await held(person, holder, now)
    if (!passedBy(current(there, holder, now), limits, what, now)) return there
    // Another process may have given something back.
    const anew = await read(person, holder, now)
    return passedBy(current(anew, holder, now), limits, what, now) ?? anew
  }

  return {
    async take(person, limits, what) {
      const bound = what === 'search' ? limits.searchesPerMinute : limits.rowsExportedPerDay
      const passed = await inTurn(person, (holder) =>
        untilWritten(async () => {
          const now = clock()
          const taking: Used =
            what === 'search' ? { ...nothing(), searches: [now.getTime()] } : { ...nothing(), ...what }
          if (bound !== undefined || limits.bytesScannedPerMonth !== undefined) {
            const there = await roomIn(person, holder, limits, what, now)
            if ('limit' in there) return there
            if (bound !== undefined) return void (await put(holder, there, taking, now))
          }
          // Of bytes nothing is taken before they are known, and without a limit nothing is to be agreed on.
          holder.pending = plus(holder.pending, taking)
          return undefined
        }),
      )
      if (!passed && bound === undefined) await soon(person)
      return passed
    },

    async add(person, { bytes = 0, rows = 0 }) {
      const holder = holderOf(person)
      holder.pending = plus(holder.pending, { searches: [], rows, bytes })
      await soon(person)
    },

    async of(person, limits) {
      const used = await inTurn(person, async (holder) => {
        const now = clock()
        return current(await read(person, holder, now), holder, now)
      })
      const each = [
        ['searchesPerMinute', used.searches.length],
        ['rowsExportedPerDay', used.rows],
        ['bytesScannedPerMonth', used.bytes],
      ] as const
      return each.flatMap(([limit, count]) => {
        const most = limits[limit]
        return most === undefined ? [] : [{ limit, used: count, most, near: count >= near * most }]
      })
    },
  }
}

const parsed = (body: Buffer): Stored => Stored.parse(JSON.parse(body.toString('utf8')))

/** Tries until nobody else has written in between: each that fails is one more that another process could write. */
async function untilWritten<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      if (tries > 3) await setTimeoutOf(Math.random() * Math.min(100, 2 ** tries))
    }
  }
}

type Counts = { searches: number[]; rows: number; bytes: number }

function passedBy(used: Counts, limits: Limits, what: Taken, now: Date): Passed | undefined {
  const { searchesPerMinute, rowsExportedPerDay, bytesScannedPerMonth } = limits
  if (bytesScannedPerMonth !== undefined && used.bytes >= bytesScannedPerMonth)
    return { limit: 'bytesScannedPerMonth', used: used.bytes, most: bytesScannedPerMonth, until: nextMonth(now) }
  if (what === 'search') {
    if (searchesPerMinute === undefined || used.searches.length < searchesPerMinute) return undefined
    const until = new Date((used.searches.at(-searchesPerMinute) ?? now.getTime()) + minuteMs)
    return { limit: 'searchesPerMinute', used: used.searches.length, most: searchesPerMinute, until }
  }
  if (rowsExportedPerDay === undefined || used.rows + Math.max(1, what.rows) <= rowsExportedPerDay) return undefined
  return { limit: 'rowsExportedPerDay', used: used.rows, most: rowsExportedPerDay, until: nextDay(now) }
}

function sum({ searches, rows, bytes }: Stored, more: Used, now: Date): Stored {
  const day = dayOf(now)
  return {
    version: 1,
    searches: [...searches, ...more.searches].filter((at) => now.getTime() - at < minuteMs).sort((a, b) => a - b),
    rows: more.rows === 0 ? rows : { ...rows, [day]: (rows[day] ?? 0) + more.rows },
    bytes: bytes + more.bytes,
  }
}

const plus = (some: Used, more: Used): Used => ({
  searches: [...some.searches, ...more.searches],
  rows: some.rows + more.rows,
  bytes: some.bytes + more.bytes,
})

/** What came in while the rest was written. */
const minus = (all: Used, written: Used): Used => ({
  searches: all.searches.slice(written.searches.length),
  rows: all.rows - written.rows,
  bytes: all.bytes - written.bytes,
})
