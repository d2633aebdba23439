import { OperatorError } from '../errors.ts'
import { catalogKey } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'
import type { Catalog, CatalogSnapshot } from './port.ts'
import { parseSnapshot } from './snapshot.ts'

/** The snapshots that a crawler elsewhere stored, for those who only read them; each is held for as long as it stays the same object. */
export function createStoredCatalog(store: ObjectStore): Catalog {
  const held = new Map<string, { etag: string; snapshot: CatalogSnapshot }>()
  return {
    async read(application) {
      const key = catalogKey(application)
      const known = held.get(application)
      if (known && (await store.head(key))?.etag === known.etag) return known.snapshot
      const object = await store.get(key)
      const snapshot = object && parseSnapshot(object.body.toString('utf8'))
      if (!object || !snapshot) {
        held.delete(application)
        return undefined
      }
      held.set(application, { etag: object.etag, snapshot })
      return snapshot
    },
    crawl: () => {
      throw new OperatorError('Nothing is crawled here: run `npx muniment crawl` where the archive is loaded.')
    },
  }
}
