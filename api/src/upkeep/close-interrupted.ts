import { setImmediate as othersTurn } from 'node:timers/promises'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { interrupted } from '../shared/interrupted.ts'
import { searchesPrefix } from '../shared/keys.ts'
import { problem } from '../shared/problem.ts'
import { fateOf, type ProcessMark } from '../shared/process-mark.ts'
import { hasEnded, type SearchRecord } from '../shared/search-record.ts'

const dayMs = 86_400_000
/** No search and no export runs that long; where nobody can tell whether its process lives, it is left alone until then. */
const longestMs = 3_600_000

interface ClosingParts {
  store: ObjectStore
  /** When this process began: what it opened itself came later. */
  began: Date
  clock: () => Date
}

interface OpenRecord {
  state: SearchRecord['state']
  started: string
  by?: ProcessMark
  panels?: SearchRecord['panels']
}

/**
 * Gives every search and export of the last two days that has an opening and no closing, and nobody who is at work on it, its
 * closing: interrupted. For the owner of a data folder. Returns how many there were.
 */
export async function closeInterrupted({ store, began, clock }: ClosingParts): Promise<number> {
  let closed = 0
  for await (const key of recordKeys(store, began)) {
    // There may be many, and somebody is waiting for another answer.
    await othersTurn()
    const object = await store.get(key)
    if (!object) continue
    const record: OpenRecord = JSON.parse(object.body.toString('utf8'))
    if (hasEnded(record.state) || !isLeft(record, began, clock())) continue
    try {
      await store.replace(key, JSON.stringify(closing(record, clock())), object.etag)
      closed += 1
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
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

function isLeft({ by, started }: OpenRecord, began: Date, now: Date): boolean {
  const start = Date.parse(started)
  if (start >= began.getTime()) return false
  // There was another owner then, and there is one at a time.
  if (!by || by.owner) return true
  const fate = fateOf(by)
  return fate === 'unknown' ? now.getTime() - start > longestMs : fate !== 'lives'
}

function closing(record: OpenRecord, now: Date): OpenRecord & { finished: string } {
  const ended = { ...record, state: 'failed' as const, finished: now.toISOString() }
  if (!record.panels) {
    const detail = 'The server stopped before the file was written. Export again.'
    return { ...ended, ...{ problem: problem('interrupted', detail) } }
  }
  return { ...ended, panels: record.panels.map((panel) => ({ ...panel, outcome: panel.outcome ?? interrupted() })) }
}
