import { randomUUID } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { ConflictError } from '../errors.ts'
import type { ObjectInfo } from '../port.ts'
import { bare, mayPass, nameOf, type Place, pause, quoted } from './place.ts'
import { look, type Seen, WRITE } from './read.ts'
import { kindOf, s3Error } from './s3-errors.ts'

/** Under which a write is allowed: that nothing is there, or the object with this ETag. */
export type Condition = { absent: true } | { etag: string }

export interface Write {
  key: string
  condition: Condition
  /** Goes with the object; equal for all tries of one write and for no other write. */
  id: string
}

const GONE = 'The object is gone.'

export const newWrite = (key: string, condition: Condition): Write => ({ key, condition, id: randomUUID() })

export const metadataOf = ({ id }: Write) => ({ [WRITE]: id })

/** The condition as S3 takes it. Throws ConflictError for what can be no object's ETag. */
export function headersOf({ key, condition }: Write): { IfNoneMatch: '*' } | { IfMatch: string } {
  if ('absent' in condition) return { IfNoneMatch: '*' }
  const match = quoted(condition.etag)
  if (match === undefined) throw conflict(key, condition)
  return { IfMatch: match }
}

function conflict(key: string, condition: Condition, there?: Seen, cause?: unknown): ConflictError {
  const gone = there === undefined && !('absent' in condition)
  const message =
    'absent' in condition ? 'The object exists already.' : gone ? GONE : 'The object was changed by somebody else.'
  return new ConflictError(key, message, { cause })
}

/** Whether the write can still be carried out on what is there. */
const stillFits = ({ condition }: Write, there: Seen | undefined): boolean =>
  'absent' in condition ? there === undefined : there?.etag === condition.etag

export interface Sending {
  /** Carries the write out; gives the ETag. */
  send(): Promise<{ ETag?: string | undefined }>
  size: number
  action: string
}

/**
 * Sends a conditional write until it is known what came of it. A refusal may be the echo of an earlier try of ours whose answer
 * was lost, here or on the way: whose object is there is read from its metadata. Equal bytes of another writer are not ours.
 */
export async function settled(place: Place, write: Write, { send, size, action }: Sending): Promise<ObjectInfo> {
  const { key, condition, id } = write
  const asked = { bucket: place.bucket, action }
  const ours = (there: Seen | undefined): ObjectInfo | undefined =>
    there?.write === id ? { key, etag: there.etag, size: there.size, modified: there.modified } : undefined

  for (let attempt = 1; ; attempt++) {
    try {
      const { ETag } = await send()
      return { key, etag: bare(ETag), size, modified: new Date() }
    } catch (error) {
      const kind = kindOf(error)
      // 404: what was to be replaced is gone. An upload that is gone was completed, or aborted by somebody.
      const refused = kind === 'refused' || kind === 'absent' || kind === 'noUpload'
      const last = attempt >= place.limits.attempts
      if (!refused && !mayPass(error)) throw s3Error(error, asked)
      if (!refused && !last) await pause(place.limits, attempt)
      if (kind === 'busy' && !last) continue
      const there = await look(place, key).catch((unread: unknown) => {
        throw last ? s3Error(error, asked, 'Whether it was written is not known.') : unread
      })
      const done = ours(there)
      if (done) return done
      if (kind === 'noUpload' && stillFits(write, there)) throw new UploadGoneError({ cause: error })
      if (kind === 'absent' || !stillFits(write, there)) throw conflict(key, condition, there, error)
      // What stood in the way was removed again since: then it can be tried again, but not for ever.
      if (last)
        throw kind === 'refused'
          ? conflict(key, condition, there, error)
          : s3Error(error, asked, 'It was not written when S3 was last asked.')
      if (refused) await pause(place.limits, attempt)
    }
  }
}

/** The parts of an upload are gone, and nothing was written: whoever has the bytes may begin again. */
export class UploadGoneError extends Error {
  constructor(options: ErrorOptions) {
    super('The parts that were uploaded are gone.', options)
    this.name = 'UploadGoneError'
  }
}

/** Writes what fits into memory. */
export async function put(place: Place, write: Write, body: Buffer | string): Promise<ObjectInfo> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const command = {
    Bucket: place.bucket,
    Key: nameOf(place, write.key),
    Body: bytes,
    ContentLength: bytes.length,
    Metadata: metadataOf(write),
    ...headersOf(write),
  }
  return settled(place, write, {
    send: () => place.client.send(new PutObjectCommand(command)),
    size: bytes.length,
    action: 's3:PutObject',
  })
}
