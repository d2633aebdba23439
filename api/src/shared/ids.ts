import { randomInt } from 'node:crypto'
import { v7 } from 'uuid'

const uuidV7 = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'

export const searchIdPattern = new RegExp(`^${uuidV7}$`)
/** An export is addressed by its search and a part of its own, so that it is found without an index. */
export const exportIdPattern = new RegExp(`^${uuidV7}_[0-9a-f]{12}$`)

/** Milliseconds by which a clock may be set back and ids still keep their order; one that was wrong by more is not followed. */
const SET_BACK = 60_000

let last = { msecs: 0, seq: 0 }

/** Ids of one process order as they were made, within a millisecond too: the history reads them in this order. */
export function newSearchId(now: Date): string {
  const time = now.getTime()
  const msecs = last.msecs - time > SET_BACK ? time : Math.max(time, last.msecs)
  last = { msecs, seq: msecs === last.msecs ? last.seq + 1 : randomInt(0x7fffffff) }
  return v7(last)
}

/** The milliseconds since 1970 that a UUIDv7 begins with. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** The UTC day on which a UUIDv7 was made, `2026-11-23`. */
export const dayOf = (id: string): string => new Date(timeOf(id)).toISOString().slice(0, 10)

export const searchOfExport = (exportId: string): string => exportId.slice(0, 36)
