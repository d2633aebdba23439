import { rightsBy } from '@muniment/archive/access/rights'
import type { AccessRules } from '@muniment/archive/access/rules'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, problemOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

type Limits = NonNullable<AccessRules['limits']['case-officer']>
let now = new Date('2026-11-23T12:00:00Z')
const open = (limits: Limits, rows = 3, more = false, parts = {}) => {
  now = new Date('2026-11-23T12:00:00Z')
  const rights = rightsBy({ ...everything, limits: { 'case-officer': limits } }, 1, { groups: ['all'] }, now)
  return openWorld({ engine: memoryEngine(answering(rows, more)).engine, clock: () => now, rights, ...parts })
}
const start = (inputs: object = { holder: 'x' }, in_ = world, person = 'ada') =>
  in_.ask(
    'POST',
    '/api/searches',
    { application: 'lending', useCase: 'find-loan', inputs, purpose: { reason: 'system-test', note: 'test' } },
    { prefer: 'wait=10', 'x-person': person },
  )
const limitsOf = async (person = 'ada') =>
  ((await (await world.get('/api/me', { 'x-person': person })).json()) as Me).limits
/** Writes what one process knows, so that another can. */
const written = async () => {
  await world.settled()
  await world.lastWords()
}

describe('a limit', () => {
  it('of searches a minute stops the one too many of many at once, tells why, and lets go after a minute', async () => {
    world = await open({ searchesPerMinute: 5 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => start()))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    const refused = answers.find(({ status }) => status === 429)
    if (!refused) throw new Error('none was refused')
    expect(refused.headers.get('retry-after')).toBe('60')
    const problem = await problemOf(refused)
    expect(problem.type).toBe('urn:muniment:problem:over-limit-person')
    expect(problem.detail).toBe('You may begin 5 searches a minute, and have. Try again in 60 seconds. Ask the test.')
    expect(await limitsOf()).toEqual([{ limit: 'searchesPerMinute', used: 5, most: 5, near: true }])
    expect((await start({ holder: 'x' }, world, 'bob')).status).toBe(200)
    now = new Date(now.getTime() + 60_000)
    expect((await start()).status).toBe(200)
    await world.settled()
    expect(await logged(world.store, 'search')).toHaveLength(7)
    expect(await logged(world.store, 'refusal')).toHaveLength(3)
  })

  it('is one for all processes, and stays through a restart', async () => {
    world = await open({ searchesPerMinute: 4 })
    await start()
    await start()
    await written()
    const other = await open({ searchesPerMinute: 4 }, 3, false, { folder: world.root, store: () => world.store })
    expect((await start({ holder: 'x' }, other)).status).toBe(200)
    await other.settled()
    await other.lastWords()
    expect((await limitsOf())[0]).toEqual({ limit: 'searchesPerMinute', used: 3, most: 4, near: false })
    expect((await start()).status).toBe(200)
    expect((await start({ holder: 'x' })).status).toBe(429)
  })

  it('of two processes that write at once loses nothing', async () => {
    world = await open({ bytesScannedPerMonth: 1_000_000 })
    const other = await open({}, 3, false, { folder: world.root, store: () => world.store })
    await Promise.all([start(), start({ holder: 'y' }, other), start(), start({ holder: 'z' }, other)])
    await Promise.all([world.settled(), other.settled()])
    await Promise.all([world.lastWords(), other.lastWords()])
    expect((await limitsOf())[0]?.used).toBe(4_000)
  })

  it('of bytes a month refuses searches and exports until the next month', async () => {
    world = await open({ bytesScannedPerMonth: 2_000 })
    const { id } = (await (await start()).json()) as { id: string }
    await start()
    expect((await start()).status).toBe(429)
    const refused = await world.ask('POST', `/api/searches/${id}/exports`, { panel: 'loans', format: 'csv' })
    expect((await problemOf(refused)).detail).toContain('The next month begins on 2026-12-01')
    await written()
    now = new Date('2026-12-01T00:00:00Z')
    expect((await start()).status).toBe(200)
  })

  it('of rows a day counts what is taken along, and refuses what would be too much before anything is written', async () => {
    world = await open({ rowsExportedPerDay: 10 }, 4)
    const { id } = await world.search('find-loan', { holder: 'x' })
    const asked = { panel: 'loans', format: 'csv' }
    await world.exported(id, asked)
    await world.exported(id, asked)
    expect((await limitsOf())[0]).toEqual({ limit: 'rowsExportedPerDay', used: 8, most: 10, near: true })
    const refused = await world.ask('POST', `/api/searches/${id}/exports`, asked)
    expect(refused.status).toBe(429)
    expect((await problemOf(refused)).detail).toContain('You may export 10 rows a day, and have exported 8')
    expect(await logged(world.store, 'export')).toHaveLength(2)
    await written()
    now = new Date('2026-11-24T00:00:00Z')
    expect((await world.exported(id, asked)).state).toBe('done')
  })

  it('gives back what an export that failed had taken', async () => {
    let fails = false
    const { engine } = memoryEngine((statement) => (fails ? { fails: 'user', message: 'x' } : answering(4)(statement)))
    world = await open({ rowsExportedPerDay: 5 }, 4, false, { engine })
    const { id } = await world.search('find-loan', { holder: 'x' })
    fails = true
    expect((await world.exported(id, { panel: 'loans', format: 'csv' })).state).toBe('failed')
    await vi.waitFor(async () => expect((await limitsOf())[0]?.used).toBe(0))
  })

  it.each([
    ['at a time', { bulkRows: 6 }, {}, 'refused', 403, 'You may export 6 rows at a time; this has more. Ask the test.'],
    [
      'a day',
      {},
      { rowsExportedPerDay: 10 },
      'over-limit-person',
      429,
      'You may export 10 more rows today (until midnight UTC); this has more. Ask the test.',
    ],
  ])(
    'of rows %s refuses an export that turns out to have more, keeps nothing of it and gives back what it took',
    async (_, parts, limits, kind, status, detail) => {
      // Of the panel four rows are known, and that there are more.
      let rows = 4
      const { engine } = memoryEngine((statement) => answering(rows, rows === 4)(statement))
      const rules = {
        ...everything,
        limits: { 'case-officer': limits },
        ...parts,
        ...('bulkRows' in parts && {
          grants: everything.grants.map((grant) => ({ ...grant, rights: ['see' as const, 'export' as const] })),
        }),
      }
      now = new Date('2026-11-23T12:00:00Z')
      const rights = rightsBy(rules, 1, { groups: ['all'] }, now)
      world = await openWorld({ engine, clock: () => now, rights })
      const { id } = await world.search('find-loan', { holder: 'x' })
      rows = 11
      const asked = { panel: 'loans', format: 'csv' }
      const made = await world.exported(id, asked)
      expect(made).toMatchObject({ state: 'failed', problem: { type: `urn:muniment:problem:${kind}`, status } })
      expect(made.problem?.detail).toContain(detail)
      const file = await world.get(`/api/exports/${made.id}/file`)
      expect([file.status, (await problemOf(file)).detail]).toEqual([status, made.problem?.detail])
      await written()
      const kept: string[] = []
      for await (const { key } of world.store.list(`results/${id}/exports/`)) kept.push(key)
      expect(kept).toEqual([])
      const [entry] = await logged(world.store, 'export')
      expect(entry?.closings.map(({ outcome }) => outcome)).toEqual(['refused'])
      expect(entry?.tokens).toEqual([])
      if ('rowsExportedPerDay' in limits) expect((await limitsOf())[0]).toMatchObject({ used: 0, most: 10 })
      rows = 5
      expect(await world.exported(id, asked)).toMatchObject({ state: 'done', rows: 5 })
    },
  )

  it('stands in keys and objects without a name', async () => {
    world = await open({ searchesPerMinute: 5 })
    await start({ holder: 'x' }, world, 'canary-jane-doe')
    await written()
    const found: string[] = []
    for await (const { key } of world.store.list('usage/')) found.push(key + (await world.store.get(key))?.body)
    expect(found).toHaveLength(1)
    expect(found.join()).not.toContain('canary')
  })
})
