import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectVersion } from '@muniment/archive/store/port'
import { createS3Client } from '@muniment/archive/store/s3/client'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { describe, expect, inject, it } from 'vitest'
import { describeStore } from '../../../../archive/test/store/contract.ts'
import { ownerAt } from '../../src/stand-ins.ts'

const partition = 'arn:aws'
const owner = { ...ownerAt(inject('ministack')), forcePathStyle: true }
const s3 = new S3Client(owner)
const iam = new IAMClient(ownerAt(inject('ministack')))

async function newBucket(versioned = false): Promise<string> {
  const Bucket = `store-${randomUUID()}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  if (versioned)
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  return Bucket
}

/** `partBytes` as AWS allows it at least. */
async function openStore({ versioned = false, prefix = '' } = {}) {
  const bucket = await newBucket(versioned)
  const client = createS3Client(owner)
  const store = createS3Store({ client, bucket, prefix, partBytes: 5 * 1024 * 1024 })
  return { store, bucket, close: async () => client.destroy() }
}

describeStore('the S3 store at MiniStack', () => openStore())
describeStore('the S3 store at MiniStack, versioned, below a prefix', () =>
  openStore({ versioned: true, prefix: 'below this+/ü/' }),
)

/** A client of a new user who may do only this in the bucket. */
async function clientWith(bucket: string, objectActions: string[], bucketActions: string[] = []) {
  const UserName = randomUUID()
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = [
    { Effect: 'Allow', Action: ['s3:None', ...objectActions], Resource: [`${partition}:s3:::${bucket}/*`] },
    { Effect: 'Allow', Action: ['s3:None', ...bucketActions], Resource: [`${partition}:s3:::${bucket}`] },
  ]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  return createS3Client({ ...owner, credentials })
}

describe('the S3 store at MiniStack', () => {
  it('keeps versions, lists them, and removes them for good', async () => {
    const { store } = await openStore({ versioned: true, prefix: 'p/' })
    const first = await store.create('a/ä b+', '1')
    const second = await store.replace('a/ä b+', '22', first.etag)
    await store.remove('a/ä b+', second.etag)
    const versions: ObjectVersion[] = []
    for await (const version of store.versions.list('a/')) versions.push(version)
    expect(versions.map(({ key, latest, deleteMarker }) => [key, latest, deleteMarker])).toEqual([
      ['a/ä b+', true, true],
      ['a/ä b+', false, false],
      ['a/ä b+', false, false],
    ])
    expect(await store.versions.state()).toBe('enabled')
    for (const { key, versionId } of versions.reverse()) await store.versions.remove(key, versionId)
    for await (const version of store.versions.list('')) expect(version).toBe('gone')
    expect(await store.head('a/ä b+')).toBeUndefined()
  })

  it('says that a bucket is not there, and that keys are not known', async () => {
    const nowhere = createS3Store({ client: createS3Client(owner), bucket: `none-${randomUUID()}` })
    await expect(nowhere.get('key')).rejects.toThrow(/^There is no bucket none-/)
    await expect(nowhere.create('key', 'x')).rejects.toThrow(OperatorError)
    const credentials = { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' }
    const unknown = createS3Store({ client: createS3Client({ ...owner, credentials }), bucket: await newBucket() })
    await expect(unknown.get('key')).rejects.toThrow(/does not take the credentials/)
  })

  it('names the action that a role may not do', async () => {
    const { store, bucket } = await openStore({ versioned: true })
    const { etag } = await store.create('key', 'x')
    const reader = createS3Store({ client: await clientWith(bucket, ['s3:GetObject'], ['s3:ListBucket']), bucket })
    expect((await reader.get('key'))?.etag).toBe(etag)
    expect(await reader.head('absent')).toBeUndefined()
    await expect(reader.create('other', 'x')).rejects.toThrow(`AWS refused s3:PutObject in the bucket ${bucket}`)
    await expect(reader.replace('key', 'x', etag)).rejects.toThrow('AWS refused s3:PutObject')
    await expect(reader.remove('key', etag)).rejects.toThrow('AWS refused s3:DeleteObject')
    await expect(reader.versions.remove('key', 'null')).rejects.toThrow('AWS refused s3:DeleteObjectVersion')
    await expect(reader.versions.list('')[Symbol.asyncIterator]().next()).rejects.toThrow('s3:ListBucketVersions')
    await expect(reader.createFromStream('other', emptyStream())).rejects.toThrow('AWS refused s3:PutObject')
    expect((await store.get('key'))?.body.toString()).toBe('x')
  })

  it('creates for a role that may only put and read', async () => {
    const { bucket } = await openStore()
    const client = await clientWith(bucket, ['s3:PutObject', 's3:GetObject'], ['s3:ListBucket'])
    const writer = createS3Store({ client, bucket })
    const { etag } = await writer.create('key', 'x')
    await writer.replace('key', 'y', etag)
    await expect(writer.remove('key')).rejects.toThrow('AWS refused s3:DeleteObject')
  })

  it('gives addresses that hold for a file only as they were signed', async () => {
    const { store } = await openStore()
    await store.create('exports/ä b+.csv', 'a,b')
    await store.create('exports/other.csv', 'secret')
    const options = { seconds: 60, fileName: 'Verträge.csv', contentType: 'text/csv' }
    const address = await store.presign('exports/ä b+.csv', options)
    const response = await fetch(address)
    expect(await response.text()).toBe('a,b')
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''Vertr%C3%A4ge.csv")
    expect(response.headers.get('content-type')).toBe('text/csv')
    const other = new URL(address)
    other.pathname = other.pathname.replace(/[^/]+$/, 'other.csv')
    expect((await fetch(other)).status).toBe(403)
    const longer = new URL(address)
    longer.searchParams.set('X-Amz-Expires', '604800')
    expect((await fetch(longer)).status).toBe(403)
  })

  it('gives addresses that end', async () => {
    const { store } = await openStore()
    await store.create('key', 'x')
    const address = await store.presign('key', { seconds: 1, fileName: 'x', contentType: 'text/plain' })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect((await fetch(address)).status).toBe(403)
  })
})

async function* nothing() {}
const emptyStream = () => Readable.from(nothing())
