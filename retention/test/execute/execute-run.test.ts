import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { slotKey } from '@muniment/archive/layout'
import { openFileStore } from '@muniment/archive/store/file-store'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { executeRun } from '../../src/execute/execute-run.ts'
import { runState } from '../../src/run/run-state.ts'
import { DUE, depsOver, type Materials, makeMaterials, numberOf, RUN, rowsLeft, seed } from './run-world.ts'

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
})
