import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { NotFoundError } from '../../errors.ts'
import { ConflictError } from '../errors.ts'
import type { ObjectInfo, StoredObject } from '../port.ts'
import { bare, mayPass, nameOf, type Place, pause, quoted, repeated } from './place.ts'
import { kindOf, s3Error, TruncatedError } from './s3-errors.ts'

/** Names the write that made an object: by it a writer knows its own work again. */
export const WRITE = 'muniment-write'

export interface Seen extends ObjectInfo {
  /** Which write made it; undefined where it was none of ours. */
  write: string | undefined
}

const READ = 's3:GetObject'
const changed = (key: string, cause?: unknown) =>
  new ConflictError(key, 'The object is not the one that was read before.', { cause })

/** What stands at the key now. */
export async function look(place: Place, key: string): Promise<Seen | undefined> {
  const { client, bucket } = place
  const command = { Bucket: bucket, Key: nameOf(place, key) }
  try {
    const head = await repeated(place, () => client.send(new HeadObjectCommand(command)))
    const { ETag, ContentLength: size = 0, LastModified: modified = new Date(0), Metadata } = head
    return { key, etag: bare(ETag), size, modified, write: Metadata?.[WRITE] }
  } catch (error) {
    if (kindOf(error) === 'absent') return undefined
    throw s3Error(error, { bucket, action: READ })
  }
}

export async function get(place: Place, key: string): Promise<StoredObject | undefined> {
  const { client, bucket } = place
  const command = { Bucket: bucket, Key: nameOf(place, key) }
  try {
    return await repeated(place, async () => {
      const got = await client.send(new GetObjectCommand(command))
      const bytes = (await got.Body?.transformToByteArray()) ?? new Uint8Array()
      if (got.ContentLength !== undefined && bytes.length !== got.ContentLength) throw new TruncatedError()
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return { key, etag: bare(got.ETag), size: body.length, modified: got.LastModified ?? new Date(0), body }
    })
  } catch (error) {
    if (kindOf(error) === 'absent') return undefined
    throw s3Error(error, { bucket, action: READ })
  }
}

interface Opened {
  body: Readable
  etag: string
  /** Offset in the object after its last byte. */
  end: number
}

/** Opens the bytes from `start`; undefined where there are none. */
async function openRange(
  place: Place,
  key: string,
  start: number,
  end: number | undefined,
  etag: string | undefined,
): Promise<Opened | undefined> {
  const { client, bucket } = place
  const match = etag === undefined ? undefined : quoted(etag)
  if (etag !== undefined && match === undefined) throw changed(key)
  const range = start > 0 || end !== undefined ? `bytes=${start}-${end === undefined ? '' : end - 1}` : undefined
  const command = {
    Bucket: bucket,
    Key: nameOf(place, key),
    ...(range === undefined ? {} : { Range: range }),
    ...(match === undefined ? {} : { IfMatch: match }),
  }
  try {
    const got = await repeated(place, () => client.send(new GetObjectCommand(command)))
    const body = got.Body instanceof Readable ? got.Body : Readable.from([])
    return { body, etag: bare(got.ETag), end: start + (got.ContentLength ?? 0) }
  } catch (error) {
    const kind = kindOf(error)
    if (kind === 'absent') throw new NotFoundError(undefined, { cause: error })
    if (kind === 'refused') throw changed(key, error)
    if (kind === 'outOfRange') return undefined
    throw s3Error(error, { bucket, action: READ })
  }
}

/**
 * The bytes of what was opened; where the connection breaks it goes on from there, as long as the object is still the same.
 */
function resuming(place: Place, key: string, opened: Opened, start: number): Readable {
  let { body } = opened
  const { etag, end } = opened
  async function* chunks() {
    let at = start
    for (let failures = 0; at < end; ) {
      const parts = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
      try {
        for (;;) {
          const { done, value } = await next(parts)
          if (done) break
          at += value.length
          failures = 0
          yield value
        }
        return
      } catch (error) {
        // What the reader throws in here is no broken connection; and whole but wrong is not mended by going on.
        if (!(error instanceof BrokenBody)) throw error
        failures++
        if (at >= end || failures >= place.limits.attempts || !mayPass(error.cause))
          throw s3Error(error.cause, { bucket: place.bucket, action: READ })
        await pause(place.limits, failures)
        const again = await openRange(place, key, at, end, etag)
        if (!again) throw changed(key)
        body = again.body
      }
    }
    async function next(parts: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
      try {
        const part = await parts.next()
        if (part.done && at < end) throw new TruncatedError()
        return part
      } catch (error) {
        throw new BrokenBody('The body broke off.', { cause: error })
      }
    }
  }
  const stream = Readable.from(chunks(), { objectMode: false, highWaterMark: 256 * 1024 })
  // One that is never read to its end would keep its connection.
  stream.once('close', () => body.destroy())
  return stream
}

class BrokenBody extends Error {}

export async function stream(
  place: Place,
  key: string,
  range: { start?: number; end?: number; etag?: string } = {},
): Promise<Readable> {
  const start = Math.max(0, range.start ?? 0)
  const end = range.end === undefined || range.end === Number.POSITIVE_INFINITY ? undefined : range.end
  if (end === undefined || start < end) {
    const opened = await openRange(place, key, start, end, range.etag)
    if (opened) return resuming(place, key, opened, start)
  }
  // S3 has no range without bytes; but whether the object is there, and which, is to be told all the same.
  const there = await look(place, key)
  if (!there) throw new NotFoundError()
  if (range.etag !== undefined && range.etag !== there.etag) throw changed(key)
  return Readable.from([])
}
