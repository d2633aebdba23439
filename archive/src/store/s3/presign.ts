import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { OperatorError } from '../../errors.ts'
import { contentDisposition } from '../content-disposition.ts'
import { nameOf, type Place } from './place.ts'
import { s3Error } from './s3-errors.ts'

/** S3 takes no longer one; with a role's credentials it ends with them, often after an hour. */
const LONGEST_SECONDS = 7 * 24 * 3600

export async function presign(
  place: Place,
  key: string,
  { seconds, fileName, contentType }: { seconds: number; fileName: string; contentType: string },
): Promise<string> {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS)
    throw new OperatorError(`An address in S3 is good for 1 to ${LONGEST_SECONDS} whole seconds.`)
  const command = new GetObjectCommand({
    Bucket: place.bucket,
    Key: nameOf(place, key),
    ResponseContentDisposition: contentDisposition(fileName),
    ResponseContentType: contentType,
    // What a browser or a proxy kept would outlive the address.
    ResponseCacheControl: 'private, no-store',
  })
  try {
    return await getSignedUrl(place.client, command, { expiresIn: seconds })
  } catch (error) {
    throw s3Error(error, { bucket: place.bucket, action: 's3:GetObject' })
  }
}
