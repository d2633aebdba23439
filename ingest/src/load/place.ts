import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { OperatorError } from '@muniment/archive/errors'
import { tablePrefix } from '@muniment/archive/layout'
import type { Table } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectInfo, ObjectStore } from '@muniment/archive/store/port'
import type { WrittenFile } from '../tables/write.ts'

export interface StagedFile extends WrittenFile {
  sha256: string
  rows: number
}

export const objectKey = (application: string, table: Table, file: { name: string }) =>
  `${tablePrefix(application, table.domain, table.name)}${file.name}`

export async function sha256OfObject(store: ObjectStore, info: ObjectInfo): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await store.stream(info.key, { etag: info.etag })) hash.update(chunk)
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

export async function createOnceFromFile(store: ObjectStore, key: string, file: string): Promise<ObjectInfo> {
  try {
    if (existsSync(file)) return await store.createFromFile(key, file)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
  const info = await store.head(key)
  if (!info) throw new OperatorError(`${key} was to be created and its staged file has gone; start the load again.`)
  return info
}

/**
 * Moves a staged file to its place, create-only, and reads it there: what arrived must be what was verified. Can be
 * repeated, whatever an earlier attempt got done.
 */
export async function placeFile(store: ObjectStore, key: string, file: StagedFile): Promise<ObjectInfo> {
  const info = await createOnceFromFile(store, key, file.path)
  if ((await sha256OfObject(store, info)) !== file.sha256)
    throw new OperatorError(`${key} is not the file that was verified; nothing of this load is visible.`)
  return info
}
