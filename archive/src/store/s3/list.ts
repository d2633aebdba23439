import {
  type DeleteMarkerEntry,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3'
import { checkFolder, compareKeys, isKey } from '../keys.ts'
import type { ObjectInfo, ObjectVersion } from '../port.ts'
import { bare, type Place, repeated } from './place.ts'
import { s3Error } from './s3-errors.ts'

/**
 * Keys are asked for percent-encoded, since XML cannot hold all of them; a space may come as `+`. A store that gives them as
 * they are does not say `url`.
 */
const decoderOf =
  ({ EncodingType }: { EncodingType?: string | undefined }) =>
  (name = ''): string =>
    EncodingType === 'url' ? decodeURIComponent(name.replaceAll('+', ' ')) : name

const cannotBegin = (prefix: string) => /\p{Cs}|\0/u.test(prefix) || Buffer.byteLength(prefix) > 1024

async function* pages(place: Place, prefix: string, delimiter?: '/') {
  const { client, bucket } = place
  if (cannotBegin(prefix)) return
  for (let token: string | undefined; ; ) {
    const command = {
      Bucket: bucket,
      Prefix: `${place.prefix}${prefix}`,
      EncodingType: 'url' as const,
      ...(delimiter ? { Delimiter: delimiter } : {}),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    }
    const page = await repeated(place, () => client.send(new ListObjectsV2Command(command))).catch((error: unknown) => {
      throw s3Error(error, { bucket, action: 's3:ListBucket' })
    })
    yield page
    token = page.NextContinuationToken
    if (!page.IsTruncated || token === undefined) return
  }
}

/** In the order of keys, one page in memory at a time. What our code would refuse as a key is not shown. */
export async function* list(place: Place, prefix: string): AsyncGenerator<ObjectInfo> {
  for await (const page of pages(place, prefix)) {
    const decoded = decoderOf(page)
    for (const { Key, ETag, Size: size = 0, LastModified: modified = new Date(0) } of page.Contents ?? []) {
      const key = decoded(Key).slice(place.prefix.length)
      if (isKey(key)) yield { key, etag: bare(ETag), size, modified }
    }
  }
}

export async function* names(place: Place, folder: string): AsyncGenerator<string> {
  checkFolder(folder)
  const before = `${place.prefix}${folder}`.length
  for await (const page of pages(place, folder, '/')) {
    const { Contents = [], CommonPrefixes = [] } = page
    const decoded = decoderOf(page)
    const objects = Contents.map(({ Key }) => decoded(Key).slice(before))
    const folders = CommonPrefixes.map(({ Prefix }) => decoded(Prefix).slice(before))
    const shown = [
      ...objects.filter((name) => isKey(`${folder}${name}`)),
      ...folders.filter((name) => isKey(`${folder}${name.slice(0, -1)}`)),
    ]
    yield* shown.sort(compareKeys)
  }
}

/** Of one page, or of several together: S3 gives versions and markers apart. */
function inOrder(versions: ObjectVersion[]): ObjectVersion[] {
  return versions.sort(
    (left, right) =>
      compareKeys(left.key, right.key) ||
      Number(right.latest) - Number(left.latest) ||
      right.modified.getTime() - left.modified.getTime(),
  )
}

export async function* listVersions(place: Place, prefix: string): AsyncGenerator<ObjectVersion> {
  const { client, bucket } = place
  if (cannotBegin(prefix)) return
  for (let after: { KeyMarker?: string; VersionIdMarker?: string } = {}; ; ) {
    const command = { Bucket: bucket, Prefix: `${place.prefix}${prefix}`, EncodingType: 'url' as const, ...after }
    const page = await repeated(place, () => client.send(new ListObjectVersionsCommand(command))).catch(
      (error: unknown) => {
        throw s3Error(error, { bucket, action: 's3:ListBucketVersions' })
      },
    )
    const decoded = decoderOf(page)
    const common = (one: DeleteMarkerEntry) => ({
      key: decoded(one.Key).slice(place.prefix.length),
      versionId: one.VersionId ?? 'null',
      latest: one.IsLatest ?? false,
      modified: one.LastModified ?? new Date(0),
    })
    yield* inOrder([
      ...(page.Versions ?? []).map((one) => ({
        ...common(one),
        deleteMarker: false,
        etag: bare(one.ETag),
        size: one.Size ?? 0,
      })),
      ...(page.DeleteMarkers ?? []).map((one) => ({ ...common(one), deleteMarker: true, size: 0 })),
    ])
    if (!page.IsTruncated || page.NextKeyMarker === undefined) return
    after = {
      KeyMarker: decoded(page.NextKeyMarker),
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    }
  }
}

export async function versioning(place: Place): Promise<'enabled' | 'suspended' | 'never'> {
  const { client, bucket } = place
  try {
    const { Status } = await repeated(place, () => client.send(new GetBucketVersioningCommand({ Bucket: bucket })))
    return Status === 'Enabled' ? 'enabled' : Status === 'Suspended' ? 'suspended' : 'never'
  } catch (error) {
    throw s3Error(error, { bucket, action: 's3:GetBucketVersioning' })
  }
}
