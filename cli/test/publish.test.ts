import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { readRules } from '@muniment/archive/access/versions'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import { writeEmptyCopy } from '@muniment/archive/catalog/empty-copy'
import { makeSnapshot } from '@muniment/archive/catalog/snapshot'
import { catalogKey } from '@muniment/archive/layout'
import { loadApplication } from '@muniment/archive/model/load'
import { createPublishedLibrary } from '@muniment/query-templates/published'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openOnFake } from '../../archive/test/store/s3-support.ts'
import { isForCloud, readCommandCloud } from '../src/cloud-settings.ts'
import { publish } from '../src/commands/publish.ts'
import type { WebBucket, WebFile } from '../src/publish/web-bucket.ts'
import { publishWebFiles } from '../src/publish/web-files.ts'
import { TEMPLATES_ROOT } from './sample-archive.ts'

let root = ''
let fake: Awaited<ReturnType<typeof openOnFake>>
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'muniment-publish-'))
  fake = await openOnFake()
  await cp(join(TEMPLATES_ROOT, 'nycflights'), join(root, 'templates', 'nycflights'), { recursive: true })
  const settings = {
    MUNIMENT_HOME: join(root, 'home'),
    MUNIMENT_TEMPLATES: join(root, 'templates'),
    MUNIMENT_BUCKET: 'bucket',
    MUNIMENT_SECRETS_BUCKET: 'bucket',
    MUNIMENT_DATABASE_PREFIX: 'muniment_demo_',
    AWS_ENDPOINT_URL: fake.s3.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
})
afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await fake.close()
  await rm(root, { recursive: true, force: true })
})

async function published(options: Partial<Parameters<typeof publish>[0]> = {}) {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  await publish({ json: true, examplesGb: '20', ...options })
  return JSON.parse(printed[0] ?? '') as Record<string, unknown>
}

async function changes() {
  const found: (string | undefined)[] = []
  for await (const { opening } of findEntries(fake.store, { actions: ['template-change', 'rules-change'], limit: 100 }))
    found.push(`${opening.action} by ${opening.actor.id.split(':')[0]}`)
  return found
}

