import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createStoreSecrets } from '@muniment/archive/audit/keys/store-secrets'
import { slotKey } from '@muniment/archive/layout'
import { readSeal } from '@muniment/archive/seals/seal'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOnFake } from '../../../archive/test/store/s3-support.ts'
import type { LoadSealed } from '../../src/ingest.ts'
import { readLedger } from '../../src/load/ledger.ts'
import { rootsInLog } from '../../src/seal/roots-in-log.ts'
import type { UploadProgress } from '../../src/upload/progress.ts'
import { type UploadOptions, upload } from '../../src/upload/upload.ts'
import { sealedWorld } from '../seal/sealed-world.ts'
import type { World } from '../world.ts'

let world: World
let load: string
let fake: Awaited<ReturnType<typeof openOnFake>>
let secrets: ObjectStore
beforeEach(async () => {
  world = await sealedWorld()
  load = (await world.ingest()).load
  // As with a KMS key: no ETag says anything of the content.
  fake = await openOnFake({ opaqueEtags: true })
  secrets = createS3Store({ client: fake.client, bucket: 'bucket', prefix: 'other/', pauseMs: 1 })
})
afterEach(async () => {
  await fake.close()
  await world.remove()
})

/** Into a bucket, with the log there; as the command does. */
function into(bucket: ObjectStore, beside: ObjectStore, more: Partial<UploadOptions> = {}) {
  const clock = () => new Date()
  const audit = createAuditLog({ store: bucket, secrets: createStoreSecrets(beside, clock), clock, process: 'test' })
  const actor = { id: 'archivist', roles: [], groups: [], rules: 0 }
  return upload({
    home: world.home,
    bucket,
    secrets: beside,
    application: 'app',
    async logged(act) {
      let entry = ''
      await act(async ({ application, load, root, rows }: LoadSealed) => {
        entry = await audit.open({ action: 'load', actor, subject: { application, load, root, rows } })
      })
      await audit.close(entry, { outcome: 'done' })
    },
    ...more,
  })
}
const toFake = (more: Partial<UploadOptions> = {}) => into(fake.store, secrets, more)
const recordIn = async (store: ObjectStore) => (await readLedger(store, 'app'))[0]

/** Everything that says what is in the bucket, without the log and the ETags. */
async function contents(store: ObjectStore, home: string) {
  const found: Record<string, string> = {}
  for (const prefix of ['archive/', 'loads/', 'quarantine/'])
    for await (const { key } of store.list(prefix)) {
      const body = (await store.get(key))?.body.toString('base64') ?? ''
      const local = await readFile(join(home, ...key.split('/')), 'base64').catch(() => 'not in the data folder')
      found[key] = key.endsWith('load.json') ? 'record' : body === local ? 'as in the data folder' : 'other'
    }
  return found
}

