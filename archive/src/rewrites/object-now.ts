import { createHash } from 'node:crypto'
import type { ObjectInfo, ObjectStore } from '../store/port.ts'
import type { StoredRewrite } from './rewrites.ts'

/** An object as its load wrote it. */
export interface LoadedAs {
  key: string
  etag: string
  size: number
  rows: number
}

/**
 * What an object is, by what its load and the rewrites since say of it. `gone`: a rewrite removed it, or is about to, and nothing of it is to
 * be read. `missing` and `altered`: nothing accounts for it.
 */
export type ObjectNow =
  | { state: 'as-loaded'; etag: string; size: number; rows: number }
  | { state: 'rewritten'; etag: string; size: number; rows: number; rewrite: StoredRewrite }
  | { state: 'gone'; rewrite: StoredRewrite }
  | { state: 'missing' }
  | { state: 'altered' }

async function hashOf(store: ObjectStore, { key, etag }: ObjectInfo): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await store.stream(key, { etag })) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * `info`: what is there now. By ETag where one is known; else its bytes are hashed, which happens only between a rewrite and the mark that it
 * was applied. Rewrites hold a nonce, so that no two of them have the same bytes.
 */
export async function objectNow(
  store: ObjectStore,
  loaded: LoadedAs,
  rewrites: readonly StoredRewrite[],
  info: ObjectInfo | undefined,
): Promise<ObjectNow> {
  const last = rewrites.findLast(({ applied }) => applied)
  const later = last ? rewrites.slice(rewrites.indexOf(last) + 1) : rewrites
  const removal = later.findLast(({ after }) => after === null)
  // Of one that was removed the key is never used again.
  if (last?.after === null) return info ? { state: 'altered' } : { state: 'gone', rewrite: last }
  if (!info) return removal ? { state: 'gone', rewrite: removal } : { state: 'missing' }
  const before = last?.after
    ? { etag: last.applied?.etag, size: last.after.size, rows: last.after.rows }
    : { etag: loaded.etag, size: loaded.size, rows: loaded.rows }
  const { etag, size } = info
  if (etag === before.etag && size === before.size) {
    if (removal) return { state: 'gone', rewrite: removal }
    const { rows } = before
    return last ? { state: 'rewritten', etag, size, rows, rewrite: last } : { state: 'as-loaded', etag, size, rows }
  }
  const candidates = later.filter(({ after }) => after?.size === size)
  if (candidates.length === 0) return { state: 'altered' }
  const sha256 = await hashOf(store, info)
  const rewrite = candidates.find(({ after }) => after?.sha256 === sha256)
  return rewrite?.after ? { state: 'rewritten', etag, size, rows: rewrite.after.rows, rewrite } : { state: 'altered' }
}
