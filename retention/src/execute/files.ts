import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'

/** Copies an object into a local file, as long as it has `etag`; gives its sha-256, hex. */
export async function fetchFile(store: ObjectStore, key: string, file: string, etag?: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true })
  const hash = createHash('sha256')
  const hashed = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(await store.stream(key, etag === undefined ? {} : { etag }), hashed, createWriteStream(file))
  return hash.digest('hex')
}

export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Creates, and gives what stands there then: this, or what somebody else (or this very call, sent twice) put there first. */
export async function createOrRead(store: ObjectStore, key: string, body: Buffer | string): Promise<Buffer> {
  try {
    await store.create(key, body)
    return Buffer.from(body)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const there = await store.get(key)
    if (!there) throw error
    return there.body
  }
}
