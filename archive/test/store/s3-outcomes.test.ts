import { randomBytes } from 'node:crypto'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/errors.ts'
import { ConflictError } from '../../src/store/errors.ts'
import type { ObjectInfo } from '../../src/store/port.ts'
import { createS3Client } from '../../src/store/s3/client.ts'
import { createS3Store } from '../../src/store/s3/s3-store.ts'
import { readAll } from './contract.ts'
import type { Fault } from './fake-s3/faults.ts'
import { openOnFake } from './s3-support.ts'

type Harm = Fault extends infer F ? (F extends Fault ? Omit<F, 'operation'> : never) : never

const large = randomBytes(3_500_000)
let opened: Awaited<ReturnType<typeof openOnFake>>
let folder = ''
beforeEach(async () => {
  opened = await openOnFake({ versioned: true })
  folder = await mkdtemp(join(tmpdir(), 's3-'))
})
afterEach(async () => {
  await opened.close()
  await rm(folder, { recursive: true })
})
const fault = (harm: Fault) => opened.s3.faults.add(harm)
const bodies = (key: string) => opened.s3.bucket.versions(key).map(({ body }) => body?.toString())

async function fileOf(body: Buffer): Promise<string> {
  const file = join(folder, 'file')
  await writeFile(file, body)
  return file
}

/** What befalls the last call of a write, by name: whether the write was carried out the first time or not. */
const harms: [string, Harm][] = [
  ['the request is lost', { kind: 'loseRequest' }],
  ['the answer is lost after the write', { kind: 'loseReply' }],
  ['the answer is lost and the write comes later', { kind: 'late' }],
  ['the answer is lost three times', { kind: 'loseReply', times: 3 }],
  ['no answer comes', { kind: 'hang' }],
  ['a proxy sends it twice and gives the answer to its echo', { kind: 'echo' }],
  ['an error is told after the write', { kind: 'errorAfter', status: 500, code: 'InternalError' }],
  ['an error is told before the write', { kind: 'error', status: 500, code: 'InternalError' }],
  ['S3 is too busy twice', { kind: 'error', status: 503, code: 'SlowDown', times: 2 }],
  ['writes collide', { kind: 'error', status: 409, code: 'ConditionalRequestConflict', times: 2 }],
]

describe.each(harms)('a write of the S3 store, when %s', (_name, harm) => {
  beforeEach(async () => {
    if (harm.kind !== 'hang') return
    await opened.close()
    opened = await openOnFake({ versioned: true }, {}, 700)
  })

  it('creates once', async () => {
    fault({ ...harm, operation: 'PutObject' })
    const made = await opened.store.create('key', 'mine')
    expect(bodies('key')).toEqual(['mine'])
    expect(made).toMatchObject({ key: 'key', size: 4, etag: (await opened.store.head('key'))?.etag })
    // What was carried out is not sent again.
    const again = ['loseRequest', 'error'].includes(harm.kind) ? (harm.times ?? 1) : 0
    if (harm.kind !== 'hang') expect(opened.s3.calls.filter((call) => call === 'PutObject')).toHaveLength(1 + again)
  })

  it('tells a second creator of equal bytes that it lost', async () => {
    await opened.store.create('key', 'same')
    fault({ ...harm, operation: 'PutObject' })
    await expect(opened.store.create('key', 'same')).rejects.toThrow(ConflictError)
    expect(bodies('key')).toEqual(['same'])
  })

  it('replaces once', async () => {
    const { etag } = await opened.store.create('key', 'before')
    fault({ ...harm, operation: 'PutObject' })
    const next = await opened.store.replace('key', 'after', etag)
    expect(bodies('key')).toEqual(['before', 'after'])
    expect((await opened.store.head('key'))?.etag).toBe(next.etag)
  })

  it('tells who would replace what was changed that it lost, equal bytes or not', async () => {
    const { etag } = await opened.store.create('key', 'before')
    await opened.store.replace('key', 'after', etag)
    fault({ ...harm, operation: 'PutObject' })
    await expect(opened.store.replace('key', 'after', etag)).rejects.toThrow(ConflictError)
    expect(bodies('key')).toEqual(['before', 'after'])
  })

  it('takes in a large file once, and leaves no upload behind', async () => {
    const file = await fileOf(large)
    fault({ ...harm, operation: 'CompleteMultipartUpload' })
    await opened.store.createFromFile('large', file)
    expect(opened.s3.bucket.versions('large')).toHaveLength(1)
    expect(opened.s3.bucket.current('large')?.body.equals(large)).toBe(true)
    expect(opened.s3.bucket.openUploads()).toBe(0)
    await expect(access(file)).rejects.toThrow('ENOENT')
  })

  it('sends parts again', async () => {
    fault({ ...harm, operation: 'UploadPart' })
    await opened.store.createFromStream('streamed', Readable.from([large]))
    expect(opened.s3.bucket.current('streamed')?.body.equals(large)).toBe(true)
  })

  it('removes once, and leaves one delete marker', async () => {
    const { etag } = await opened.store.create('key', 'x')
    fault({ ...harm, operation: 'DeleteObject' })
    await opened.store.remove('key', etag)
    expect(await opened.store.head('key')).toBeUndefined()
    // S3 adds a marker for each removal that reaches it, of what is gone too.
    expect(bodies('key').slice(1)).toEqual(harm.kind === 'echo' ? [undefined, undefined] : [undefined])
    expect(bodies('key')[0]).toBe('x')
  })

  it('reads all the same', async () => {
    await opened.store.create('key', 'x')
    // S3 tells nobody who reads of a collision.
    const reads = harm.kind === 'error' && harm.status === 409 ? [] : ['HeadObject', 'GetObject']
    for (const operation of [...reads, 'ListObjectsV2', 'ListObjectVersions']) fault({ ...harm, operation })
    expect(await opened.store.head('key')).toMatchObject({ size: 1 })
    expect((await opened.store.get('key'))?.body.toString()).toBe('x')
    for await (const { key } of opened.store.list('')) expect(key).toBe('key')
    for await (const { key } of opened.store.versions.list('')) expect(key).toBe('key')
    expect(opened.s3.faults.left()).toBe(0)
  })
})

