import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Export } from '../../src/contract.ts'
import { exportRecordKey } from '../../src/shared/keys.ts'
import { answering } from '../support/loans.ts'
import { refusingBelow } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { outcomesOf, stopped, upkeep } from '../support/upkeep.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

describe('the entry of an export', () => {
  it('is closed as interrupted by whoever finds it abandoned, once', async () => {
    let hang = false
    const memory = memoryEngine((statement) => (hang ? 'never' : answering(3)(statement)))
    world = await openWorld({ engine: memory.engine, by: stopped })
    const search = await world.search('find-loan', { holder: 'x' })
    hang = true
    const begun = await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'csv' })
    const { id } = (await begun.json()) as Export
    await vi.waitFor(async () => {
      const record = JSON.parse((await world.store.get(exportRecordKey(id)))?.body.toString() ?? '{}')
      expect(record.execution).toBeDefined()
    })
    const other = () =>
      openWorld({ engine: memoryEngine(answering(3)).engine, folder: world.root, store: () => world.store })
    const answers = await Promise.all([await other(), await other()].map((other) => other.get(`/api/exports/${id}`)))
    for (const answer of answers) expect(await answer.json()).toMatchObject({ state: 'failed' })
    const closed = await outcomesOf(world, 'export')
    await world.ask('DELETE', `/api/exports/${id}`)
    await world.settled()
    expect([closed, await outcomesOf(world, 'export')]).toEqual([[['interrupted']], [['interrupted']]])
  })

  it('takes the file along with it, where the log can no longer say whose records are in the file', async () => {
    let refusing = false
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      auditStore: refusingBelow('audit/', () => refusing),
      store: (store) => ({
        ...store,
        createFromFile: async (...args) => {
          refusing = true
          return store.createFromFile(...args)
        },
      }),
    })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(made).toMatchObject({ state: 'failed', problem: { status: 503 } })
    refusing = false
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(503)
    const files: string[] = []
    for await (const { key } of world.store.list(`results/${search.id}/exports/`)) files.push(key)
    expect(files).toEqual([])
    await upkeep(world)
    expect((await outcomesOf(world, 'export')).flat()).toHaveLength(1)
  })
})
