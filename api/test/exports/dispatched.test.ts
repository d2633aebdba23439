import { afterEach, describe, expect, it } from 'vitest'
import type { Export } from '../../src/contract.ts'
import type { DispatchedExport } from '../../src/deps.ts'
import { createExportWorker } from '../../src/export-worker.ts'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { openWorld, problemOf, type World, type WorldOptions } from '../support/world.ts'

let world: World
afterEach(() => world.close())

/** A process that hands exports on, and what it handed on. */
async function handing(change: Partial<WorldOptions> = {}) {
  const handed: DispatchedExport[] = []
  const { engine } = memoryEngine(answering(3))
  world = await openWorld({
    engine,
    by: { process: 'lambda one' },
    dispatch: async (job) => void handed.push(job),
    ...change,
  })
  const search = await world.search('find-loan', { holder: 'x' })
  const begun = await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'json' })
  return { handed, begun, made: (await begun.json()) as Export }
}

/** Another process over the same store. */
const worker = () => createExportWorker({ ...world.deps, by: { process: 'lambda two' } })
const read = async (id: string) => (await (await world.get(`/api/exports/${id}`)).json()) as Export

describe('an export that another process carries out', () => {
  it('waits until that one takes it, and is then done', async () => {
    const { handed, begun, made } = await handing()
    expect(begun.status).toBe(202)
    expect(await read(made.id)).toMatchObject({ state: 'queued' })
    expect(handed).toHaveLength(1)
    for (const job of handed) await worker()(job)
    expect(await read(made.id)).toMatchObject({ state: 'done', rows: 3 })
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(303)
  })

  it('is carried out once, however often it is delivered', async () => {
    const { handed, made } = await handing()
    const [job] = handed
    if (!job) throw new Error('nothing was handed on')
    await Promise.all([worker()(job), worker()(job)])
    await worker()(job)
    expect(await read(made.id)).toMatchObject({ state: 'done' })
    const actions = await logged(world.store, 'export')
    expect(actions.map(({ closings }) => closings.length)).toEqual([1])
  })

  it('is not begun where it was cancelled before anybody took it', async () => {
    const { handed, made } = await handing()
    const cancelled = await world.ask('DELETE', `/api/exports/${made.id}`)
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
    for (const job of handed) await worker()(job)
    expect(await read(made.id)).toMatchObject({ state: 'cancelled' })
    expect(await world.store.head(`results/${made.search}/exports/${made.id}/${made.fileName}`)).toBeUndefined()
  })

  it('keeps no more rows than its person may still take', async () => {
    const { handed, made } = await handing()
    for (const job of handed) await worker()({ ...job, mostRows: 2 })
    expect(await read(made.id)).toMatchObject({ state: 'failed' })
  })

  it('has failed, and says so, where nobody takes it on', async () => {
    const { begun, made } = await handing({
      dispatch: async () => {
        throw new Error('no such function')
      },
    })
    expect(begun.status).toBe(202)
    expect(made).toMatchObject({ state: 'failed', problem: { detail: expect.stringContaining('Try again') } })
    expect(await problemOf(await world.get(`/api/exports/${made.id}/file`))).toMatchObject({ status: 500 })
  })

  it('is given up when nobody has taken it for five minutes, or finished it in its time', async () => {
    const { made } = await handing()
    world.setNow(new Date(Date.now() + 4 * 60_000))
    expect(await read(made.id)).toMatchObject({ state: 'queued' })
    world.setNow(new Date(Date.now() + 6 * 60_000))
    expect(await read(made.id)).toMatchObject({ state: 'failed' })
  })
})