describe('muniment publish', () => {
  it('puts templates that check in force, once, and says so in the log of the bucket', async () => {
    const first = await published()
    expect(first).toMatchObject({ applications: [{ application: 'nycflights', changed: true }], findings: [] })
    const library = createPublishedLibrary({ store: fake.store, work: join(root, 'work') })
    expect([...(await library.get('nycflights')).useCases.keys()].length).toBeGreaterThan(0)
    expect(await published()).toMatchObject({ applications: [{ changed: false }] })
    expect(await changes()).toEqual(['template-change by account'])
  })

  it('says in the log that examples were skipped, and only then', async () => {
    const skipped = async () => {
      const found: unknown[] = []
      for await (const { opening } of findEntries(fake.store, { actions: ['template-change'], limit: 100 }))
        if (opening.subject?.examples === 'skipped') found.push(opening.subject.application)
      return found
    }
    expect(await skipped()).toEqual([])
    await published({ skipExamples: true })
    expect(await skipped()).toEqual(['nycflights'])
    await expect(published({ examplesGb: 'none' })).rejects.toThrow('--examples-gb')
  })

  it('refuses templates with findings, with 1, and leaves in force what was', async () => {
    const folder = join(root, 'templates', 'nycflights', 'queries')
    const current = (await fake.store.get('templates/nycflights/current.json'))?.body.toString()
    await mkdir(join(folder, 'broken'))
    await cp(join(folder, 'find-flight'), join(folder, 'broken'), { recursive: true })
    await writeFile(join(folder, 'broken', 'query.sql.njk'), 'SELECT nothing FROM nowhere\n')
    const { findings } = await published()
    expect(Array.isArray(findings) && findings.length).toBeGreaterThan(0)
    expect(process.exitCode).toBe(1)
    expect((await fake.store.get('templates/nycflights/current.json'))?.body.toString()).toBe(current)
    await rm(join(folder, 'broken'), { recursive: true })
  })

  it('checks against the catalog of the bucket: a table that is not there is a finding', async () => {
    const model = await loadApplication(join(root, 'templates'), 'nycflights')
    const tables = model.tables.map(({ name, domain, columns, partitionBy }) => ({
      name,
      domain,
      columns: columns.map((column) => ({ name: column.name, type: column.type, bytes: 1 })),
      partitionBy,
      objects: [
        {
          key: `archive/nycflights/${domain}/${name}/part-1.parquet`,
          etag: 'e',
          size: 1,
          rows: 1,
          partition: {},
          load: 'l',
        },
      ],
      rows: 1,
      bytes: 1,
    }))
    const key = catalogKey('nycflights')
    const whole = await fake.store.create(key, JSON.stringify(makeSnapshot('nycflights', tables)))
    expect(await published({ skipExamples: true })).toMatchObject({ findings: [] })
    expect(process.exitCode).toBeUndefined()
    // Nothing plays Athena here, so that every example fails.
    const current = (await fake.store.get('templates/nycflights/current.json'))?.body.toString()
    const failed = (await published()).findings as { message: string }[]
    expect(failed.length).toBeGreaterThan(5)
    for (const { message } of failed) expect(message).toMatch(/^The example `/)
    expect(process.exitCode).toBe(1)
    expect((await fake.store.get('templates/nycflights/current.json'))?.body.toString()).toBe(current)
    process.exitCode = undefined
    const lacking = tables.filter(({ name }) => name !== 'flights')
    expect(lacking.length).toBe(tables.length - 1)
    const less = await fake.store.replace(key, JSON.stringify(makeSnapshot('nycflights', lacking)), whole.etag)
    const { findings } = await published()
    expect(JSON.stringify(findings)).toContain('flights')
    expect(process.exitCode).toBe(1)
    await fake.store.remove(key, less.etag)
  })

  it('begins with the access rules of a file, leaves them the second time, and refuses others', async () => {
    const file = join(root, 'rules.json')
    const grants = sampleRules.grants.filter(({ id }) => ['flights', 'records-management', 'approval'].includes(id))
    const wrong = grants.map((grant) => (grant.id === 'flights' ? { ...grant, applications: ['paas'] } : grant))
    await writeFile(file, JSON.stringify({ ...sampleRules, grants: wrong }))
    const inForce = (await fake.store.head('templates/nycflights/current.json'))?.etag
    await expect(published({ rules: file })).rejects.toThrow(/rules/)
    expect((await fake.store.head('templates/nycflights/current.json'))?.etag).toBe(inForce)
    await writeFile(file, JSON.stringify({ ...sampleRules, grants }))
    expect(await published({ rules: file })).toMatchObject({ rules: { version: 1, state: 'begun' } })
    expect(await published({ rules: file })).toMatchObject({ rules: { version: 1, state: 'unchanged' } })
    const other = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...other, title: 'Other rules' }))
    await expect(published({ rules: file })).rejects.toThrow(/access rules already: version 1/)
    expect((await readRules(fake.store))?.number).toBe(1)
    expect(await changes()).toContain('rules-change by account')
  })

  it("publishes the data folder's own reasons to search for, and none that would not do", async () => {
    expect(await published()).toMatchObject({ purposes: 'none here' })
    await mkdir(join(root, 'home'), { recursive: true })
    const file = join(root, 'home', 'purposes.json')
    await writeFile(
      file,
      JSON.stringify({ reasons: [{ code: 'audit', label: 'Audit', description: 'For auditors.' }] }),
    )
    expect(await published()).toMatchObject({ purposes: 'published' })
    expect(await published()).toMatchObject({ purposes: 'unchanged' })
    await writeFile(file, '{}')
    await expect(published()).rejects.toThrow(/would not do/)
    expect((await fake.store.get('purposes.json'))?.body.toString()).toContain('auditors')
  })
})

/** A bucket in memory that knows in which order it was written. */
function memoryBucket(): WebBucket & { files: Map<string, WebFile>; order: string[] } {
  const files = new Map<string, WebFile>()
  const order: string[] = []
  return {
    files,
    order,
    look: async (key) => files.get(key),
    async put(file) {
      files.set(file.key, file)
      order.push(file.key)
    },
  }
}

describe('the files of the web application', () => {
  const dist = () => join(root, 'dist')
  async function build(version: string) {
    await rm(dist(), { recursive: true, force: true })
    await mkdir(join(dist(), 'assets'), { recursive: true })
    await writeFile(join(dist(), 'assets', `index-${version}.js`), `console.log('${version}')`)
    await writeFile(join(dist(), 'assets', `index-${version}.css`), 'body{}')
    await writeFile(join(dist(), 'favicon.svg'), '<svg/>')
    await writeFile(join(dist(), 'index.html'), `<script src="/assets/index-${version}.js">`)
  }

  it('are put with assets first and the page last; assets are for ever, the page for nobody to keep', async () => {
    await build('one')
    const bucket = memoryBucket()
    await publishWebFiles(bucket, dist())
    expect(bucket.order.slice(0, 2).sort()).toEqual(['assets/index-one.css', 'assets/index-one.js'])
    expect(bucket.order.slice(2)).toEqual(['favicon.svg', 'index.html'])
    const headers = Object.fromEntries(
      [...bucket.files.values()].map(({ key, contentType, cacheControl }) => [key, [contentType, cacheControl]]),
    )
    expect(headers).toEqual({
      'assets/index-one.js': ['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
      'assets/index-one.css': ['text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
      'favicon.svg': ['image/svg+xml', 'no-cache'],
      'index.html': ['text/html; charset=utf-8', 'no-cache, no-store'],
    })
  })

  it('of an earlier version stay, so that a page that was loaded before finds its chunks', async () => {
    await build('one')
    const bucket = memoryBucket()
    await publishWebFiles(bucket, dist())
    await build('two')
    const { put, unchanged } = await publishWebFiles(bucket, dist())
    expect(put.sort()).toEqual(['assets/index-two.css', 'assets/index-two.js', 'index.html'])
    expect(unchanged).toBe(1)
    expect(bucket.files.has('assets/index-one.js')).toBe(true)
    expect((await publishWebFiles(bucket, dist())).put).toEqual([])
  })

  it('are not put where the page is not built, and the page is not when an asset was not put', async () => {
    await expect(publishWebFiles(memoryBucket(), join(root, 'nothing'))).rejects.toThrow(/npm run build:web/)
    await build('three')
    const bucket = memoryBucket()
    const broken: WebBucket = {
      ...bucket,
      put: (file) => (file.key.endsWith('.css') ? Promise.reject(new Error('no')) : bucket.put(file)),
    }
    await expect(publishWebFiles(broken, dist())).rejects.toThrow('no')
    expect(bucket.files.has('index.html')).toBe(false)
  })
})

describe('what commands are told of AWS', () => {
  const env = { MUNIMENT_BUCKET: 'b', MUNIMENT_SECRETS_BUCKET: 's', MUNIMENT_DATABASE_PREFIX: 'muniment_demo_' }

  it('is the bucket: without it commands are for the data folder', () => {
    expect([isForCloud({}), isForCloud(env)]).toEqual([false, true])
    expect(() => readCommandCloud({ MUNIMENT_BUCKET: 'b' })).toThrow(/MUNIMENT_DATABASE_PREFIX is not set/)
    expect(() => readCommandCloud({ ...env, MUNIMENT_CRAWLERS: 'none' })).toThrow(/neither "glue" nor "own"/)
  })

  it('names databases and crawlers as the deployment does', async () => {
    const { namesOf } = await import('../../infra/src/names.ts')
    const names = namesOf('demo')
    const { database, crawler } = readCommandCloud({ ...env, MUNIMENT_DATABASE_PREFIX: names.databasePrefix })
    expect(database('pas')).toBe(names.database('pas'))
    expect(crawler?.('pas', 'bank_accounts')).toBe(names.crawler('pas', 'bank_accounts'))
    expect(readCommandCloud({ ...env, MUNIMENT_CRAWLERS: 'own' }).crawler).toBeUndefined()
  })
})

it('an empty copy of a snapshot has the tables with their columns and no rows', async () => {
  const columns = [
    { name: 'a', type: 'varchar' as const, bytes: 9 },
    { name: 'b', type: 'timestamp' as const, bytes: 9 },
  ]
  const object = { key: 'archive/x/d/t/part-1.parquet', etag: 'e', size: 99, rows: 5, partition: {}, load: 'l' }
  const table = { name: 't', domain: 'd', columns, partitionBy: [], objects: [object, object], rows: 10, bytes: 198 }
  const home = join(root, 'empty')
  const copy = await writeEmptyCopy(makeSnapshot('x', [table]), home)
  expect(copy.tables[0]).toMatchObject({ rows: 0, columns, objects: [{ key: object.key, rows: 0 }] })
  const { readFooter } = await import('@muniment/archive/catalog/glue/range-footers')
  const { openFileStore } = await import('@muniment/archive/store/file-store')
  const store = openFileStore(home)
  const info = await store.head(object.key)
  expect(info && (await readFooter(store, info))?.columns.map(({ name, type }) => [name, type])).toEqual([
    ['a', 'varchar'],
    ['b', 'timestamp'],
  ])
})
