import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { copyFile, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { discard, makeFolder, temporaryName } from './durable.ts'
import { hashFile } from './etags.ts'
import { readingFrom } from './source.ts'

/** The ETag of a finished local file, which is on disk then; `known` is what its hash was found to be. */
export async function hashFinished(file: string, known?: string): Promise<string> {
  const source = await open(file, 'r+')
  try {
    const etag = known ?? (await hashFile(source))
    await source.sync()
    return etag
  } finally {
    await source.close()
  }
}

/** A copy in `folder` of a file that is on another file system. */
export async function copyFinished(file: string, folder: string): Promise<string> {
  await makeFolder(folder)
  const copy = temporaryName(folder)
  try {
    await copyFile(file, copy)
    const handle = await open(copy, 'r+')
    await handle.sync().finally(() => handle.close())
    return copy
  } catch (error) {
    await discard(copy)
    throw error
  }
}

/** Writes a stream to a new file, on disk when this ends, and gives its ETag. Throws SourceError where the stream failed. */
export async function writeStream(body: Readable, file: string): Promise<string> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const chunk of readingFrom(body)) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(hashed, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }))
  return hash.digest('hex')
}