describe('an upload', () => {
  it('makes a load visible in the bucket with objects, papers, seal and secret, and leaves the data folder as it was', async () => {
    const before = await world.keys()
    const [outcome] = await toFake()
    expect(outcome).toMatchObject({ load, state: 'uploaded', rows: 8 })
    expect(await world.keys()).toEqual(before)
    const found = await contents(fake.store, world.home.path)
    expect(Object.keys(found)).toEqual(before.filter((key) => /^(archive|loads|quarantine)\//.test(key)).sort())
    expect(new Set(Object.values(found))).toEqual(new Set(['as in the data folder', 'record']))
    const [local, there] = [await recordIn(world.home.store), await recordIn(fake.store)]
    expect(there).toEqual({
      ...local,
      objects: local?.objects.map((object, at) => ({ ...object, etag: there?.objects[at]?.etag })),
    })
    for (const { key, etag } of there?.objects ?? []) expect((await fake.store.head(key))?.etag).toBe(etag)
    if (!there?.seal) throw new Error('no seal')
    const seal = await readSeal(fake.store, { application: 'app', load, seal: there.seal })
    expect((await secrets.get(`seals/app/${load}.hex`))?.body.toString()).toBe(
      await world.text(`secrets/seals/app/${load}.hex`),
    )
    const roots = (await rootsInLog(fake.store)).get(`app/${load}`)
    expect(roots?.map(({ root }) => root)).toEqual([seal.root.toString('hex')])
    expect(await fake.store.head(slotKey('app'))).toBeUndefined()
  })

  it('changes nothing when it is made again', async () => {
    await toFake()
    const calls = fake.s3.calls.length
    expect(await toFake()).toMatchObject([{ load, state: 'unchanged' }])
    const again = fake.s3.calls.slice(calls)
    expect(again.filter((call) => !/^(Get|Head|List)/.test(call))).toEqual([])
  })

  it('does not bring a load again of which objects were destroyed since', async () => {
    await toFake()
    const gone = (await recordIn(fake.store))?.objects[0]?.key ?? ''
    await fake.store.remove(gone)
    expect(await toFake()).toMatchObject([{ load, state: 'unchanged' }])
    expect(await fake.store.head(gone)).toBeUndefined()
  })

  it('brings papers that were filed with a load after it was uploaded', async () => {
    await toFake()
    await world.home.store.create(`loads/app/${load}/manifest-later-1.json`, '{}')
    await toFake()
    expect((await fake.store.get(`loads/app/${load}/manifest-later-1.json`))?.body.toString()).toBe('{}')
  })

  it('tells how far it is, with rate and what is left, and never goes back', async () => {
    const told: UploadProgress[] = []
    await toFake({ onProgress: (progress) => told.push(progress) })
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['check', 'place', 'papers', 'commit', 'done'])
    const last = told.at(-1)
    expect(last?.objects).toBe(last?.totalObjects)
    expect(last?.bytes).toBe(last?.totalBytes)
    for (const [at, { bytes }] of told.entries()) expect(bytes).toBeGreaterThanOrEqual(told[at - 1]?.bytes ?? 0)
    expect(told.at(-1)?.bytesPerSecond).toBeGreaterThan(0)
  })
})

describe('an upload that was stopped', () => {
  /** A store that gives up at its nth change or look. */
  function stoppedAt(store: ObjectStore, left: { calls: number }): ObjectStore {
    const stop = (): void => {
      if (left.calls-- === 0) throw new Error('stopped')
      if (left.calls < 0) throw new Error('stopped for good')
    }
    const watched: Record<string, unknown> = { ...store }
    for (const name of ['head', 'get', 'create', 'replace', 'createFromStream', 'remove'] as const)
      watched[name] = async (...args: unknown[]) => {
        stop()
        return (store[name] as (...args: unknown[]) => Promise<unknown>)(...args)
      }
    return watched as unknown as ObjectStore
  }

  it('goes on from wherever that was, and is visible only when it is whole', async () => {
    const count = { calls: 100_000 }
    await into(stoppedAt(openFileStore(join(world.root, 'whole')), count), openFileStore(join(world.root, 'keys')))
    const calls = 100_000 - count.calls
    expect(calls).toBeGreaterThan(30)
    const expected = await contents(openFileStore(join(world.root, 'whole')), world.home.path)
    for (let at = 0; at < calls; at += 2) {
      const bucket = openFileStore(join(world.root, `bucket-${at}`))
      const beside = openFileStore(join(world.root, `keys-${at}`))
      await expect(into(stoppedAt(bucket, { calls: at }), beside)).rejects.toThrow(/stopped/)
      const visible = await readLedger(bucket, 'app')
      const logged = (await rootsInLog(bucket)).get(`app/${load}`)
      if (visible.length > 0) {
        expect(logged?.length).toBeGreaterThan(0)
        for (const { key } of visible[0]?.objects ?? []) expect(await bucket.head(key)).toBeDefined()
      }
      await into(bucket, beside)
      expect(await contents(bucket, world.home.path)).toEqual(expected)
      expect(await bucket.head(slotKey('app'))).toBeUndefined()
      expect((await rootsInLog(bucket)).get(`app/${load}`)?.length).toBeGreaterThan(0)
    }
  })

  it('replaces what another attempt left at the place of an object', async () => {
    const key = (await recordIn(world.home.store))?.objects[0]?.key ?? ''
    await fake.store.create(key, 'half of it')
    await toFake()
    expect((await contents(fake.store, world.home.path))[key]).toBe('as in the data folder')
  })
})

describe('an upload is refused', () => {
  it('where other work has the slot, and leaves it its slot', async () => {
    for (const slot of [
      { kind: 'load', work: 'a'.repeat(32), begun: '2026-01-01' },
      { kind: 'run', work: 'R-20260101-0123456789ab', begun: '2026-01-01' },
    ]) {
      await fake.store.create(slotKey('app'), JSON.stringify(slot))
      await expect(toFake()).rejects.toThrow(new RegExp(`${slot.kind} ${slot.work}, begun 2026-01-01`))
      expect((await fake.store.get(slotKey('app')))?.body.toString()).toBe(JSON.stringify(slot))
      await fake.store.remove(slotKey('app'))
    }
    await fake.store.create(slotKey('app'), JSON.stringify({ kind: 'load', work: load, begun: '2026-01-01' }))
    expect(await toFake()).toMatchObject([{ state: 'uploaded' }])
  })

  it('where an object of the data folder is not as the load wrote it, before anything is sent', async () => {
    const key = (await recordIn(world.home.store))?.objects[0]?.key ?? ''
    const file = join(world.home.path, ...key.split('/'))
    const bytes = await readFile(file)
    bytes[20] = (bytes[20] ?? 0) ^ 1
    await writeFile(file, bytes)
    await expect(toFake()).rejects.toThrow(`${key} has another content`)
    expect(fake.s3.bucket.keys()).toEqual([])
  })

  it('where the bucket has records of the same table by a load from elsewhere', async () => {
    const stranger = { ...(await recordIn(world.home.store)), load: 'c'.repeat(32) }
    const key = `loads/app/${stranger.load}/load.json`
    const info = await fake.store.create(key, JSON.stringify(stranger))
    await expect(toFake()).rejects.toThrow(/has records of app\.\w+ by load c{32}/)
    const others = { ...stranger, tables: { others: { read: 1, written: 1, refused: 0 } } }
    await fake.store.replace(key, JSON.stringify(others), info.etag)
    expect(await toFake()).toMatchObject([{ state: 'uploaded' }])
  })

  it('where another secret of the load lies beside the bucket', async () => {
    await secrets.create(`seals/app/${load}.hex`, `${'0'.repeat(64)}\n`)
    await expect(toFake()).rejects.toThrow(/another secret of load/)
    expect(await readLedger(fake.store, 'app')).toEqual([])
  })

  it('where the log cannot be written, with nothing visible', async () => {
    const logged: UploadOptions['logged'] = (act) =>
      act(async () => {
        throw new Error('no log')
      })
    await expect(toFake({ logged })).rejects.toThrow('no log')
    expect(await readLedger(fake.store, 'app')).toEqual([])
  })
})
