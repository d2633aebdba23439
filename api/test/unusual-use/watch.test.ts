import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rightsBy } from '@muniment/archive/access/rights'
import type { UnusualUse } from '@muniment/archive/access/unusual-use'
import type { QueryEngine } from '@muniment/archive/engine/port'
import type { Person } from '@muniment/archive/identity/port'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditEntries } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { logged, refusingBelow } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, type World, type WorldOptions } from '../support/world.ts'

let world: World
let now: Date
const others: World[] = []
afterEach(async () => {
  for (const other of others.splice(0)) await Promise.all([other.settled(), other.lastWords()])
  await world.close()
})

/** Its columns say what they are of, as a real engine's do. */
function knowing(engine: QueryEngine): QueryEngine {
  const status = async (id: string) => {
    const execution = await engine.wait(id, 10)
    const { result } = execution
    if (result) result.columns = result.columns.map((column) => ({ ...column, from: `loans.${column.name}` }))
    return execution
  }
  const prepare: QueryEngine['prepare'] = async (statement) =>
    (await engine.prepare(statement)).map((column) => ({ ...column, from: `loans.${column.name}` }))
  return { ...engine, prepare, status, wait: async (id) => status(id) }
}

const off: UnusualUse = { timeZone: 'Europe/Berlin', manyPersons: false, nightExports: false, ownRecords: false }
const own = ['lending:loans:L-000002', 'lending:loans']

async function open(unusualUse: Partial<UnusualUse>, more: Partial<WorldOptions> = {}): Promise<World> {
  const rules = { ...everything, unusualUse: { ...off, ...unusualUse } }
  const opened = await openWorld({
    engine: knowing(memoryEngine(answering(6)).engine),
    clock: () => now,
    access: { rightsOf: async () => rightsBy(rules, 1, { groups: ['all'] }, now) },
    identity: {
      authenticate: async (request): Promise<Person> => {
        const id = request.headers.get('x-person') ?? 'ada'
        return { id, name: `Person ${id}`, groups: [], ...(id === 'ada' && { records: own }) }
      },
    },
    ...more,
  })
  // A loan stands for a person here.
  const file = join(opened.templates, 'lending/application.json')
  const model = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...model, personTable: 'loans' }))
  return opened
}
const beside = async (unusualUse: Partial<UnusualUse>) => {
  const other = await open(unusualUse, { folder: world.root, store: () => world.store })
  others.push(other)
  return other
}

/** Looks at `rows` loans, from the first on or a page further. */
async function look(size: number, page = 1, person = 'ada', at = world): Promise<string> {
  const { id } = await at.search('find-loan', { holder: 'x' }, { 'x-person': person })
  const shown = await at.get(`/api/searches/${id}/panels/loans?size=${size}&page=${page}`, { 'x-person': person })
  expect(shown.status).toBe(200)
  return id
}
/** What is written a moment later. */
const written = async (at = world) => {
  await at.settled()
  await at.lastWords()
  await at.settled()
}
const flags = () => logged(world.store, 'unusual-use')

const day = new Date('2026-11-23T12:00:00Z')
const night = new Date('2026-11-23T22:30:00Z')

