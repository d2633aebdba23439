import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it } from 'vitest'
import type { Estimate, Search } from '../src/contract.ts'
import { answering } from './support/loans.ts'
import { logged } from './support/logged.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { emptySnapshot, everything, openWorld, problemOf, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())

const MB = 1_000_000
const inputs = { holder: 'x' }
const asked = { application: 'lending', useCase: 'find-loan', inputs }
const purpose = { reason: 'system-test', note: 'test' }

/** Every table with one column that is 40 MB large, and nothing besides. */
function snapshot(): CatalogSnapshot {
  const empty = emptySnapshot()
  const columns = [{ name: 'holder_folded', type: 'varchar' as const, bytes: 40 * MB }]
  return {
    ...empty,
    tables: empty.tables.map((table) => ({
      ...table,
      columns,
      bytes: 40 * MB,
      objects: table.objects.map((object) => ({ ...object, size: 40 * MB })),
    })),
  }
}

interface Setting {
  limits?: AccessRules['limits']
  rowRules?: boolean
  engine?: Partial<QueryEngine>
}

function open({ limits = {}, rowRules = false, engine = {} }: Setting = {}) {
  const reading = async () => ({ used: { loans: ['holder_folded'] }, chosenBy: [] })
  const memory = memoryEngine(answering(3))
  const rules = AccessRules.parse({ ...everything, limits })
  const plain = rightsBy(rules, 1, { groups: ['all'] }, new Date())
  const rights = {
    ...plain,
    view: (...[model, through]: Parameters<typeof plain.view>) => {
      const view = plain.view(model, through)
      return view && { ...view, restrictions: { ...view.restrictions, rowRules: rowRules ? ['secret'] : [] } }
    },
  }
  return openWorld({ engine: { ...memory.engine, reading, ...engine }, snapshot, rights }).then((opened) => ({
    ...opened,
    started: memory.started,
  }))
}

const start = () => world.ask('POST', '/api/searches', { ...asked, purpose }, { prefer: 'wait=10' })
const cost = async () => (await (await world.ask('POST', '/api/searches/estimate', asked)).json()) as Estimate

async function setBudget(bytes: number) {
  const file = join(world.templates, 'lending/use-cases/find-loan.json')
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), budget: { bytes } }))
}

describe('what a search costs at most', () => {
  it('is told before anything runs, is recorded with the search, and stands beside what was read', async () => {
    const opened = await open()
    world = opened
    const told = await cost()
    expect(told.bytesAtMost).toBeGreaterThanOrEqual(40 * MB)
    expect(told.bytesAtMost).toBeLessThan(41 * MB)
    expect(told.panels.reduce((sum, { bytesAtMost = 0 }) => sum + bytesAtMost, 0)).toBe(told.bytesAtMost)
    expect(told).not.toHaveProperty('priceAtMost')
    expect(told).not.toHaveProperty('refused')
    expect(opened.started).toEqual([])
    const search = (await (await start()).json()) as Search
    expect(search.bytesAtMost).toBe(told.bytesAtMost)
    expect(search.bytesScanned).toBeLessThanOrEqual(told.bytesAtMost ?? 0)
    const later = (await (await world.get(`/api/searches/${search.id}`)).json()) as Search
    expect(later.panels.map(({ bytesAtMost }) => bytesAtMost)).toEqual(told.panels.map((one) => one.bytesAtMost))
  })

  it('is in dollars where Athena bills', async () => {
    world = await open({ engine: { name: 'athena' } })
    const { bytesAtMost = 0, priceAtMost, panels } = await cost()
    expect(panels).toHaveLength(1)
    expect(priceAtMost).toBeCloseTo((Math.ceil(bytesAtMost / MB) / MB) * 5, 12)
  })

  it('is not told where it is not known, and no search is refused for that', async () => {
    world = await open({
      limits: { 'case-officer': { bytesPerSearch: 1 } },
      engine: { reading: () => Promise.reject(new Error('not a statement')) },
    })
    const told = await cost()
    expect(told).not.toHaveProperty('bytesAtMost')
    expect(told.panels.every((panel) => !('bytesAtMost' in panel))).toBe(true)
    expect((await start()).status).toBe(200)
  })

  it('is told in tens of megabytes where row rules are in force', async () => {
    world = await open({ rowRules: true })
    expect((await cost()).bytesAtMost).toBe(50 * MB)
    expect(((await (await start()).json()) as Search).bytesAtMost).toBe(50 * MB)
  })

  it('is no entry of the log, which asking for it without the right is', async () => {
    world = await open()
    await cost()
    await world.settled()
    expect(await logged(world.store, 'search')).toEqual([])
    expect(await logged(world.store, 'refusal')).toEqual([])
    const answer = await world.ask('POST', '/api/searches/estimate', { ...asked, useCase: 'no-such-use-case' })
    expect(answer.status).toBe(404)
    await world.settled()
    expect(await logged(world.store, 'refusal')).toHaveLength(1)
  })

  it('needs inputs that a search could be begun with', async () => {
    world = await open()
    const answer = await world.ask('POST', '/api/searches/estimate', { ...asked, inputs: { nothing: 'x' } })
    expect(answer.status).toBe(400)
  })
})

