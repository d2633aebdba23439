import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { OperatorError } from '../../errors.ts'
import type { ObjectInfo } from '../port.ts'
import { nameOf, type Place, repeated } from './place.ts'
import { look } from './read.ts'
import { kindOf, s3Error } from './s3-errors.ts'
import { headersOf, metadataOf, settled, type Write } from './write.ts'

/** S3 takes no more parts. */
export const MOST_PARTS = 10_000
const action = 's3:PutObject'

/** Fills `buffer` from its beginning and gives how many bytes there were; fewer than fit only at the end. */
export type Fill = (buffer: Buffer) => Promise<number>

interface Upload {
  Bucket: string
  Key: string
  UploadId: string
}

/**
 * Writes a large object in parts, at most `parallelParts` buffers of `partBytes` in memory. What stands at the key is judged when the
 * last part is there. An upload that comes to nothing is aborted.
 */
export async function putParts(place: Place, write: Write, fill: Fill, partBytes: number): Promise<ObjectInfo> {
  // A condition that no object can meet costs no upload.
  headersOf(write)
  const upload = await begin(place, write)
  try {
    const { parts, size } = await sendParts(place, upload, fill, partBytes)
    const command = { ...upload, MultipartUpload: { Parts: parts }, ...headersOf(write) }
    return await settled(place, write, {
      send: () => place.client.send(new CompleteMultipartUploadCommand(command)),
      size,
      action,
    })
  } catch (error) {
    await abort(place, upload)
    // An upload that was completed after all, its answers lost: aborting came too late, and now it is certain.
    const there = await look(place, write.key).catch(() => undefined)
    if (there?.write === write.id)
      return { key: there.key, etag: there.etag, size: there.size, modified: there.modified }
    throw error
  }
}

async function begin(place: Place, write: Write): Promise<Upload> {
  const { client, bucket } = place
  const where = { Bucket: bucket, Key: nameOf(place, write.key) }
  const command = { ...where, Metadata: metadataOf(write), ChecksumAlgorithm: 'CRC32' as const }
  try {
    const { UploadId } = await repeated(place, () => client.send(new CreateMultipartUploadCommand(command)))
    if (UploadId === undefined)
      throw new OperatorError(`S3 began an upload to the bucket ${bucket} and did not name it.`)
    return { ...where, UploadId }
  } catch (error) {
    throw s3Error(error, { bucket, action })
  }
}

async function sendParts(place: Place, upload: Upload, fill: Fill, partBytes: number) {
  const { client, limits, bucket } = place
  const free: Buffer[] = []
  const underWay = new Set<Promise<void>>()
  const parts: CompletedPart[] = []
  const failures: unknown[] = []
  let size = 0

  async function send(buffer: Buffer, length: number, PartNumber: number): Promise<void> {
    const command = { ...upload, PartNumber, Body: buffer.subarray(0, length), ContentLength: length }
    try {
      const { ETag, ChecksumCRC32 } = await repeated(place, () =>
        client.send(new UploadPartCommand({ ...command, ChecksumAlgorithm: 'CRC32' })),
      )
      parts[PartNumber - 1] = { PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) }
      free.push(buffer)
    } catch (error) {
      failures.push(s3Error(error, { bucket, action }))
    }
  }

  try {
    for (let number = 1; failures.length === 0; number++) {
      if (underWay.size >= limits.parallelParts) await Promise.race(underWay)
      const buffer = free.pop() ?? Buffer.allocUnsafe(partBytes)
      const length = await fill(buffer)
      if (length === 0) break
      if (number > MOST_PARTS)
        throw new OperatorError(`An object of more than ${MOST_PARTS} parts of ${partBytes} bytes cannot be stored.`)
      size += length
      const part: Promise<void> = send(buffer, length, number).finally(() => underWay.delete(part))
      underWay.add(part)
      if (length < partBytes) break
    }
  } finally {
    // A part that arrived after the abort would stay, and be paid for.
    await Promise.all(underWay)
  }
  if (failures.length > 0) throw failures[0]
  return { parts, size }
}

/** The bucket's lifecycle rule clears away what could not be aborted. */
async function abort(place: Place, upload: Upload): Promise<void> {
  try {
    await repeated(place, () => place.client.send(new AbortMultipartUploadCommand(upload)))
  } catch (error) {
    if (kindOf(error) !== 'noUpload') return
  }
}
