import { setImmediate as othersTurn } from 'node:timers/promises'
import type { OpeningEntry } from '@muniment/archive/audit/entries'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import type { AuditLog, Closing } from '@muniment/archive/audit/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { closingOfExport, closingOfSearch } from '../shared/closings.ts'
import { exportIdPattern, searchIdPattern } from '../shared/ids.ts'
import { exportFilePrefix, exportKeysKey, exportRecordKey, recordKey, resultsPrefix } from '../shared/keys.ts'
import { problem } from '../shared/problem.ts'
import { hasEnded } from '../shared/search-record.ts'
import { DamagedKeysError, takenRecords } from '../shared/taken-records.ts'
import { isGone, isOver, type LeftRecord } from './left-records.ts'

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
 * interrupted where nothing was done. An export's records are named from its keys file, however old it is. For the owner of a data folder.
 * Returns how many there were.
 */
export async function closeEntries({ store, audit, from, began, clock }: ClosingParts): Promise<number> {
  const left = await leftKeys(store, began)
  const since = Math.min(from.getTime(), ...left.map(({ started }) => started - youngMs))
  const { open, ended } = await entriesSince(store, new Date(since), began, clock())
  for (const { id, entry } of left) if (entry === undefined || ended.has(entry)) await store.remove(exportKeysKey(id))
  let closed = 0
  for (const opening of open) {
    const closing = await closingFor(store, opening, clock())
    if (!closing) continue
    const closeWith = (how: Closing) => audit.close(opening.id, { ...how, detail })
    await closeWith(closing).catch(async (error: unknown) => {
      const other = error instanceof DamagedKeysError && (await withoutRecords(store, exportOf(opening)))
      if (!other) throw error
      await closeWith(other)
    })
    if (closing.records && opening.action === 'export') await store.remove(exportKeysKey(exportOf(opening)))
    closed += 1
  }
  return closed
}

const detail = { closed: 'by upkeep' }
const exportOf = ({ subject = {} }: OpeningEntry): string => String(subject.export)

async function entriesSince(store: ObjectStore, from: Date, began: Date, now: Date) {
  const open = new Map<string, OpeningEntry>()
  const ended = new Set<string>()
  let looked = 0
  for await (const entry of exportEntries(store, { from, until: new Date(now.getTime() + youngMs) })) {
    // A closing in another stream may stand before its opening.
    if (entry.kind === 'opening' && !ended.has(entry.id)) open.set(entry.id, entry)
    if (entry.kind === 'closing') {
      ended.add(entry.of)
      open.delete(entry.of)
    }
    if (++looked % 256 === 0) await othersTurn()
  }
  return { open: [...open.values()].filter(({ at }) => at < began.toISOString()), ended }
}

/** Exports of before whose records the log has not named, or whose keys file stayed after it had. */
async function leftKeys(store: ObjectStore, began: Date): Promise<{ id: string; entry?: string; started: number }[]> {
  const left: { id: string; entry?: string; started: number }[] = []
  for await (const id of exportsWithKeys(store)) {
    const record = await read(store, exportRecordKey(id))
    const started = Date.parse(record?.value.started ?? '')
    // Without a record nobody is at work on it, and there is nobody to be named for.
    if (!record) left.push({ id, started: began.getTime() })
    else if (started < began.getTime() && isOver(record.value.by, started, began))
      left.push({ id, started, ...(record.value.entry !== undefined && { entry: record.value.entry }) })
  }
  return left
}

async function* exportsWithKeys(store: ObjectStore): AsyncGenerator<string> {
  for await (const search of store.names(resultsPrefix)) {
    const folder = `${resultsPrefix}${search}exports/`
    for await (const name of store.names(folder)) {
      const id = `${search.slice(0, -1)}_${name.slice(0, -1)}`
      if (!exportIdPattern.test(id)) continue
      for await (const file of store.names(`${folder}${name}`))
        if (`${folder}${name}${file}` === exportKeysKey(id)) yield id
    }
  }
}

/** Undefined where somebody may still be at work on it, or where only its own kind knows. */
async function closingFor(store: ObjectStore, opening: OpeningEntry, now: Date): Promise<Closing | undefined> {
  const { action, subject = {}, at } = opening
  const isYoung = now.getTime() - Date.parse(at) < youngMs
  // A page, a print: over before the process can have been stopped for long.
  if (action === 'page' || action === 'print') return isYoung ? undefined : { outcome: 'interrupted' }
  if (action === 'search') return closingForSearch(store, String(subject.search), now, isYoung)
  if (action === 'export') return closingForExport(store, exportOf(opening), now, isYoung)
  return undefined
}

async function closingForSearch(store: ObjectStore, id: string, now: Date, isYoung: boolean) {
  const record = searchIdPattern.test(id) ? await read(store, recordKey(id)) : undefined
  if (!record) return isYoung ? undefined : interrupted
  if (!isSettled(record.value, now)) return undefined
  return closingOfSearch({ ...record.value, panels: record.value.panels ?? [] })
}

const interrupted: Closing = { outcome: 'interrupted' }

async function closingForExport(store: ObjectStore, id: string, now: Date, isYoung: boolean) {
  const record = exportIdPattern.test(id) ? await read(store, exportRecordKey(id)) : undefined
  if (!record) return isYoung ? undefined : interrupted
  if (!isSettled(record.value, now)) return undefined
  const { named } = record.value
  if (named && (named.records === 0 || (await store.head(exportKeysKey(id)))))
    return { ...closingOfExport(record.value), records: takenRecords(store, id, named) }
  return withoutRecords(store, id)
}

/** A file whose records the log does not name is none that anybody may have. */
async function withoutRecords(store: ObjectStore, id: string): Promise<Closing | undefined> {
  const key = exportRecordKey(id)
  const record = await read(store, key)
  if (!record) return interrupted
  const { state, named } = record.value
  if (state !== 'done' || named?.records === 0) return closingOfExport(record.value)
  const detail = 'The server stopped before the file was in the log. Export again.'
  const failed = { ...record.value, state: 'failed' as const, problem: problem('interrupted', detail) }
  try {
    await store.replace(key, JSON.stringify(failed), record.etag)
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
  for await (const { key } of store.list(exportFilePrefix(id))) await store.remove(key)
  return interrupted
}

async function read(store: ObjectStore, key: string): Promise<{ value: LeftRecord; etag: string } | undefined> {
  const object = await store.get(key)
  return object && { value: JSON.parse(object.body.toString('utf8')) as LeftRecord, etag: object.etag }
}

/** Ended, and whoever ended it has had the time to close the entry, or is gone. */
function isSettled({ state, started, finished = started, by }: LeftRecord, now: Date): boolean {
  const since = Date.parse(finished)
  return hasEnded(state) && (isGone(by) || (now.getTime() - since > youngMs && isOver(by, since, now)))
}