describe('a search above a budget', () => {
  it('of its role is refused before anything runs, says what it could read and who can help, and is in the log', async () => {
    const opened = await open({ limits: { 'case-officer': { bytesPerSearch: 30 * MB } } })
    world = opened
    const told = await cost()
    expect(told.budget).toEqual({ bytes: 30 * MB, of: 'role' })
    const answer = await start()
    expect(answer.status).toBe(422)
    const problem = await problemOf(answer)
    expect(problem.type).toBe('urn:muniment:problem:over-budget')
    expect(problem.detail).toContain('could read up to 40 MB, and your role may read in one search 30 MB')
    expect(problem.detail).toContain('Ask the test.')
    expect(problem.detail).toBe(told.refused)
    expect(opened.started).toEqual([])
    const recorded: string[] = []
    for await (const { key } of world.store.list('searches/')) recorded.push(key)
    expect(recorded).toEqual([])
    await world.settled()
    expect(await logged(world.store, 'search')).toEqual([])
    expect(await logged(world.store, 'refusal')).toHaveLength(1)
  })

  it('of its use case is refused, whatever the role allows', async () => {
    world = await open({ limits: { 'case-officer': { bytesPerSearch: 1_000 * MB } } })
    await setBudget(39 * MB)
    expect((await cost()).budget).toEqual({ bytes: 39 * MB, of: 'use-case' })
    expect((await problemOf(await start())).detail).toContain('a search of this kind may read 39 MB')
    await setBudget(41 * MB)
    expect((await start()).status).toBe(200)
  })

  it('takes none of the searches that the person may begin', async () => {
    world = await open({ limits: { 'case-officer': { bytesPerSearch: 30 * MB, searchesPerMinute: 1 } } })
    expect((await start()).status).toBe(422)
    expect((await start()).status).toBe(422)
  })
})

describe('an export', () => {
  const body = { panel: 'loans', format: 'csv' }
  const searched = async () => {
    const { id, panels } = (await (await start()).json()) as Search
    return { at: `/api/searches/${id}/exports`, panel: panels[0]?.name ?? '' }
  }
  it('says what it reads at most before it begins, as the search did', async () => {
    world = await open({ engine: { name: 'athena' } })
    const { at, panel } = await searched()
    const told = (await (await world.ask('POST', `${at}/estimate`, { ...body, panel })).json()) as Estimate
    const before = (await cost()).panels.find(({ name }) => name === panel)
    expect(told.bytesAtMost).toBe(before?.bytesAtMost)
    expect(told.bytesAtMost).toBeGreaterThan(40 * MB)
    expect(told.priceAtMost).toBeCloseTo(0.000205, 9)
    expect(told.panels.map(({ name }) => name)).toEqual([panel])
    await world.settled()
    expect(await logged(world.store, 'export')).toEqual([])
  })

  it('above the budget is refused before anything runs, in the words of a search, and is in the log', async () => {
    const opened = await open()
    world = opened
    const { at, panel } = await searched()
    const ran = opened.started.length
    await setBudget(39 * MB)
    const told = (await (await world.ask('POST', `${at}/estimate`, { ...body, panel })).json()) as Estimate
    const answer = await world.ask('POST', at, { ...body, panel })
    expect(answer.status).toBe(422)
    const problem = await problemOf(answer)
    expect(problem.type).toBe('urn:muniment:problem:over-budget')
    expect(problem.detail).toContain(
      'This export could read up to 40 MB, and a search of this kind may read 39 MB. Nothing was read.',
    )
    expect(problem.detail).toBe(told.refused)
    expect(opened.started).toHaveLength(ran)
    await world.settled()
    expect(await logged(world.store, 'export')).toEqual([])
    expect(await logged(world.store, 'refusal')).toHaveLength(1)
    await setBudget(41 * MB)
    expect((await world.ask('POST', at, { ...body, panel })).status).toBe(202)
  })

  it('that may not be made costs nothing that anybody is told', async () => {
    world = await open()
    const { at } = await searched()
    expect((await world.ask('POST', `${at}/estimate`, { ...body, panel: 'none' })).status).toBe(404)
  })
})
