import { createHash } from 'node:crypto'
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
}

/** A limit that would be passed. */
export interface Passed {
  limit: LimitUse['limit']
  used: number
  most: number
  until: Date
}

export interface Usage {
  /** Takes one search, or so many rows, unless that passes a limit: then nothing is taken and it is said which. */
  take(person: string, limits: Limits, what: 'search' | { rows: number }): Promise<Passed | undefined>
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
 * What persons use of their limits: an object a person and month, replaced beside the answer. Several processes agree but for
 * what the others began within the last moments.
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

  async function read(person: string, now: Date): Promise<{ value: Stored; etag?: string }> {
    const object = await store.get(keyOf(person, now))
    if (!object) return { value: { version: 1, searches: [], rows: {}, bytes: 0 } }
    return { value: Stored.parse(JSON.parse(object.body.toString('utf8'))), etag: object.etag }
  }

  async function write(person: string): Promise<void> {
    await inTurn(person, async (holder) => {
      clearTimeout(holder.timer)
      delete holder.timer
      const adding = holder.pending
      if (adding.searches.length === 0 && adding.rows === 0 && adding.bytes === 0) return
      for (;;) {
        const now = clock()
        const { value, etag } = await read(person, now)
        const body = JSON.stringify(sum(value, adding, now))
        try {
          if (etag === undefined) await store.create(keyOf(person, now), body)
          else await store.replace(keyOf(person, now), body, etag)
          break
        } catch (error) {
          // Another process has added to it.
          if (!(error instanceof ConflictError)) throw error
        }
      }
      holder.pending = minus(holder.pending, adding)
    }).catch((error: unknown) => logFault(log, newIncident(), error, { usage: 'unwritten' }))
  }

  async function soon(person: string): Promise<void> {
    if (!lives) return write(person)
    const holder = holderOf(person)
    holder.timer ??= setTimeout(() => void write(person), gatherMs).unref()
  }

  /** As it stands, with what is not written yet. */
  async function current(person: string, holder: Holder, now: Date) {
    const { value } = await read(person, now)
    const all = sum(value, holder.pending, now)
    return { searches: all.searches, rows: Math.max(0, all.rows[dayOf(now)] ?? 0), bytes: all.bytes }
  }

  return {
    async take(person, limits, what) {
      const passed = await inTurn(person, async (holder): Promise<Passed | undefined> => {
        const now = clock()
        const { searchesPerMinute, rowsExportedPerDay, bytesScannedPerMonth } = limits
        const used = await current(person, holder, now)
        if (bytesScannedPerMonth !== undefined && used.bytes >= bytesScannedPerMonth)
          return { limit: 'bytesScannedPerMonth', used: used.bytes, most: bytesScannedPerMonth, until: nextMonth(now) }
        if (what === 'search') {
          if (searchesPerMinute !== undefined && used.searches.length >= searchesPerMinute) {
            const until = new Date((used.searches.at(-searchesPerMinute) ?? now.getTime()) + minuteMs)
            return { limit: 'searchesPerMinute', used: used.searches.length, most: searchesPerMinute, until }
          }
          holder.pending.searches = [...holder.pending.searches, now.getTime()]
          return undefined
        }
        const full = rowsExportedPerDay !== undefined && used.rows + Math.max(1, what.rows) > rowsExportedPerDay
        if (full) return { limit: 'rowsExportedPerDay', used: used.rows, most: rowsExportedPerDay, until: nextDay(now) }
        holder.pending = { ...holder.pending, rows: holder.pending.rows + what.rows }
        return undefined
      })
      if (!passed) await soon(person)
      return passed
    },

    async add(person, { bytes = 0, rows = 0 }) {
      const holder = holderOf(person)
      holder.pending = { ...holder.pending, bytes: holder.pending.bytes + bytes, rows: holder.pending.rows + rows }
      await soon(person)
    },

    async of(person, limits) {
      const used = await inTurn(person, (holder) => current(person, holder, clock()))
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

function sum({ searches, rows, bytes }: Stored, more: Used, now: Date): Stored {
  const day = dayOf(now)
  return {
    version: 1,
    searches: [...searches, ...more.searches].filter((at) => now.getTime() - at < minuteMs).sort((a, b) => a - b),
    rows: more.rows === 0 ? rows : { ...rows, [day]: (rows[day] ?? 0) + more.rows },
    bytes: bytes + more.bytes,
  }
}

/** What came in while the rest was written. */
const minus = (all: Used, written: Used): Used => ({
  searches: all.searches.slice(written.searches.length),
  rows: all.rows - written.rows,
  bytes: all.bytes - written.bytes,
})
