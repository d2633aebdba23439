import type { ResultColumn, Row } from '@muniment/archive/engine/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { resultKey } from './keys.ts'
import { createLru } from './lru.ts'

/** What a panel shows pages of: results/<search>/<panel>.json. */
export interface PanelResult {
  columns: ResultColumn[]
  rows: Row[]
}

export type Results = ReturnType<typeof createResults>

export function createResults(store: ObjectStore, cacheBytes: number) {
  const cache = createLru<{ result: PanelResult; bytes: number }>(cacheBytes, ({ bytes }) => bytes)

  return {
    /** Kept in memory at once; the promise is kept when it is durable. */
    async create(search: string, panel: string, result: PanelResult): Promise<void> {
      const key = resultKey(search, panel)
      const body = JSON.stringify(result)
      cache.set(key, { result, bytes: weight(body) })
      try {
        await store.create(key, body)
      } catch (error) {
        // The same execution collected twice, by a second process: its rows are the same.
        if (!(error instanceof ConflictError)) throw error
      }
    },

    /** Undefined once it was swept. */
    async read(search: string, panel: string): Promise<PanelResult | undefined> {
      const key = resultKey(search, panel)
      const known = cache.get(key)
      if (known) return known.result
      const object = await store.get(key)
      if (!object) return undefined
      const body = object.body.toString('utf8')
      const result: PanelResult = JSON.parse(body)
      cache.set(key, { result, bytes: weight(body) })
      return result
    },

    forget(search: string, panel: string): void {
      cache.remove(resultKey(search, panel))
    },
  }
}

/** Parsed rows take about three times their text. */
const weight = (body: string): number => 3 * body.length + 512
