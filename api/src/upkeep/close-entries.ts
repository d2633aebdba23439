import { setImmediate as othersTurn } from 'node:timers/promises'
import type { OpeningEntry } from '@muniment/archive/audit/entries'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import type { AuditLog, Closing } from '@muniment/archive/audit/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { closingOfExport, closingOfSearch } from '../shared/closings.ts'
import { exportIdPattern, searchIdPattern } from '../shared/ids.ts'
import { exportFilePrefix, exportRecordKey, recordKey } from '../shared/keys.ts'
import { problem } from '../shared/problem.ts'
import { hasEnded } from '../shared/search-record.ts'
import { isOver, type LeftRecord } from './left-records.ts'

/** Between an entry and the record that it is for, or a record's end and its entry's, there is no more than this. */
const youngMs = 60_000

interface ClosingParts {
  store: ObjectStore
  audit: AuditLog
  /** Entries before are looked at by nobody any more. */
  from: Date
  /** When this process began: what it opened itself came later. */
  began: Date
  clock: () => Date
}

/**
 * Closes entries of the log whose process stopped between what was done and saying so: by what their record says, or as
 * interrupted where nothing was done. For the owner of a data folder. Returns how many there were.
 */
export async function closeEntries({ store, audit, from, began, clock }: ClosingParts): Promise<number> {
  let closed = 0
  for (const opening of await openSince(store, from, began, clock())) {
    if (clock().getTime() - Date.parse(opening.at) < youngMs) continue
    const closing = await closingFor(store, opening, clock())
    if (!closing) continue
    await audit.close(opening.id, { ...closing, detail: { closed: 'by upkeep' } })
    closed += 1
  }
  return closed
}

async function openSince(store: ObjectStore, from: Date, began: Date, now: Date): Promise<OpeningEntry[]> {
  const open = new Map<string, OpeningEntry>()
  const closed = new Set<string>()
  let looked = 0
  for await (const entry of exportEntries(store, { from, until: new Date(now.getTime() + youngMs) })) {
    if (entry.kind === 'opening' && !closed.delete(entry.id)) open.set(entry.id, entry)
    // A closing in another stream may stand before its opening.
    if (entry.kind === 'closing' && !open.delete(entry.of)) closed.add(entry.of)
    if (++looked % 256 === 0) await othersTurn()
  }
  return [...open.values()].filter(({ at }) => at < began.toISOString())
}

/** Undefined where somebody may still be at work on it, or where only its own kind knows. */
async function closingFor(store: ObjectStore, opening: OpeningEntry, now: Date): Promise<Closing | undefined> {
  const { action, subject = {} } = opening
  // A page, a print: over before the process can have been stopped for long.
  if (action === 'page' || action === 'print') return { outcome: 'interrupted' }
  if (action === 'search') return closingForSearch(store, String(subject.search), now)
  if (action === 'export') return closingForExport(store, String(subject.export), now)
  return undefined
}

async function closingForSearch(store: ObjectStore, id: string, now: Date): Promise<Closing | undefined> {
  const record = searchIdPattern.test(id) ? await read(store, recordKey(id)) : undefined
  if (!record) return { outcome: 'interrupted' }
  if (!isSettled(record.value, now)) return undefined
  return closingOfSearch({ state: record.value.state, panels: record.value.panels ?? [] })
}

/** A file whose records the log does not name is none that anybody may have. */
async function closingForExport(store: ObjectStore, id: string, now: Date): Promise<Closing | undefined> {
  const key = exportIdPattern.test(id) ? exportRecordKey(id) : undefined
  const record = key === undefined ? undefined : await read(store, key)
  if (!record || key === undefined) return { outcome: 'interrupted' }
  if (!isSettled(record.value, now)) return undefined
  if (record.value.state !== 'done') return closingOfExport(record.value)
  const detail = 'The server stopped before the file was in the log. Export again.'
  const failed = { ...record.value, state: 'failed' as const, problem: problem('interrupted', detail) }
  try {
    await store.replace(key, JSON.stringify(failed), record.etag)
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
  for await (const { key } of store.list(exportFilePrefix(id))) await store.remove(key)
  return { outcome: 'interrupted' }
}

async function read(store: ObjectStore, key: string): Promise<{ value: LeftRecord; etag: string } | undefined> {
  const object = await store.get(key)
  return object && { value: JSON.parse(object.body.toString('utf8')) as LeftRecord, etag: object.etag }
}

/** Ended, and whoever ended it has had the time to close the entry, or is gone. */
function isSettled({ state, started, finished = started, by }: LeftRecord, now: Date): boolean {
  const since = Date.parse(finished)
  return hasEnded(state) && now.getTime() - since > youngMs && isOver(by, since, now)
}
