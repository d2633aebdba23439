import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { slotKey } from '@muniment/archive/layout'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOnFake } from '../../../archive/test/store/s3-support.ts'
import { executeRun } from '../../src/execute/execute-run.ts'
import { FAULTS, type FaultKind, faultyStore } from './faulty-store.ts'
import { canary, DUE, depsOver, type Materials, makeMaterials, numberOf, RUN, rowsLeft, seed } from './run-world.ts'

/** Every so many-th point, each kind beginning elsewhere; all of them by MUNIMENT_FAULTS=1, more than here by `npm run endure`. */
const EVERY = Number(process.env.MUNIMENT_FAULTS ?? 41)

let materials: Materials
let expected: Record<string, string[]>
beforeAll(async () => {
  materials = await makeMaterials()
})
afterAll(() => materials.close())

interface Setting {
  store: ObjectStore
  work: string
  close(): Promise<void>
}

async function onFiles(): Promise<Setting> {
  const home = await mkdtemp(join(tmpdir(), 'muniment-faults-'))
  return {
    store: openFileStore(home),
    work: join(home, '.work', 'retention'),
    close: () => rm(home, { recursive: true, force: true }),
  }
}

async function onS3(): Promise<Setting> {
  const work = await mkdtemp(join(tmpdir(), 'muniment-faults-'))
  const { store, close } = await openOnFake({ versioned: true })
  return {
    store,
    work,
    async close() {
      await close()
      await rm(work, { recursive: true, force: true })
    },
  }
}

/** Whatever a bucket still has of the records, older versions and delete markers too. */
async function olderVersions(store: ObjectStore): Promise<string[]> {
  const found: string[] = []
  for await (const { key, latest, deleteMarker } of store.versions?.list('archive/') ?? [])
    if (!latest) found.push(`${key} ${deleteMarker}`)
  return found
}

async function check(store: ObjectStore, label: string) {
  for (const table of ['covers', 'policies'])
    expect(await rowsLeft(store, materials, table), label).toEqual(expected[table])
  const { drift } = await depsOver(store, materials, '').catalog.crawl('app')
  expect(drift, label).toEqual([])
  expect(await olderVersions(store), label).toEqual([])
  expect(await store.head(slotKey('app')), label).toBeUndefined()
}

const finish = async (store: ObjectStore, work: string) => {
  // What answered with an error once answers now: whoever starts it again gets to the end.
  const done = await executeRun(depsOver(store, materials, work), RUN, { workers: 1 })
  expect(done).toEqual({ state: 'executed', destroyed: 9, objects: 3 })
}

async function strike(open: () => Promise<Setting>, kind: FaultKind, at: number): Promise<boolean> {
  const { store, work, close } = await open()
  try {
    await seed(store, materials)
    const faulty = faultyStore(store, { kind, at, meanwhile: () => finish(store, work) })
    const label = `${kind} at ${at}`
    const failed = await executeRun(depsOver(faulty.store, materials, work), RUN, { workers: 1 }).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!faulty.struck()) return false
    // A process that lives on has either done it or said that it has not.
    if (kind === 'twice' && failed) expect(failed, label).toHaveProperty('actor')
    await finish(store, work)
    await check(store, `${label} (${faulty.operations[at]}, ${String(failed)})`)
    return true
  } finally {
    await close()
  }
}

describe.each([
  ['files', onFiles, 130],
  ['versions in S3', onS3, 145],
] as const)('a run over %s', (name, open, atLeast) => {
  it('ends with exactly the due rows gone, whatever fails at whatever operation', { timeout: 1_800_000 }, async () => {
    const { store, work, close } = await open()
    await seed(store, materials)
    expected = {}
    for (const table of ['covers', 'policies']) {
      const before = await rowsLeft(store, materials, table)
      expected[table] = before.filter((row) => !DUE[table]?.includes(numberOf(row)))
    }
    const counting = faultyStore(store)
    await executeRun(depsOver(counting.store, materials, work), RUN, { workers: 1 })
    await check(store, 'without a fault')
    await close()
    const operations = counting.operations.length
    let points = 0
    for (const [shift, kind] of FAULTS.entries())
      for (let at = shift % EVERY; at < operations; at += EVERY) if (await strike(open, kind, at)) points++
    console.log(
      `Fault points over ${name}: ${points} of ${operations * FAULTS.length} (${operations} operations x ${FAULTS.length} kinds)`,
    )
    expect(operations).toBeGreaterThanOrEqual(atLeast)
    expect(points).toBeGreaterThanOrEqual(Math.floor((operations * FAULTS.length) / EVERY) - FAULTS.length)
  })
})

describe('between replacing and purging', () => {
  it('a crash leaves older versions, which the next execution removes; no canary is left anywhere', async () => {
    const again = await onS3()
    try {
      await seed(again.store, materials)
      const faulty = faultyStore(again.store, { kind: 'crash', at: 'versions.remove' })
      await expect(executeRun(depsOver(faulty.store, materials, again.work), RUN, { workers: 1 })).rejects.toThrow()
      expect((await olderVersions(again.store)).length).toBeGreaterThan(0)
      await finish(again.store, again.work)
      expect(await olderVersions(again.store)).toEqual([])
      for (const [table, rows] of Object.entries(DUE))
        for (const row of rows) expect(await whereIs(again.store, canary(table, row))).toEqual([])
      expect(await whereIs(again.store, canary('covers', 2))).not.toEqual([])
    } finally {
      await again.close()
    }
  })
})

/** Keys under which a text is stored, unpacked where it is Parquet. */
async function whereIs(store: ObjectStore, text: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('')) {
    const body = (await store.get(key))?.body ?? Buffer.alloc(0)
    if (body.includes(text)) found.push(key)
    if (!key.endsWith('.parquet')) continue
    const file = join(materials.folder, 'scan.parquet')
    await writeFile(file, body)
    await materials.session.each(
      `SELECT to_json(t) FROM read_parquet('${file}', hive_partitioning = false) t`,
      ([row]) => {
        if (row?.includes(text)) found.push(key)
      },
    )
  }
  return found
}
