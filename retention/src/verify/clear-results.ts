import { setTimeout as sleep } from 'node:timers/promises'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import type { ExecuteDeps } from '../execute/ports.ts'
import { removeWholly } from '../execute/purge.ts'

/** Of a search's or an export's record as much as tells whether it may have seen what is gone. */
const Seen = z.looseObject({
  application: z.string().optional(),
  started: z.string(),
  state: z.string(),
  execution: z.string().optional(),
  panels: z.array(z.looseObject({ execution: z.string().optional() })).default([]),
})

const RESULTS = 'results/'
const SEARCHES = 'searches/'
const DAY = 86_400_000

const read = async (store: ObjectStore, key: string) => {
  const object = await store.get(key)
  try {
    return object && Seen.parse(JSON.parse(object.body.toString('utf8')))
  } catch {
    return undefined
  }
}

const underWay = (state: string) => state === 'queued' || state === 'running'

/** Records of searches by id, and of their exports, of the days from `from` on: older ones have ended and their results are swept. */
async function records(store: ObjectStore, from: string) {
  const searches = new Map<string, string>()
  const exports = new Map<string, string[]>()
  for await (const day of store.names(SEARCHES)) {
    if (!day.endsWith('/') || day.slice(0, -1) < from) continue
    for await (const { key } of store.list(`${SEARCHES}${day}`)) {
      const [, , id = '', kind] = key.split('/')
      if (kind === undefined) searches.set(id.replace(/\.json$/, ''), key)
      else if (kind === 'exports') exports.set(id, [...(exports.get(id) ?? []), key])
    }
  }
  return { searches, exports }
}

export interface Cleared {
  /** Objects removed. */
  removed: number
  /** Ids of searches or exports that did not end in time. */
  unfinished: string[]
}

/**
 * Stored results and exports that may show what is gone: all of the application's searches that began before `commit`, and those of which it
 * cannot be told. Those under way are awaited, then cancelled in the engine.
 */
export async function clearResults(
  { store, engine }: Pick<ExecuteDeps, 'store' | 'engine'>,
  application: string,
  commit: string,
  patienceMs = 60_000,
): Promise<Cleared> {
  const from = new Date(Date.parse(commit) - 3 * DAY).toISOString().slice(0, 10)
  const { searches, exports } = await records(store, from)
  const cleared: Cleared = { removed: 0, unfinished: [] }
  const before = async (id: string) => {
    const key = searches.get(id)
    const record = key === undefined ? undefined : await read(store, key)
    return !record || (record.application === application && !(record.started > commit))
  }
  const until = performance.now() + patienceMs
  for (const [id, key] of searches) {
    if (!(await before(id))) continue
    for (const one of [key, ...(exports.get(id) ?? [])]) {
      let record = await read(store, one)
      while (record && underWay(record.state) && performance.now() < until) {
        await sleep(200)
        record = await read(store, one)
      }
      if (!record || !underWay(record.state)) continue
      for (const execution of [record.execution, ...record.panels.map((panel) => panel.execution)])
        if (execution !== undefined) await engine.cancel(execution).catch(() => undefined)
      cleared.unfinished.push(id)
    }
  }
  for await (const name of store.names(RESULTS)) {
    if (!(await before(name.replace(/\/$/, '')))) continue
    const keys: string[] = []
    for await (const { key } of store.list(`${RESULTS}${name}`)) keys.push(key)
    for (const key of keys) {
      await removeWholly(store, key)
      cleared.removed++
    }
    // What was removed earlier may have left versions.
    for await (const { key, latest } of store.versions?.list(`${RESULTS}${name}`) ?? [])
      if (!latest) await removeWholly(store, key)
  }
  return cleared
}
