import { describeStore } from './contract.ts'
import { openOnFake } from './s3-support.ts'

describeStore('the S3 store', () => openOnFake())
describeStore('the S3 store below a prefix of a versioned bucket with opaque ETags and short pages', () =>
  openOnFake({ versioned: true, opaqueEtags: true, pageSize: 29 }, { prefix: 'a b+ä/', parallelParts: 1 }),
)
