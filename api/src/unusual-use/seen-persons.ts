import { createHash, createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'

const minuteMs = 60_000
/** Searches and exports that a flag names. */
const mostNamed = 20

const Kept = z.object({
  version: z.literal(1),
  /** By token: when last seen, in milliseconds since 1970. */
  persons: z.record(z.string(), z.number()),
  /** What showed them, the newest last: id of a search or an export, and when. */
  about: z.array(z.tuple([z.string(), z.number()])),
  /** By rule: the day or night of which auditors were told. */
  told: z.record(z.string(), z.string()),
})
export type Kept = z.infer<typeof Kept>

/** What one person saw, and is not written yet. */
export interface Sight {
  /** Tokens. */
  persons: Map<string, number>
  about: Map<string, number>
}

export const nothingSeen = (): Sight => ({ persons: new Map(), about: new Map() })

/** No name in it; the person's id is in the log. */
const keyOf = (person: string): string =>
  `unusual-use/${createHash('sha256').update(`unusual ${person}`).digest('hex').slice(0, 32)}.json`

/** Another than the log's token of the same record, so that neither leads to the other. */
export const personToken = (key: Buffer | Uint8Array, record: readonly string[]): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['unusual-use', ...record]))
    .digest()
    .subarray(0, 12)
    .toString('base64url')

/** A person's object: what they saw within the window, and of what auditors were told. Changed on the condition that nobody else did meanwhile. */
export async function changeKept<T>(
  store: ObjectStore,
  person: string,
  change: (kept: Kept) => { kept: Kept; result: T } | { result: T },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const object = await store.get(keyOf(person))
    const before: Kept = object
      ? Kept.parse(JSON.parse(object.body.toString('utf8')))
      : { version: 1, persons: {}, about: [], told: {} }
    const changed = change(before)
    if (!('kept' in changed)) return changed.result
    const body = JSON.stringify(changed.kept)
    try {
      if (object) await store.replace(keyOf(person), body, object.etag)
      else await store.create(keyOf(person), body)
      return changed.result
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      if (tries > 3) await wait(Math.random() * Math.min(200, 2 ** tries))
    }
  }
}

/**
 * Adds a sight; what has left the window goes. No more than `most` and one persons are kept: it is enough to know that they were too many.
 * `isNew` says whether that is worth a write: a person seen again counts anew only after a tenth of the window.
 */
export function addSight(kept: Kept, sight: Sight, now: Date, window: { minutes: number; persons: number }) {
  const since = now.getTime() - window.minutes * minuteMs
  const persons = new Map(Object.entries(kept.persons).filter(([, at]) => at > since))
  let isNew = false
  for (const [token, at] of sight.persons) {
    const before = persons.get(token)
    if (at <= since || (before === undefined && persons.size > window.persons)) continue
    if (before !== undefined && at - before < (window.minutes * minuteMs) / 10) continue
    persons.set(token, Math.max(at, before ?? 0))
    isNew = true
  }
  const about = new Map(kept.about.filter(([, at]) => at > since))
  for (const [id, at] of sight.about) about.set(id, at)
  const next: Kept = {
    ...kept,
    persons: Object.fromEntries(persons),
    about: [...about].sort(([, left], [, right]) => left - right).slice(-mostNamed),
  }
  return { next, isNew }
}
