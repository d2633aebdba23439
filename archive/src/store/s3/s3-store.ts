import type { S3Client } from '@aws-sdk/client-s3'
import { OperatorError } from '../../errors.ts'
import { checkFolder } from '../keys.ts'
import type { ObjectStore, ObjectVersions } from '../port.ts'
import { asSourceSays } from '../source.ts'
import { putFile, putStream } from './from-elsewhere.ts'
import { list, listVersions, names, versioning } from './list.ts'
import { nameOf, type Place, type S3Limits } from './place.ts'
import { presign } from './presign.ts'
import { get, look, stream } from './read.ts'
import { remove, removeVersion } from './remove.ts'
import { newWrite, put } from './write.ts'

export interface S3StoreOptions extends Partial<S3Limits> {
  /** See createS3Client; one that repeats calls by itself is settled with just as well, only later. */
  client: S3Client
  bucket: string
  /** Keys begin below it in the bucket: empty, or a folder that ends with a slash. */
  prefix?: string
}

const MIB = 1024 * 1024

/** Objects in a bucket of S3 (a general purpose bucket, versioned or not), or of a store that keeps its promises. */
export function createS3Store({
  client,
  bucket,
  prefix = '',
  partBytes = 16 * MIB,
  parallelParts = 4,
  attempts = 6,
  pauseMs = 100,
  longestPauseMs = 5_000,
}: S3StoreOptions): ObjectStore & { presign: NonNullable<ObjectStore['presign']>; versions: ObjectVersions } {
  checkFolder(prefix)
  if (partBytes < 1 || parallelParts < 1 || attempts < 1)
    throw new OperatorError('Parts, parallel parts and attempts of an S3 store are at least one.')
  const limits = { partBytes, parallelParts, attempts, pauseMs, longestPauseMs }
  const place: Place = { client, bucket, prefix, limits }
  const absent = (key: string) => newWrite(key, { absent: true })

  return {
    async head(key) {
      const there = await look(place, key)
      if (!there) return undefined
      const { etag, size, modified } = there
      return { key, etag, size, modified }
    },
    get: (key) => get(place, key),
    stream: (key, range) => stream(place, key, range),
    create: (key, body) => put(place, absent(key), body),
    replace: (key, body, etag) => put(place, newWrite(key, { etag }), body),
    createFromFile: (key, file) => putFile(place, absent(key), file),
    replaceFromFile: (key, file, etag) => putFile(place, newWrite(key, { etag }), file),
    async createFromStream(key, body) {
      nameOf(place, key)
      return asSourceSays(() => putStream(place, absent(key), body))
    },
    remove: (key, etag) => remove(place, key, etag),
    list: (prefix) => list(place, prefix),
    names: (folder) => names(place, folder),
    presign: (key, options) => presign(place, key, options),
    versions: {
      state: () => versioning(place),
      list: (prefix) => listVersions(place, prefix),
      remove: (key, versionId) => removeVersion(place, key, versionId),
    },
  }
}
