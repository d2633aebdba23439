import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { checkKey } from '../keys.ts'
import { kindOf } from './s3-errors.ts'

export interface S3Limits {
  /** Bytes of a part of a large object, at least 5 MiB at AWS; smaller objects go in one request. */
  partBytes: number
  /** Parts under way at once: an upload holds so many times `partBytes` in memory. */
  parallelParts: number
  /** How often one call is tried. */
  attempts: number
  /** Milliseconds of the first pause between tries at most; each next one may be twice as long, up to `longestPauseMs`. */
  pauseMs: number
  longestPauseMs: number
}

/** Where in S3 the store's objects are. */
export interface Place {
  client: S3Client
  bucket: string
  /** Empty, or ends with a slash. */
  prefix: string
  limits: S3Limits
}

/** The object's whole name in the bucket. Throws InputError for what is no key. */
export function nameOf({ prefix }: Place, key: string): string {
  checkKey(key)
  return `${prefix}${key}`
}

/** ETags are kept without their quotes, as opaque text. */
export const bare = (etag: string | undefined): string => (etag ?? '').replace(/^"(.*)"$/, '$1')

/** For a condition; undefined where it can be no object's, so that `*` is not taken for any object. */
export const quoted = (etag: string): string | undefined =>
  /^[\x21\x23-\x29\x2b-\x7e]+$/.test(etag) ? `"${etag}"` : undefined

/** Full jitter: those who were refused together do not come back together. */
export async function pause({ pauseMs, longestPauseMs }: S3Limits, attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1)))
}

/** Whether the call may pass when it is made again. */
export const mayPass = (error: unknown): boolean => ['busy', 'unsure'].includes(kindOf(error))

/** Makes a call that may be repeated at will. Throws what the SDK threw last. */
export async function repeated<T>({ limits }: Place, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!mayPass(error) || attempt >= limits.attempts) throw error
      await pause(limits, attempt)
    }
  }
}
