import { setImmediate as othersTurn } from 'node:timers/promises'
import type { AuditLog } from '@muniment/archive/audit/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { closingOfExport, closingOfSearch } from '../shared/closings.ts'
import { interrupted } from '../shared/interrupted.ts'
import { searchesPrefix } from '../shared/keys.ts'
import { problem } from '../shared/problem.ts'
import type { ProcessMark } from '../shared/process-mark.ts'
import { hasEnded } from '../shared/search-record.ts'
import { isOver, type LeftRecord } from './left-records.ts'

const dayMs = 86_400_000

interface ClosingParts {
  store: ObjectStore
  audit: AuditLog
  /** When this process began: what it opened itself came later. */
  began: Date
  by: ProcessMark
  clock: () => Date
}

/**
 * Gives every search and export of the last two days that has an opening and no closing, and nobody who is at work on it, its
 * closing: interrupted, in its record and in the log. For the owner of a data folder. Returns how many there were.
 */
export async function closeInterrupted({ store, audit, began, by, clock }: ClosingParts): Promise<number> {
  let closed = 0
  for await (const key of recordKeys(store, began)) {
    // There may be many, and somebody is waiting for another answer.
    await othersTurn()
    const object = await store.get(key)
    if (!object) continue
    const record: LeftRecord = JSON.parse(object.body.toString('utf8'))
    const start = Date.parse(record.started)
    if (hasEnded(record.state) || start >= began.getTime() || !isOver(record.by, start, clock())) continue
    const ended = { ...closing(record), by, finished: clock().toISOString() }
    try {
      await store.replace(key, JSON.stringify(ended), object.etag)
    } catch (error) {
      // Somebody else has ended it meanwhile, and closes its entry.
      if (error instanceof ConflictError) continue
      throw error
    }
    closed += 1
    const { panels } = ended
    // Whether the entry of a search that had not begun was opened is for closeEntries to find.
    if (record.entry === undefined || (panels && record.state === 'queued')) continue
    await audit.close(record.entry, panels ? closingOfSearch({ ...ended, panels }) : closingOfExport(ended))
  }
  return closed
}

async function* recordKeys(store: ObjectStore, began: Date): AsyncIterable<string> {
  for (const age of [0, 1]) {
    const day = `${searchesPrefix}${new Date(began.getTime() - age * dayMs).toISOString().slice(0, 10)}/`
    for await (const name of store.names(day)) {
      if (!name.endsWith('/')) yield `${day}${name}`
      else for await (const file of store.names(`${day}${name}exports/`)) yield `${day}${name}exports/${file}`
    }
  }
}

function closing(record: LeftRecord): LeftRecord {
  const ended = { ...record, state: 'failed' as const }
  if (!record.panels) {
    const detail = 'The server stopped before the file was written. Export again.'
    return { ...ended, problem: problem('interrupted', detail) }
  }
  return { ...ended, panels: record.panels.map((panel) => ({ ...panel, outcome: panel.outcome ?? interrupted() })) }
}
