import { InputError, OperatorError } from '../errors.ts'
import { catalogKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import type { Catalog, CatalogSnapshot, CatalogTable } from './port.ts'
import { makeSnapshot, parseSnapshot } from './snapshot.ts'

export interface Kept {
  etag: string
  /** Undefined where it cannot be read. */
  snapshot: CatalogSnapshot | undefined
}

export async function keptSnapshot(store: ObjectStore, application: string): Promise<Kept | undefined> {
  const object = await store.get(catalogKey(application))
  return object && { etag: object.etag, snapshot: parseSnapshot(object.body.toString()) }
}

/** Keeps what was crawled, unless it is what was kept before. Throws ConflictError where somebody else crawled meanwhile. */
export async function keepTables(
  store: ObjectStore,
  application: string,
  tables: CatalogTable[],
  before: Kept | undefined,
): Promise<{ snapshot: CatalogSnapshot; changed: boolean }> {
  const snapshot = makeSnapshot(application, tables)
  if (before?.snapshot?.version === snapshot.version) return { snapshot: before.snapshot, changed: false }
  const key = catalogKey(application)
  const body = `${JSON.stringify(snapshot)}\n`
  if (before) await store.replace(key, body, before.etag)
  else await store.create(key, body)
  return { snapshot, changed: true }
}

/** `read` of a catalog that crawls: a snapshot is held for as long as it stays the same object. */
export function snapshotReader(store: ObjectStore): Catalog['read'] {
  const held = new Map<string, { etag: string; snapshot: CatalogSnapshot }>()
  return async (application) => {
    if (!/^[a-z][a-z0-9_]*$/.test(application)) throw new InputError('This is not a name of an application.')
    const info = await store.head(catalogKey(application))
    if (!info) return undefined
    const known = held.get(application)
    if (known?.etag === info.etag) return known.snapshot
    const found = await keptSnapshot(store, application)
    if (!found) return undefined
    if (!found.snapshot)
      throw new OperatorError(
        `${catalogKey(application)} cannot be read. It is made anew by: npx muniment crawl --application ${application}`,
      )
    held.set(application, { etag: found.etag, snapshot: found.snapshot })
    return found.snapshot
  }
}

const MOST_TRIES = 5

/** Crawls again where somebody else crawled meanwhile, and may have seen more. */
export async function untilKept<T>(crawlOnce: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await crawlOnce()
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= MOST_TRIES) throw error
    }
  }
}
