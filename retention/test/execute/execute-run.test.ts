import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLedger } from '@muniment/archive/catalog/ledger'
import type { HeldCheck } from '@muniment/archive/holds/held-by'
import { approvalKey, dispositionKey, HOLD_REGISTER, objectDecisionKey, slotKey } from '@muniment/archive/layout'
import { readRewritesOf } from '@muniment/archive/rewrites/rewrites'
import { canonical } from '@muniment/archive/seals/canonical-sql'
import { destroyedLeaves, leafHash } from '@muniment/archive/seals/leaves'
import { readSeal, SealReference } from '@muniment/archive/seals/seal'
import { treeWith } from '@muniment/archive/seals/tree'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { executeRun } from '../../src/execute/execute-run.ts'
import { eventKey } from '../../src/run/run-keys.ts'
import { runState } from '../../src/run/run-state.ts'
import {
  DUE,
  depsOver,
  LOAD,
  type Materials,
  makeMaterials,
  numberOf,
  RUN,
  rowsLeft,
  SECRET,
  seed,
} from './run-world.ts'

let materials: Materials
let home: string
let store: ObjectStore
beforeAll(async () => {
  materials = await makeMaterials()
})
afterAll(() => materials.close())
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'muniment-execute-'))
  store = openFileStore(home)
  await seed(store, materials)
})
afterEach(() => rm(home, { recursive: true, force: true }))

const deps = () => depsOver(store, materials, join(home, '.work', 'retention'))

describe('a run', () => {
  it('destroys exactly what was due, children first, and leaves the rest as it was', async () => {
    const before = {
      covers: await rowsLeft(store, materials, 'covers'),
      policies: await rowsLeft(store, materials, 'policies'),
    }
    const told: number[] = []
    expect(await executeRun(deps(), RUN, { progress: ({ objects }) => told.push(objects.done) })).toEqual({
      state: 'executed',
      destroyed: 9,
      objects: 3,
    })
    expect(told).toEqual([1, 2, 3])
    for (const table of ['covers', 'policies'] as const)
      expect(await rowsLeft(store, materials, table)).toEqual(
        before[table].filter((row) => !DUE[table]?.includes(numberOf(row))),
      )
    const { snapshot, drift } = await deps().catalog.crawl('app')
    expect(drift).toEqual([])
    expect(snapshot.tables.map(({ name, rows, objects }) => [name, rows, objects.length])).toEqual([
      ['covers', 14, 2],
      ['policies', 7, 1],
    ])
    expect(await store.head(slotKey('app'))).toBeUndefined()
    expect(await readdir(join(home, '.work', 'retention'))).toEqual([])
    expect((await runState(store, RUN)).state).toBe('executed')
  })

  it('keeps the leaf hashes of what it destroyed, which with the rows that are left lead to the sealed roots', async () => {
    await executeRun(deps(), RUN)
    const [commit] = await readLedger(store, 'app')
    const seal = await readSeal(store, { application: 'app', load: LOAD, seal: SealReference.parse(commit?.seal) })
    for (const { description, groups } of seal.objects) {
      const leaves = await destroyedLeaves(store, await readRewritesOf(store, 'app', description.object))
      const info = await store.head(description.object)
      if (info) {
        const year = /year=(\d+)/.exec(description.object)?.[1]
        const texts = description.columns.map(([name, type]) => (name === 'year' ? `'${year}'` : canonical(name, type)))
        await materials.session.each(
          `SELECT _row, ${texts.join(', ')} FROM read_parquet('${join(home, description.object)}', hive_partitioning = false)`,
          ([row, ...values]) => leaves.set(Number(row), leafHash(description, SECRET, { number: Number(row), values })),
        )
      }
      expect(treeWith(leaves, description.firstRow, description.rows).root).toEqual(groups[0])
    }
  })

  it('keeps a whole record that is held when its turn comes, also where the hold is released meanwhile', async () => {
    let asked = 0
    // Names one row of policy 2 at the first decision, and nothing any more at those that follow.
    const held = async (): Promise<HeldCheck> => {
      asked++
      const first = asked === 1
      return {
        register: { version: asked, sha256: String(asked).repeat(64).slice(0, 64) },
        covers: (table, key) => (first && table === 'covers' && key.join() === '2,1' ? ['H-0123456789ab'] : []),
        coversTable: () => [],
      }
    }
    expect(await executeRun({ ...deps(), held }, RUN, { workers: 1 })).toEqual({
      state: 'executed',
      destroyed: 6,
      objects: 3,
    })
    expect(asked).toBe(3)
    expect((await rowsLeft(store, materials, 'covers')).map(numberOf).filter((row) => row < 8)).toEqual([2, 3, 4, 5])
    expect((await rowsLeft(store, materials, 'policies')).map(numberOf)).toEqual([1, 2, 4, 5, 6, 7, 8, 9])
  })

  it('goes to the next attempt where a hold voided the one before, and carries out a decision that somebody else wrote', async () => {
    const common = { run: RUN, object: 0, register: 0, at: '2026-01-06T09:00:00.000Z' }
    await store.create(
      objectDecisionKey(RUN, 0, 1),
      JSON.stringify({ kind: 'void', hold: 'H-0123456789ab', ...common, attempt: 1 }),
    )
    await store.create(
      objectDecisionKey(RUN, 0, 2),
      JSON.stringify({ kind: 'destroy', ...common, attempt: 2, nonce: 'f'.repeat(32), rows: [[0, 2]], held: [[4, 4]] }),
    )
    const { destroyed } = await executeRun(deps(), RUN)
    expect(destroyed).toBe(5)
    expect((await rowsLeft(store, materials, 'covers')).map(numberOf).slice(0, 3)).toEqual([2, 3, 4])
  })

  it('refuses a decision that takes more than the approved list', async () => {
    await store.create(
      objectDecisionKey(RUN, 0, 1),
      JSON.stringify({
        kind: 'destroy',
        run: RUN,
        object: 0,
        register: 0,
        at: '2026-01-06T09:00:00.000Z',
        attempt: 1,
        nonce: 'f'.repeat(32),
        rows: [[0, 3]],
        held: [],
      }),
    )
    await expect(executeRun(deps(), RUN)).rejects.toThrow('not on the approved list')
    expect(await rowsLeft(store, materials, 'covers')).toHaveLength(20)
  })

  it('stops between objects when it is paused, goes on when it is resumed, and ends what was decided when it is cancelled', async () => {
    const say = (number: number, kind: string) =>
      store.create(
        eventKey(RUN, number),
        JSON.stringify({ kind, reason: 'r', signed: { by: 'p', at: '2026-01-06T09:00:00.000Z', groups: [] } }),
      )
    let first = true
    const pausing = depsOver(store, materials, join(home, '.work', 'retention'))
    const held = async (): Promise<HeldCheck> => {
      const asked = first
      first = false
      if (asked) await say(1, 'paused')
      return { register: { version: 0, sha256: '0'.repeat(64) }, covers: () => [], coversTable: () => [] }
    }
    expect(await executeRun({ ...pausing, held }, RUN, { workers: 1 })).toEqual({
      state: 'paused',
      destroyed: 6,
      objects: 1,
    })
    expect((await store.get(slotKey('app')))?.body.toString()).toContain(RUN)
    expect(await executeRun(deps(), RUN)).toMatchObject({ state: 'paused', objects: 1 })
    await say(2, 'resumed')
    await say(3, 'cancelled')
    expect(await executeRun(deps(), RUN)).toEqual({ state: 'cancelled', destroyed: 6, objects: 1 })
    expect(await store.head(slotKey('app'))).toBeUndefined()
    expect((await runState(store, RUN)).state).toBe('cancelled')
    expect(await rowsLeft(store, materials, 'policies')).toHaveLength(10)
  })
})

