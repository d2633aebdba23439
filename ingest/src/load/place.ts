import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { OperatorError } from '@muniment/archive/errors'
import { tablePrefix } from '@muniment/archive/layout'
import type { Table } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectInfo, ObjectStore } from '@muniment/archive/store/port'
import { sha256Of } from '../delivery/sha256.ts'
import type { WrittenFile } from '../tables/write.ts'

export interface StagedFile extends WrittenFile {
  sha256: string
  rows: number
}

export const objectKey = (application: string, table: Table, file: { name: string }) =>
  `${tablePrefix(application, table.domain, table.name)}${file.name}`

async function sha256OfObject(store: ObjectStore, { key, etag }: ObjectInfo): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await store.stream(key, { etag })) hash.update(chunk)
  return hash.digest('hex')
}

/** Creates an object; one that is there already, from an earlier attempt at the same load, stays. */
export async function createOnce(store: ObjectStore, key: string, body: Buffer | string): Promise<void> {
  try {
    await store.create(key, body)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
}

/**
 * Moves a local file in place, create-only, and reads it there: what arrived must be what was hashed before. Can be repeated,
 * whatever an earlier attempt got done: what it left is kept if it is the same, and else replaced, as nothing uncommitted is anybody's.
 */
export async function placeFile(
  store: ObjectStore,
  key: string,
  file: { path: string; sha256: string },
): Promise<ObjectInfo> {
  const there = await store.head(key)
  if (there) {
    if ((await sha256OfObject(store, there)) === file.sha256) return there
    await store.remove(key, there.etag)
  }
  if (!existsSync(file.path)) throw new OperatorError(`The staged file for ${key} has gone; start the load again.`)
  const info = await store.createFromFile(key, file.path)
  if ((await sha256OfObject(store, info)) !== file.sha256)
    throw new OperatorError(`${key} is not the file that was verified; nothing of this load is visible.`)
  return info
}

/** The same for a paper of the load, which is hashed as it lies there. */
export async function placePaper(store: ObjectStore, key: string, path: string): Promise<void> {
  if (existsSync(path)) await placeFile(store, key, { path, sha256: await sha256Of(path) })
}
