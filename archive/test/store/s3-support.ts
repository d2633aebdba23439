import { createS3Client } from '../../src/store/s3/client.ts'
import { createS3Store, type S3StoreOptions } from '../../src/store/s3/s3-store.ts'
import { startFakeS3 } from './fake-s3/server.ts'

export type FakeOptions = NonNullable<Parameters<typeof startFakeS3>[0]>

/**
 * A store over the real SDK client and a fake S3 on loopback; small parts and pauses. `silenceMs`: after how long without a sign a
 * call is given up; short ones on a busy machine give up what was only slow.
 */
export async function openOnFake(fake: FakeOptions = {}, options: Partial<S3StoreOptions> = {}, silenceMs = 20_000) {
  const s3 = await startFakeS3(fake)
  const client = createS3Client({
    endpoint: s3.endpoint,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { connectionTimeout: 20_000, socketTimeout: silenceMs },
  })
  const store = createS3Store({ client, bucket: 'bucket', pauseMs: 1, partBytes: 1024 * 1024, ...options })
  return {
    s3,
    client,
    store,
    async close() {
      client.destroy()
      await s3.close()
    },
  }
}