describe('nothing is destroyed', () => {
  const untouched = async (failing: Promise<unknown>, why: string) => {
    await expect(failing).rejects.toThrow(why)
    expect(await rowsLeft(store, materials, 'covers')).toHaveLength(20)
    expect(await rowsLeft(store, materials, 'policies')).toHaveLength(10)
  }
  const put = async (key: string, body: string | Buffer | undefined) => {
    await store.remove(key)
    if (body !== undefined) await store.create(key, body)
  }

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['no JSON', '{'],
    ['another shape', '{"format":1,"holds":[]}'],
    ['holds undefined', '{"format":1,"version":0}'],
  ])('where the hold register is %s', async (_, body) => {
    await put(HOLD_REGISTER, body)
    await untouched(executeRun(deps(), RUN), 'register')
  })

  it.each([
    ['missing', undefined],
    ['empty', Buffer.alloc(0)],
    ['another one', Buffer.from('PAR1')],
  ])('where a list is %s', async (_, body) => {
    await put(dispositionKey(RUN, 'covers'), body)
    await untouched(executeRun(deps(), RUN), 'The list of covers')
  })

  it.each([
    ['missing', undefined, 'Nobody has approved'],
    ['no JSON', '{', 'cannot be read'],
    [
      'of another hash',
      JSON.stringify({
        run: RUN,
        outcome: 'approved',
        hash: '1'.repeat(64),
        said: '3',
        signed: { by: 'paul', at: '2026-01-05T09:00:00.000Z', groups: [] },
      }),
      'not the one that was approved',
    ],
  ])('where the approval is %s', async (_, body, why) => {
    await put(approvalKey(RUN), body)
    await untouched(executeRun(deps(), RUN), why)
  })

  it('by a clock that gives no time, one before the plan, or long after it', async () => {
    const at = (clock: () => Date) => executeRun({ ...deps(), clock }, RUN)
    await untouched(
      at(() => new Date(Number.NaN)),
      'gives no time',
    )
    await untouched(
      at(() => new Date('2025-12-31T00:00:00Z')),
      'in the future',
    )
    await untouched(
      at(() => new Date('2026-03-01T00:00:00Z')),
      'days ago',
    )
  })

  it('while a load has the work slot, where an object was changed, where the disk is short, or the plan may not be carried out any more', async () => {
    await store.create(slotKey('app'), JSON.stringify({ kind: 'load', work: 'b'.repeat(32), begun: 'today' }))
    await untouched(executeRun(deps(), RUN), `Load ${'b'.repeat(32)} of app is under way`)
    await store.remove(slotKey('app'))
    await untouched(executeRun({ ...deps(), freeBytes: async () => 10 }, RUN), 'bytes free')
    await untouched(executeRun({ ...deps(), preflight: async () => ['Schedules changed.'] }, RUN), 'Schedules changed.')
    const key = materials.objects[0]?.key ?? ''
    await put(key, materials.objects[1]?.body)
    await expect(executeRun(deps(), RUN)).rejects.toThrow(`${key} is not as it was when the plan was made`)
  })
})
