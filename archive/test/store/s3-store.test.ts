import { createS3Client } from '../../src/store/s3/client.ts'
import { createS3Store, type S3StoreOptions } from '../../src/store/s3/s3-store.ts'
import { describeStore } from './contract.ts'
import { startFakeS3 } from './fake-s3/server.ts'

type FakeOptions = NonNullable<Parameters<typeof startFakeS3>[0]>

async function open(fake: FakeOptions, options: Partial<S3StoreOptions>) {
  const s3 = await startFakeS3(fake)
  const client = createS3Client({
    endpoint: s3.endpoint,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const store = createS3Store({ client, bucket: 'bucket', pauseMs: 1, partBytes: 1024 * 1024, ...options })
  return {
    store,
    async close() {
      client.destroy()
      await s3.close()
    },
  }
}

describeStore('the S3 store', () => open({}, {}))
describeStore('the S3 store below a prefix of a versioned bucket with opaque ETags and short pages', () =>
  open({ versioned: true, opaqueEtags: true, pageSize: 13 }, { prefix: 'a b+ä/', parallelParts: 1 }),
)
