import { createReadStream, statSync } from 'node:fs'
import {
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import type { ResultStore } from './result-store.ts'

export function createS3Store(config: S3ClientConfig): ResultStore {
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  return {
    bucketExists: (bucket) =>
      s3.send(new HeadBucketCommand({ Bucket: bucket })).then(
        () => true,
        () => false,
      ),
    async put({ bucket, key }, body, contentType) {
      const content = Buffer.isBuffer(body)
        ? { Body: body }
        : { Body: createReadStream(body.file), ContentLength: statSync(body.file).size }
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, ContentType: contentType, ...content }))
    },
    async read({ bucket, key }, from) {
      try {
        const range = from > 0 ? { Range: `bytes=${from}-` } : {}
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }))
        return Body as AsyncIterable<Uint8Array> | undefined
      } catch (error) {
        if (error instanceof Error && ['NoSuchKey', 'NoSuchBucket', 'NotFound'].includes(error.name)) return undefined
        throw error
      }
    },
    async list({ bucket, key }, limit = Number.POSITIVE_INFINITY) {
      const keys: string[] = []
      const pageSize = Math.min(limit, 1000)
      for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: bucket, Prefix: key })) {
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
        if (keys.length >= limit) break
      }
      return keys.slice(0, limit)
    },
  }
}
