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

interface Held {
  result: PanelResult
  /** Of the object; undefined while it is being written. */
  etag: string | undefined
  bytes: number
}

export type Results = ReturnType<typeof createResults>

/** Parsed results are held in memory, but shown only while the store still has them: what was swept or erased is gone at once. */
export function createResults(store: ObjectStore, cacheBytes: number) {
  const cache = createLru<Held>(cacheBytes, ({ bytes }) => bytes)
  /** Not in the store yet, so not to be forgotten. */
  const writing = new Map<string, Held>()

  async function write(key: string, body: string, held: Held): Promise<void> {
    try {
      held.etag = (await store.create(key, body)).etag
      cache.set(key, held)
    } catch (error) {
      // The same execution collected twice, by a second process: its rows are the same.
      if (!(error instanceof ConflictError)) throw error
    } finally {
      writing.delete(key)
    }
  }

  return {
    /** Can be read at once; the function that it gives makes it durable. */
    hold(search: string, panel: string, result: PanelResult): () => Promise<void> {
      const key = resultKey(search, panel)
      const body = JSON.stringify(result)
      const held: Held = { result, etag: undefined, bytes: weight(body) }
      writing.set(key, held)
      return () => write(key, body, held)
    },

    /** Whether reading costs no more than a look at the store. */
    holds(search: string, panel: string): boolean {
      const key = resultKey(search, panel)
      return writing.has(key) || cache.get(key) !== undefined
    },

    /** Undefined once it was swept. */
    async read(search: string, panel: string): Promise<PanelResult | undefined> {
      const key = resultKey(search, panel)
      const fresh = writing.get(key)
      if (fresh) return fresh.result
      const held = cache.get(key)
      if (held && held.etag === (await store.head(key))?.etag) return held.result
      const object = await store.get(key)
      if (!object) {
        cache.remove(key)
        return undefined
      }
      const body = object.body.toString('utf8')
      const result: PanelResult = JSON.parse(body)
      cache.set(key, { result, etag: object.etag, bytes: weight(body) })
      return result
    },
  }
}

/** Parsed rows take about three times their text. */
const weight = (body: string): number => 3 * body.length + 512
