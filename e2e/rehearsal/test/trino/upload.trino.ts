import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetPartitionsCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue'
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { parseSnapshot } from '@muniment/archive/catalog/snapshot'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { rootsInLog } from '@muniment/ingest/seal/roots-in-log'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { cacheFolder, checkout } from '../../src/install/cache-folder.ts'
import { ownerAt } from '../../src/stand-ins.ts'
import { ask, s3 } from './athena.ts'

const Bucket = 'muniment-upload'
const secrets = 'muniment-upload-secrets'
const cloud = {
  MUNIMENT_BUCKET: Bucket,
  MUNIMENT_SECRETS_BUCKET: secrets,
  MUNIMENT_DATABASE_PREFIX: 'muniment_up_',
  MUNIMENT_CRAWLERS: 'own',
  MUNIMENT_APPLICATIONS: 'pas',
}
const glue = new GlueClient(ownerAt(inject('aws')))
const store = createS3Store({ client: s3, bucket: Bucket })
let root = ''
let local: CatalogSnapshot
/** What the embedded crawler says of the same records: of a sample that was made by an earlier model it says something. */
let expected: { code: number | null; findings: unknown[] }

function begin(...args: string[]) {
  return beginWith(cloud, ...args)
}

function beginWith(
  more: NodeJS.ProcessEnv,
  ...args: string[]
): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } {
  const child = spawn(process.execPath, [join(checkout, 'bin', 'muniment.mjs'), ...args], {
    env: {
      ...process.env,
      ...inject('environment'),
      MUNIMENT_HOME: join(root, 'home'),
      ...more,
    },
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, said }))) }
}

async function keys(Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))
  return Contents.flatMap(({ Key, ETag }) => (Key === undefined ? [] : [`${Key} ${ETag}`]))
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'upload-'))
  await cp(join(cacheFolder(), 'sample-1000'), join(root, 'home'), { recursive: true })
  const crawled = await beginWith({}, 'crawl', '--application', 'pas', '--json').ended
  expected = { code: crawled.code, findings: (JSON.parse(crawled.said) as { findings: unknown[] }).findings }
  const snapshot = parseSnapshot(await readFile(join(root, 'home', 'catalog', 'pas.json'), 'utf8'))
  if (!snapshot) throw new Error('The sample has no catalog.')
  local = snapshot
  for (const name of [Bucket, secrets]) await s3.send(new CreateBucketCommand({ Bucket: name }))
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('an upload that is killed in the middle leaves nothing visible, and goes on when it is called again', async () => {
  const { child, ended } = begin('upload', '--application', 'pas', '--json')
  while ((await keys('archive/')).length < 5) await sleep(50)
  child.kill('SIGKILL')
  await ended
  const begun = await keys('archive/')
  const objects = local.tables.flatMap((table) => table.objects)
  expect(begun.length).toBeLessThan(objects.length)
  expect((await keys('loads/')).filter((key) => key.includes('load.json'))).toEqual([])

  const again = begin('upload', '--application', 'pas', '--json')
  const { code, said } = await again.ended
  expect(said).toContain('"state":"uploaded"')
  expect(code).toBe(expected.code)
  expect(JSON.parse(said)).toMatchObject({ crawled: { findings: expected.findings } })
  expect((await keys('archive/')).length).toBe(objects.length)
  expect(await keys('archive/')).toEqual(expect.arrayContaining(begun))
  const [load = ''] = new Set(objects.map(({ load: of }) => of))
  expect((await rootsInLog(store)).get(`pas/${load}`)).toHaveLength(1)
  const secret = await s3.send(new GetObjectCommand({ Bucket: secrets, Key: `seals/pas/${load}.hex` }))
  expect(await secret.Body?.transformToString()).toBe(
    await readFile(join(root, 'home', 'secrets', 'seals', 'pas', `${load}.hex`), 'utf8'),
  )
})

it('Athena gives as many rows of every table as the data folder has, in the columns and types that Glue was told', async () => {
  for (const { name, rows } of local.tables) {
    const [, [count] = []] = await ask(`SELECT count(*) FROM muniment_up_pas.${name}`)
    expect([name, Number(count)]).toEqual([name, rows])
  }
  const of = { DatabaseName: 'muniment_up_pas' }
  const { Table } = await glue.send(new GetTableCommand({ ...of, Name: 'invoices' }))
  expect(Table?.TableType).toBe('EXTERNAL_TABLE')
  const partitioned = local.tables.find(({ partitionBy }) => partitionBy.length > 0)
  if (partitioned) {
    const { Partitions } = await glue.send(new GetPartitionsCommand({ ...of, TableName: partitioned.name }))
    const folders = new Set(partitioned.objects.map(({ key }) => key.slice(0, key.lastIndexOf('/'))))
    expect(Partitions?.length).toBe(folders.size)
  }
})

it('the same snapshot is kept as the embedded crawler keeps, but for ETags', async () => {
  const kept = parseSnapshot((await store.get('catalog/pas.json'))?.body.toString() ?? '')
  const plain = ({ tables }: CatalogSnapshot) =>
    tables.map((table) => ({ ...table, objects: table.objects.map(({ etag, ...object }) => object) }))
  expect(kept && plain(kept)).toEqual(plain(local))
})

it('an upload and a crawl that are made again change nothing', async () => {
  const before = await Promise.all(['archive/', 'loads/', 'catalog/'].map(keys))
  for (const args of [
    ['upload', '--application', 'pas', '--json'],
    ['crawl', '--application', 'pas', '--json'],
  ]) {
    const { code, said } = await begin(...args).ended
    expect({ code, said }).toMatchObject({ code: expected.code })
  }
  expect(await Promise.all(['archive/', 'loads/', 'catalog/'].map(keys))).toEqual(before)
})

it('templates and the web application are published, and a second time nothing', { timeout: 300_000 }, async () => {
  const web = 'muniment-upload-web'
  await s3.send(new CreateBucketCommand({ Bucket: web }))
  // Where the web application is not built, templates alone.
  const isBuilt = existsSync(join(checkout, 'web', 'dist', 'index.html'))
  const publish = () => beginWith({ ...cloud, ...(isBuilt && { MUNIMENT_WEB_BUCKET: web }) }, 'publish', '--json').ended
  const { code, said } = await publish()
  expect({ code, said }).toMatchObject({ code: 0 })
  const version = (JSON.parse(said) as { applications: { version: string }[] }).applications[0]?.version ?? ''
  await s3.send(new HeadObjectCommand({ Bucket, Key: `templates/pas/versions/${version}.json` }))
  if (isBuilt) {
    const { ContentType, CacheControl } = await s3.send(new HeadObjectCommand({ Bucket: web, Key: 'index.html' }))
    expect([ContentType, CacheControl]).toEqual(['text/html; charset=utf-8', 'no-cache, no-store'])
  }
  const again = JSON.parse((await publish()).said) as object
  expect(again).toMatchObject({ applications: [{ version, changed: false }], ...(isBuilt && { web: { put: [] } }) })
})
