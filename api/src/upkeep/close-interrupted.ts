import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { interrupted } from '../shared/interrupted.ts'
import { searchesPrefix } from '../shared/keys.ts'
import { problem } from '../shared/problem.ts'
import { hasEnded, type SearchRecord } from '../shared/search-record.ts'

const dayMs = 86_400_000

interface ClosingParts {
  store: ObjectStore
  /** When this process began: what was opened before and has no end was left by the one before it. */
  began: Date
}

interface OpenRecord {
  state: SearchRecord['state']
  started: string
  panels?: SearchRecord['panels']
}

/**
 * Gives every search and export of the last two days that has an opening and no closing its closing: interrupted. For the one
 * owner of a data folder, when nothing else can be at work on them. Returns how many there were.
 */
export async function closeInterrupted({ store, began }: ClosingParts): Promise<number> {
  let closed = 0
  for (const age of [0, 1]) {
    const day = new Date(began.getTime() - age * dayMs).toISOString().slice(0, 10)
    for await (const { key } of store.list(`${searchesPrefix}${day}/`)) {
      const object = await store.get(key)
      if (!object) continue
      const record: OpenRecord = JSON.parse(object.body.toString('utf8'))
      if (hasEnded(record.state) || Date.parse(record.started) >= began.getTime()) continue
      try {
        await store.replace(key, JSON.stringify(closing(record, began)), object.etag)
        closed += 1
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error
      }
    }
  }
  return closed
}

function closing(record: OpenRecord, began: Date): OpenRecord & { finished: string } {
  const ended = { ...record, state: 'failed' as const, finished: began.toISOString() }
  if (!record.panels) {
    const detail = 'The server stopped before the file was written. Export again.'
    return { ...ended, ...{ problem: problem('interrupted', detail) } }
  }
  return { ...ended, panels: record.panels.map((panel) => ({ ...panel, outcome: panel.outcome ?? interrupted() })) }
}
