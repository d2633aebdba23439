import { Readable } from 'node:stream'
import { NotFoundError } from '../../src/errors.ts'
import { ConflictError } from '../../src/store/errors.ts'
import { etagOf } from '../../src/store/etags.ts'
import { checkKey, compareKeys } from '../../src/store/keys.ts'
import type { ObjectInfo, ObjectStore } from '../../src/store/port.ts'

/** An object store in memory, with the promises of the port; `files` is what it holds, for whoever tampers with it. */
export interface MemoryStore extends ObjectStore {
  files: Map<string, Buffer>
}

export function memoryStore(files = new Map<string, Buffer>()): MemoryStore {
  const infoOf = (key: string, body: Buffer): ObjectInfo => ({
    key,
    etag: etagOf(body),
    size: body.length,
    modified: new Date(0),
  })
  return {
    files,
    async head(key) {
      const body = files.get(key)
      return body && infoOf(key, body)
    },
    async get(key) {
      const body = files.get(key)
      return body && { ...infoOf(key, body), body }
    },
    async stream(key) {
      const body = files.get(key)
      if (!body) throw new NotFoundError()
      return Readable.from([body])
    },
    async create(key, body) {
      checkKey(key)
      if (files.has(key)) throw new ConflictError(key, 'The object exists already.')
      files.set(key, Buffer.from(body))
      return infoOf(key, Buffer.from(body))
    },
    async replace(key, body, etag) {
      const there = files.get(key)
      if (!there || etagOf(there) !== etag) throw new ConflictError(key, 'The object was changed by somebody else.')
      files.set(key, Buffer.from(body))
      return infoOf(key, Buffer.from(body))
    },
    createFromFile: () => Promise.reject(new Error('not needed here')),
    replaceFromFile: () => Promise.reject(new Error('not needed here')),
    createFromStream: () => Promise.reject(new Error('not needed here')),
    async remove(key) {
      files.delete(key)
    },
    async *names(folder) {
      const below = [...files.keys()].filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length))
      yield* [...new Set(below.map((rest) => /^[^/]*\/?/.exec(rest)?.[0] ?? ''))].sort(compareKeys)
    },
    async *list(prefix) {
      for (const key of [...files.keys()].filter((one) => one.startsWith(prefix)).sort(compareKeys)) {
        const body = files.get(key)
        if (body) yield infoOf(key, body)
      }
    },
  }
}

export const copyOf = (store: MemoryStore): MemoryStore => memoryStore(new Map(store.files))
