import { open, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileError } from '../file-errors.ts'
import type { ObjectInfo } from '../port.ts'
import { readingFrom } from '../source.ts'
import { type Fill, MOST_PARTS, putParts } from './multipart.ts'
import type { Place } from './place.ts'
import { put, UploadGoneError, type Write } from './write.ts'

/** How often a file is sent again from its first byte when its parts were lost. */
const AGAIN = 2

/** Moves a finished local file to S3. */
export async function putFile(place: Place, write: Write, file: string): Promise<ObjectInfo> {
  const source = await open(file, 'r').catch((error: unknown) => {
    throw fileError(error, file)
  })
  const send = async (): Promise<ObjectInfo> => {
    let position = 0
    const fill: Fill = async (buffer) => {
      let filled = 0
      while (filled < buffer.length) {
        const { bytesRead } = await source
          .read(buffer, filled, buffer.length - filled, position)
          .catch((error: unknown) => {
            throw fileError(error, file)
          })
        if (bytesRead === 0) break
        filled += bytesRead
        position += bytesRead
      }
      return filled
    }
    const { size } = await source.stat()
    const { partBytes } = place.limits
    if (size <= partBytes) {
      const buffer = Buffer.allocUnsafe(size + 1)
      return put(place, write, buffer.subarray(0, await fill(buffer)))
    }
    return putParts(place, write, fill, Math.max(partBytes, Math.ceil(size / MOST_PARTS)))
  }
  try {
    for (let again = 0; ; again++) {
      try {
        const info = await send()
        await rm(file, { force: true })
        return info
      } catch (error) {
        if (!(error instanceof UploadGoneError) || again >= AGAIN) throw error
      }
    }
  } finally {
    await source.close()
  }
}

/** Throws SourceError where the stream failed; nothing is written then. */
export async function putStream(place: Place, write: Write, body: Readable): Promise<ObjectInfo> {
  const { partBytes } = place.limits
  const chunks = readingFrom(body)
  let rest: Buffer = Buffer.alloc(0)
  const fill: Fill = async (buffer) => {
    let filled = 0
    while (filled < buffer.length) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next()
        if (done) break
        rest = value
      }
      const taken = rest.copy(buffer, filled)
      rest = rest.subarray(taken)
      filled += taken
    }
    return filled
  }
  try {
    // What fits into one part is one request.
    let first: Buffer | undefined = Buffer.allocUnsafe(partBytes)
    const length = await fill(first)
    if (length < partBytes) return await put(place, write, first.subarray(0, length))
    return await putParts(
      place,
      write,
      async (buffer) => {
        if (!first) return fill(buffer)
        first.copy(buffer)
        first = undefined
        return length
      },
      partBytes,
    )
  } finally {
    await chunks.return(undefined)
    body.destroy()
  }
}