describe('many persons in a short time', () => {
  const rule = { manyPersons: { persons: 3, minutes: 60 } }

  it('are told to auditors once a day, with how many and the searches, and nobody is stopped', async () => {
    now = day
    world = await open(rule)
    const first = await look(3)
    await written()
    expect(await flags()).toHaveLength(0)
    const second = await look(2, 2)
    await written()
    await look(6)
    await written()
    const [flag, ...more] = await flags()
    expect(more).toHaveLength(0)
    expect(flag?.opening).toMatchObject({
      actor: { id: 'ada', rules: 1 },
      subject: { rule: 'many-persons', day: '2026-11-23', searches: [first, second] },
    })
    expect(flag?.closings).toMatchObject([{ outcome: 'done', detail: { persons: 4, minutes: 60 } }])
    now = new Date('2026-11-24T12:00:00Z')
    await look(6)
    await written()
    expect((await flags()).map(({ opening }) => opening.subject?.day)).toEqual(['2026-11-23', '2026-11-24'])
  })

  it('are not the same ones again and again, nor others’, nor those of an hour ago', async () => {
    now = day
    world = await open(rule)
    for (let times = 0; times < 4; times++) await look(3)
    await look(3, 2, 'bob')
    await written()
    now = new Date(day.getTime() + 61 * 60_000)
    await look(3, 2)
    await written()
    expect(await flags()).toHaveLength(0)
  })

  it('are counted together by several processes, which tell it once', async () => {
    now = day
    world = await open(rule)
    const other = await beside(rule)
    await Promise.all([look(2), look(2, 2, 'ada', other)])
    await Promise.all([written(), written(other)])
    await Promise.all([look(6), look(6, 1, 'ada', other)])
    await Promise.all([written(), written(other)])
    expect(await flags()).toHaveLength(1)
  })

  it('stand in the store without a name, a key or the log’s token of them', async () => {
    now = day
    world = await open(rule)
    await look(3, 1, 'canary-jane-doe')
    await written()
    const found: string[] = []
    for await (const { key } of world.store.list('unusual-use/')) found.push(key + (await world.store.get(key))?.body)
    expect(found).toHaveLength(1)
    expect(found.join()).toMatch(/"persons":\{"[\w-]{16}":/)
    for (const word of ['canary', 'L-00000', 'Holder']) expect(found.join()).not.toContain(word)
    for (const { tokens } of await logged(world.store))
      for (const token of tokens) expect(found.join()).not.toContain(token.slice(0, 16))
  })

  it('taken along count as those seen', async () => {
    now = day
    world = await open(rule)
    const { id } = await world.search('find-loan', { holder: 'x' })
    expect((await world.exported(id, { panel: 'loans', format: 'csv' })).state).toBe('done')
    await written()
    const [flag] = await flags()
    expect(flag?.opening.subject).toMatchObject({ rule: 'many-persons', exports: [expect.stringContaining(`${id}_`)] })
  })
})

describe('an export at night', () => {
  const rule = { nightExports: { from: '22:00', until: '05:00' } }

  it('is told once a night, with the time by the rules’ zone, and so is a file fetched then', async () => {
    now = night
    world = await open(rule)
    const { id } = await world.search('find-loan', { holder: 'x' })
    const { id: first } = await world.exported(id, { panel: 'loans', format: 'csv' })
    await written()
    now = new Date('2026-11-24T01:00:00Z')
    await world.exported(id, { panel: 'loans', format: 'csv' })
    await written()
    const [flag, ...more] = await flags()
    expect(more).toHaveLength(0)
    expect(flag?.opening.subject).toEqual({ rule: 'night-exports', day: '2026-11-23', exports: [first] })
    expect(flag?.closings[0]?.detail).toMatchObject({ at: '23:30', timeZone: 'Europe/Berlin', rows: 6, what: 'export' })
    now = new Date('2026-11-24T22:30:00Z')
    await world.get((await world.get(`/api/exports/${first}/file`)).headers.get('location') ?? '')
    await written()
    expect((await flags()).at(-1)?.closings[0]?.detail).toMatchObject({ what: 'download' })
  })

  it('is none by day, and a search at night is none', async () => {
    now = day
    world = await open(rule)
    const { id } = await world.search('find-loan', { holder: 'x' })
    await world.exported(id, { panel: 'loans', format: 'csv' })
    now = night
    await look(3)
    await written()
    expect(await flags()).toHaveLength(0)
  })
})

describe('a record of one’s own', () => {
  it('is told when it is seen, without saying which it is, and others’ are not', async () => {
    now = day
    world = await open({ ownRecords: true })
    await look(1)
    await look(6, 1, 'bob')
    await written()
    expect(await flags()).toHaveLength(0)
    const id = await look(6)
    await written()
    await look(6)
    await written()
    const [flag, ...more] = await flags()
    expect(more).toHaveLength(0)
    expect(flag?.opening.subject).toEqual({ rule: 'own-records', day: '2026-11-23', searches: [id] })
    expect(JSON.stringify(flag)).not.toContain('L-000002')
  })
})

it('What the rules switch off is not told', async () => {
  now = night
  world = await open({})
  const id = await look(6)
  await world.exported(id, { panel: 'loans', format: 'csv' })
  await written()
  expect(await flags()).toHaveLength(0)
  for await (const { key } of world.store.list('unusual-use/')) throw new Error(key)
})

it('A store that does not take what is counted stops neither searches nor exports', async () => {
  now = night
  const rules = { manyPersons: { persons: 1, minutes: 60 }, nightExports: { from: '22:00', until: '05:00' } }
  let refusing = true
  world = await open(rules, { store: refusingBelow('unusual-use/', () => refusing) })
  const id = await look(6)
  expect((await world.exported(id, { panel: 'loans', format: 'csv' })).state).toBe('done')
  await written()
  expect(await flags()).toHaveLength(0)
  expect(world.lines.join()).toContain('unwatched')
  refusing = false
  await look(6)
  await written()
  expect(await flags()).toHaveLength(1)
})

it('A log that does not take the entry is told later, not never', async () => {
  now = day
  let refusing = false
  world = await open({ ownRecords: true }, { auditStore: refusingBelow('audit/', () => refusing) })
  const { id } = await world.search('find-loan', { holder: 'x' })
  await world.settled()
  await world.get(`/api/searches/${id}/panels/loans?size=6`)
  refusing = true
  await world.settled()
  refusing = false
  await look(6)
  await written()
  expect((await flags()).length).toBe(1)
})

it('Auditors find them by their action, and by nobody else are they found', async () => {
  now = day
  world = await open({ ownRecords: true })
  await look(6)
  await written()
  expect((await world.get('/api/audit/entries?action=unusual-use')).status).toBe(404)
  const rights = rightsBy(
    { ...everything, grants: [{ ...everything.grants[0], id: 'a', groups: ['all'], role: 'auditor' } as never] },
    1,
    { groups: ['all'] },
    now,
  )
  const auditors = await open(
    {},
    { folder: world.root, store: () => world.store, access: { rightsOf: async () => rights } },
  )
  others.push(auditors)
  const found = (await (
    await auditors.get('/api/audit/entries?action=unusual-use&from=2020-01-01')
  ).json()) as AuditEntries
  expect(found.entries).toMatchObject([{ person: 'ada', subject: { rule: 'own-records' } }])
})
