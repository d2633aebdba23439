import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Search } from '../src/contract.ts'
import { closeInterrupted } from '../src/upkeep/close-interrupted.ts'
import { sweepResults, sweepUnfinishedExports } from '../src/upkeep/sweep.ts'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())
const day = 24 * 3_600_000

describe('sweeping', () => {
  it('removes results that are too old; the search stays and says how to see it again', async () => {
    const { engine } = memoryEngine(answering(3))
    world = await openWorld({ engine })
    const old = await world.search('find-loan', { holder: 'x' })
    const young = await world.search('find-loan', { holder: 'y' })
    const past = new Date(Date.now() - day - 60_000)
    await utimes(join(world.home, 'results', old.id, 'loans.json'), past, past)
    const removed = await sweepResults({ store: world.store, clock: () => new Date(), resultsMs: day })
    expect(removed).toBe(1)

    // A process that has not read the result before.
    const other = await openWorld({ engine, folder: world.root })
    const gone = await other.get(`/api/searches/${old.id}/panels/loans`)
    expect(gone.status).toBe(410)
    expect((await problemOf(gone)).detail).toContain('Run the search again')
    expect((await other.get(`/api/searches/${young.id}/panels/loans`)).status).toBe(200)
    expect(((await (await other.get(`/api/searches/${old.id}`)).json()) as Search).state).toBe('done')
  })

  it('removes exported files; the record of the export stays', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const tomorrow = () => new Date(Date.now() + day + 60_000)
    await sweepResults({ store: world.store, clock: tomorrow, resultsMs: day })
    expect((await world.get(`/api/exports/${made.id}`)).status).toBe(200)
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(410)
  })

  it('removes what a stopped process left of half-written exports', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const work = join(world.home, '.work')
    await mkdir(join(work, 'exports', 'left', 'unloaded'), { recursive: true })
    await writeFile(join(work, 'exports', 'left', 'unloaded', 'result.csv'), 'x')
    await sweepUnfinishedExports(work)
    expect(await readdir(join(work, 'exports'))).toEqual([])
  })
})

describe('a server that begins again', () => {
  it('closes what the one before left open, and nothing else', async () => {
    const { engine } = memoryEngine((statement) =>
      statement.sql.includes('holder = ?') ? answering(3)(statement) : 'never',
    )
    world = await openWorld({ engine })
    const ended = await world.search('find-loan', { holder: 'x' })
    const body = { application: 'lending', useCase: 'find-loan', inputs: { state: ['A'] }, purpose: 'x' }
    const left = (await (await world.ask('POST', '/api/searches', body)).json()) as Search
    const began = new Date(Date.now() + 1)
    const closed = await closeInterrupted({ store: world.store, began })
    expect(closed).toBe(1)
    expect(await closeInterrupted({ store: world.store, began })).toBe(0)

    const after = await openWorld({ engine: memoryEngine(() => 'never').engine, folder: world.root })
    const read = async (id: string) => (await (await after.get(`/api/searches/${id}`)).json()) as Search
    expect(await read(ended.id)).toEqual(ended)
    expect(await read(left.id)).toMatchObject({ state: 'failed', panels: [{ problem: { status: 503 } }] })
    await world.ask('DELETE', `/api/searches/${left.id}`)
  })
})
