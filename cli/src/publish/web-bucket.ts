import { setTimeout as sleep } from 'node:timers/promises'
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { kindOf, s3Error } from '@muniment/archive/store/s3/s3-errors'

export interface WebFile {
  /** Without a slash before it. */
  key: string
  body: Buffer
  /** SHA-256 in hexadecimal, kept with the object. */
  sha256: string
  contentType: string
  cacheControl: string
}

/** Where the web application's files lie. */
export interface WebBucket {
  /** What the object says of itself; undefined where there is none. */
  look(key: string): Promise<Pick<WebFile, 'sha256' | 'contentType' | 'cacheControl'> | undefined>
  put(file: WebFile): Promise<void>
}

const ATTEMPTS = 5

/** Both calls may be repeated at will. */
async function repeated<T>(bucket: string, action: string, call: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const kind = kindOf(error)
      if (kind === 'absent') return undefined
      if (!['busy', 'unsure'].includes(kind) || attempt >= ATTEMPTS) throw s3Error(error, { action, bucket })
      await sleep(Math.random() * 200 * 2 ** attempt)
    }
  }
}

export function createWebBucket(client: S3Client, bucket: string): WebBucket {
  return {
    async look(key) {
      const head = new HeadObjectCommand({ Bucket: bucket, Key: key })
      const there = await repeated(bucket, 's3:GetObject', () => client.send(head))
      if (!there) return undefined
      const { Metadata = {}, ContentType = '', CacheControl = '' } = there
      return { sha256: Metadata.sha256 ?? '', contentType: ContentType, cacheControl: CacheControl }
    },
    async put({ key, body, sha256, contentType, cacheControl }) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        CacheControl: cacheControl,
        Metadata: { sha256 },
      })
      await repeated(bucket, 's3:PutObject', () => client.send(command))
    },
  }
}
