import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
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

/** A local file by its hash; `copied` where it stays, and is told how many bytes went. */
export interface PlacedFile {
  path: string
  sha256: string
  copied?: (bytes: number) => void
}

async function* counted({ path, copied }: PlacedFile): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    copied?.((chunk as Buffer).length)
    yield chunk as Buffer
  }
}

const put = (store: ObjectStore, key: string, file: PlacedFile) =>
  file.copied ? store.createFromStream(key, Readable.from(counted(file))) : store.createFromFile(key, file.path)

/**
 * Moves (or copies) a local file in place, create-only, and reads it there: what arrived must be what was hashed before. Can be repeated,
 * whatever an earlier attempt got done: what it left is kept if it is the same, and else replaced, as nothing uncommitted is anybody's.
 */
export async function placeFile(store: ObjectStore, key: string, file: PlacedFile): Promise<ObjectInfo> {
  const there = await store.head(key)
  if (there) {
    if ((await sha256OfObject(store, there)) === file.sha256) return there
    await store.remove(key, there.etag)
  }
  if (!existsSync(file.path)) throw new OperatorError(`The staged file for ${key} has gone; start the load again.`)
  const info = await put(store, key, file)
  if ((await sha256OfObject(store, info)) !== file.sha256)
    throw new OperatorError(`${key} is not the file that was verified; nothing of this load is visible.`)
  return info
}

/** The same for a paper of the load, which is hashed as it lies there. */
export async function placePaper(store: ObjectStore, key: string, path: string): Promise<void> {
  if (existsSync(path)) await placeFile(store, key, { path, sha256: await sha256Of(path) })
}
