import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { InputError } from '../../errors.ts'
import { ConflictError } from '../errors.ts'
import { mayPass, nameOf, type Place, pause, quoted, repeated } from './place.ts'
import { look } from './read.ts'
import { kindOf, s3Error } from './s3-errors.ts'

/**
 * Looks first: removing what is not there would leave a delete marker in a versioned bucket, one more with each try, and a try
 * whose answer was lost is known by the object's absence.
 */
export async function remove(place: Place, key: string, etag?: string): Promise<void> {
  const { client, bucket, limits } = place
  for (let attempt = 1; ; attempt++) {
    const there = await look(place, key)
    if (!there) return
    const match = quoted(there.etag)
    if (etag !== undefined && (there.etag !== etag || match === undefined))
      throw new ConflictError(key, 'The object was changed by somebody else.')
    const condition = etag === undefined || match === undefined ? {} : { IfMatch: match }
    try {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: nameOf(place, key), ...condition }))
      return
    } catch (error) {
      const kind = kindOf(error)
      if (kind === 'absent') return
      if ((kind !== 'refused' && !mayPass(error)) || attempt >= limits.attempts)
        throw s3Error(error, { bucket, action: 's3:DeleteObject' }, 'Whether it was removed is not known.')
      await pause(limits, attempt)
    }
  }
}

/** Takes names as listVersions gives them, those that are no keys of ours among them. */
export async function removeVersion(place: Place, key: string, versionId: string): Promise<void> {
  const { client, bucket } = place
  // Without a version it would be a removal of the latest.
  if (key === '' || versionId === '') throw new InputError('A version is removed by its key and its id.')
  const command = { Bucket: bucket, Key: `${place.prefix}${key}`, VersionId: versionId }
  try {
    await repeated(place, () => client.send(new DeleteObjectCommand(command)))
  } catch (error) {
    if (kindOf(error) !== 'absent') throw s3Error(error, { bucket, action: 's3:DeleteObjectVersion' })
  }
}