describe('the S3 store', () => {
  it('has one winner when twenty create while answers are lost and writes collide', async () => {
    fault({ operation: 'PutObject', kind: 'loseReply', times: 10 })
    fault({ operation: 'PutObject', kind: 'error', status: 409, code: 'ConditionalRequestConflict', times: 10 })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => opened.store.create('key', 'same')))
    expect(won(outcomes)).toBe(1)
    expect(bodies('key')).toEqual(['same'])
  })

  it('has one winner when twenty replace while answers are lost', async () => {
    const { etag } = await opened.store.create('key', 'before')
    fault({ operation: 'PutObject', kind: 'loseReply', times: 15 })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => opened.store.replace('key', 'after', etag)),
    )
    expect(won(outcomes)).toBe(1)
    expect(bodies('key')).toEqual(['before', 'after'])
  })

  it('settles as well when the SDK itself repeats calls', async () => {
    const client = createS3Client({
      endpoint: opened.s3.endpoint,
      forcePathStyle: true,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 3,
    })
    try {
      const store = createS3Store({ client, bucket: 'bucket', pauseMs: 1 })
      fault({ operation: 'PutObject', kind: 'loseReply' })
      await store.create('key', 'mine')
      expect(bodies('key')).toEqual(['mine'])
      expect(opened.s3.calls.filter((call) => call === 'PutObject')).toHaveLength(2)
    } finally {
      client.destroy()
    }
  })

  it('gives up after its attempts, and says that the outcome is not known', async () => {
    fault({ operation: 'PutObject', kind: 'loseRequest', times: 99 })
    fault({ operation: 'HeadObject', kind: 'loseRequest', times: 99 })
    const refused = await opened.store.create('secret-name', 'x').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OperatorError)
    expect(String(refused)).toMatch(/no usable answer to s3:(PutObject|GetObject)/)
    expect(String(refused)).not.toContain('secret-name')
    expect(opened.s3.calls.length).toBeLessThan(20)
  })

  it('gives up on a busy S3, and nothing is written', async () => {
    fault({ operation: 'PutObject', kind: 'error', status: 503, code: 'SlowDown', times: 99 })
    await expect(opened.store.create('key', 'x')).rejects.toThrow(
      /too busy for s3:PutObject in the bucket bucket \(SlowDown\)/,
    )
    expect(opened.s3.calls.filter((call) => call === 'PutObject')).toHaveLength(6)
    expect(bodies('key')).toEqual([])
  })

  it('takes an error that comes with status 200 for an error', async () => {
    fault({ operation: 'CompleteMultipartUpload', kind: 'errorIn200', status: 200, code: 'InternalError' })
    await opened.store.createFromFile('large', await fileOf(large))
    expect(opened.s3.bucket.versions('large')).toHaveLength(1)
  })

  it('sends a file again from its beginning when somebody aborted the upload', async () => {
    fault({ operation: 'CompleteMultipartUpload', kind: 'error', status: 404, code: 'NoSuchUpload' })
    await opened.store.createFromFile('large', await fileOf(large))
    expect(opened.s3.bucket.current('large')?.body.equals(large)).toBe(true)
    expect(opened.s3.bucket.openUploads()).toBe(0)
  })

  it('knows that an upload was completed when all answers to it were lost', async () => {
    fault({ operation: 'CompleteMultipartUpload', kind: 'loseReply', times: 99 })
    fault({ operation: 'HeadObject', kind: 'loseRequest', times: 6 })
    const made = await opened.store.createFromStream('streamed', Readable.from([large]))
    expect(made.size).toBe(large.length)
    expect(opened.s3.bucket.versions('streamed')).toHaveLength(1)
  })

  it.each([
    [
      'a part that cannot be sent',
      { operation: 'UploadPart', kind: 'error', status: 403, code: 'AccessDenied', times: 99 },
    ],
    ['an end that cannot be told', { operation: 'CompleteMultipartUpload', kind: 'loseRequest', times: 99 }],
  ] satisfies [string, Fault][])('aborts the upload and keeps the file after %s', async (_name, harm) => {
    const file = await fileOf(large)
    fault(harm)
    await expect(opened.store.createFromFile('large', file)).rejects.toThrow(OperatorError)
    expect(opened.s3.bucket.openUploads()).toBe(0)
    expect(await opened.store.head('large')).toBeUndefined()
    await access(file)
  })

  it('aborts the upload of a loser and of a stream that fails', async () => {
    await opened.store.create('taken', 'x')
    await expect(opened.store.createFromStream('taken', Readable.from([large]))).rejects.toThrow(ConflictError)
    const failing = Readable.from(
      (function* () {
        yield large
        throw new RangeError('the source failed')
      })(),
    )
    await expect(opened.store.createFromStream('failing', failing)).rejects.toThrow(RangeError)
    expect(opened.s3.bucket.openUploads()).toBe(0)
  })

  it('has no more parts under way than it may', async () => {
    let most = 0
    let underWay = 0
    opened.client.middlewareStack.add(
      (next) => async (args) => {
        most = Math.max(most, ++underWay)
        try {
          return await next(args)
        } finally {
          underWay--
        }
      },
      { step: 'initialize' },
    )
    await opened.store.createFromFile('large', await fileOf(randomBytes(9_000_000)))
    expect(most).toBe(4)
  })

  it('gets a body again that was cut off', async () => {
    await opened.store.create('key', large)
    fault({ operation: 'GetObject', kind: 'cut', bytes: 100_000, times: 2 })
    expect((await opened.store.get('key'))?.body.equals(large)).toBe(true)
  })

  it('goes on with a stream where its connection broke', async () => {
    const { etag } = await opened.store.create('key', large)
    fault({ operation: 'GetObject', kind: 'cut', bytes: 1_000_000, times: 3 })
    const read = await readAll(await opened.store.stream('key', { start: 10, end: 3_400_000, etag }))
    expect(read.equals(large.subarray(10, 3_400_000))).toBe(true)
    expect(opened.s3.calls.filter((call) => call === 'GetObject')).toHaveLength(4)
  })

  it('does not go on with another object than it began with', async () => {
    const { etag } = await opened.store.create('key', large)
    fault({ operation: 'GetObject', kind: 'cut', bytes: 1_000_000 })
    const stream = await opened.store.stream('key')
    await opened.store.replace('key', randomBytes(large.length), etag)
    await expect(readAll(stream)).rejects.toThrow(ConflictError)
  })

  it('ends its connection when a reader goes away', async () => {
    await opened.store.create('key', large)
    for (let n = 0; n < 60; n++) (await opened.store.stream('key')).destroy()
    expect(await opened.store.head('key')).toMatchObject({ size: large.length })
  })

  it.each([
    ['AccessDenied', 403, /^AWS refused s3:GetObject in the bucket bucket: the role/],
    ['NoSuchBucket', 404, /^There is no bucket bucket/],
    ['ExpiredToken', 400, /does not take the credentials/],
    ['InvalidAccessKeyId', 403, /does not take the credentials/],
    ['InvalidObjectState', 403, /storage class/],
    ['PermanentRedirect', 301, /another region/],
    ['SomethingNew', 400, /^S3 answered SomethingNew to s3:GetObject in the bucket bucket\.$/],
  ])('tells the operator of %s without naming the key', async (code, status, sentence) => {
    fault({ operation: 'GetObject', kind: 'error', status, code, times: 99 })
    const error = await opened.store.get('secret-name').catch((refusal: unknown) => refusal)
    expect(error).toBeInstanceOf(OperatorError)
    expect((error as Error).message).toMatch(sentence)
    expect((error as Error).message).not.toContain('secret-name')
    expect(opened.s3.calls).toHaveLength(1)
  })

  it('does not take a refusal to look for an absence', async () => {
    fault({ operation: 'HeadObject', kind: 'error', status: 403, code: 'AccessDenied' })
    await expect(opened.store.head('key')).rejects.toThrow(/s3:ListBucket/)
  })
})

function won(outcomes: PromiseSettledResult<ObjectInfo>[]): number {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  expect(reasons.filter((reason) => !(reason instanceof ConflictError))).toEqual([])
  return outcomes.length - reasons.length
}
