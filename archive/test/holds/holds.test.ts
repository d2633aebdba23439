import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { heldBy } from '../../src/holds/held-by.ts'
import { listHolds, readHold } from '../../src/holds/list.ts'
import { placeHold, widenHold } from '../../src/holds/place.ts'
import { previewScope } from '../../src/holds/preview.ts'
import { approveRelease, proposeRelease, refuseRelease, reviewHold } from '../../src/holds/release.ts'
import { resolveAgain } from '../../src/holds/resolve-again.ts'
import { resolveScope } from '../../src/holds/scope/resolve.ts'
import type { HoldScope } from '../../src/holds/types.ts'
import { HOLD_REGISTER, holdPrefix } from '../../src/layout.ts'
import { createHoldWorld, type HoldWorld, keeper, nobody, otherKeeper, second } from './world.ts'

let world: HoldWorld
beforeAll(async () => {
  world = await createHoldWorld()
}, 60_000)
afterAll(() => world?.close())

async function resolve(scope: HoldScope, most?: number) {
  const { deps } = world
  const found = await resolveScope(scope, {
    engine: deps.engine,
    application: 'app',
    model: await deps.loadModel('app'),
    catalog: await deps.catalog.read('app'),
    classTables: async () => ['notes'],
    ...(most !== undefined && { most }),
  })
  const text = (keys: 'all' | string[][]) => (keys === 'all' ? 'all' : keys.map((key) => key.join('|')).sort())
  return Object.fromEntries(Object.entries(found).map(([table, keys]) => [table, text(keys)]))
}

const request = (scope: HoldScope) => ({
  application: 'app',
  matter: 'Ada against Bob',
  authority: 'District court',
  reason: 'Order of 1 March',
  scope,
  by: keeper,
})
const contract = (...numbers: string[]): HoldScope => ({
  kind: 'keys',
  table: 'contracts',
  keys: numbers.map((number) => [number]),
})

describe('a scope', () => {
  it('of keys is the records, what names them, and upwards whatever they name', async () => {
    expect(await resolve(contract('1'))).toEqual({
      contracts: ['1'],
      notes: ['1|', "1|ä, '1'"],
      cases: ['K1'],
      letters: ['L2'],
      people: ['A', 'B'],
      products: 'all',
    })
  })

  it('goes up to what came before, and not down to what came after', async () => {
    const found = await resolve(contract('2'))
    expect(found.contracts).toEqual(['1', '2'])
    // A3 is named as holder, A2 and A by A3.
    expect(found.people).toEqual(['A', 'A2', 'A3'])
    expect(found.notes).toBeUndefined()
  })

  it('of a row that names others protects these, their holder and what they follow', async () => {
    expect(await resolve({ kind: 'keys', table: 'letters', keys: [['L1']] })).toEqual({
      letters: ['L1'],
      notes: ['3|1'],
      contracts: ['3'],
      people: ['B'],
      products: 'all',
    })
  })

  it('of a person is everything about them under all their numbers', async () => {
    for (const key of ['A', 'A2', 'A3']) {
      const found = await resolve({ kind: 'person', key: [key] })
      expect(found.contracts).toEqual(
        ['1', '2', '3', '4'].filter((number) => number !== '3' || found.contracts?.includes('4')),
      )
      expect(found.people).toEqual(expect.arrayContaining(['A', 'A2', 'A3']))
      expect(found.cases).toEqual(['K1', 'K3'])
      expect(found.letters).toEqual(['L2'])
    }
  })

  it('of a condition is the rows that fulfil it, with theirs', async () => {
    const where = [{ column: 'since', to: '1969-12-31' }]
    expect((await resolve({ kind: 'condition', table: 'contracts', where })).contracts).toEqual(['1'])
    const open = [
      { column: 'state', in: ['open'] },
      { column: 'since', from: '2003-01-01' },
    ]
    expect((await resolve({ kind: 'condition', table: 'contracts', where: open })).cases).toEqual(['K3'])
  })

  it('of a class, a domain or an application is whole tables, and the parents that they name elsewhere', async () => {
    expect(await resolve({ kind: 'class', domain: 'contracts', class: 'c' })).toEqual({
      notes: 'all',
      contracts: ['1', '3'],
      people: ['A', 'B'],
      products: 'all',
    })
    expect(await resolve({ kind: 'domain', domain: 'cases' })).toEqual({
      cases: 'all',
      letters: 'all',
      notes: ['1|', '3|1', '9|9'],
      contracts: ['1', '3', '4'],
      people: ['A', 'B', 'C'],
      products: 'all',
    })
    expect(Object.values(await resolve({ kind: 'application' }))).toEqual(Array(6).fill('all'))
  })

  it('protects the whole table where the keys are too many to list, never fewer', async () => {
    expect(await resolve(contract('1', '2', '3'), 2)).toMatchObject({ contracts: 'all', notes: 'all', cases: 'all' })
  })

  it('follows more keys than fit into one statement', async () => {
    const keys = Array.from({ length: 30_000 }, (_, n) => [String(n + 1)])
    expect((await resolve({ kind: 'keys', table: 'contracts', keys })).cases).toEqual(['K1', 'K2', 'K3'])
  }, 60_000)

  it('is refused with a word of help where the model has no such thing', async () => {
    await expect(resolve({ kind: 'keys', table: 'contract', keys: [['1']] })).rejects.toThrow(
      'did you mean "contracts"?',
    )
    await expect(resolve({ kind: 'keys', table: 'notes', keys: [['1']] })).rejects.toThrow(
      'A key of notes is number, no',
    )
    await expect(
      resolve({ kind: 'condition', table: 'contracts', where: [{ column: 'stat', in: ['open'] }] }),
    ).rejects.toThrow('did you mean "state"?')
    await expect(resolve(contract('one'))).rejects.toMatchObject({ actor: 'searcher' })
  })
})

describe('previewing', () => {
  it('counts what a scope covers, and names keys that no row has', async () => {
    const preview = await previewScope(world.deps, 'app', contract('1', '77'))
    expect(preview.absent).toEqual([['77']])
    expect(preview.tables.find(({ table }) => table === 'contracts')).toMatchObject({ rows: 1, all: false })
    expect(preview.tables.find(({ table }) => table === 'notes')).toMatchObject({ rows: 2 })
    expect(preview.partial).toBe(false)
  })

  it('tells nothing of tables that the person may not see', async () => {
    const restrictions = { id: 'x', tables: ['contracts', 'products'], masks: [], rowRules: [] }
    const preview = await previewScope(world.deps, 'app', contract('1'), { restrictions })
    expect(preview.tables.map(({ table }) => table).sort()).toEqual(['contracts', 'products'])
    expect(preview.partial).toBe(true)
  })

  it('does not choose by a masked column', async () => {
    const masks = [{ table: 'people', column: 'name', mask: 'hidden' as const }]
    const restrictions = { id: 'y', tables: ['people', 'contracts'], masks, rowRules: [] }
    const scope: HoldScope = { kind: 'condition', table: 'people', where: [{ column: 'name', in: ['Ada'] }] }
    await expect(previewScope(world.deps, 'app', scope, { restrictions })).rejects.toMatchObject({ name: 'InputError' })
  })
})

describe('placing', () => {
  it('protects at once what it covers, and is in the log without a word of what was typed', async () => {
    const { hold, late } = await placeHold(world.deps, request(contract('1')))
    expect(late).toEqual([])
    const held = await heldBy(world.store, 'app', world.deps.clock)
    const record = { table: 'contracts', key: ['1'] }
    expect(held.covers('notes', ['1', 'new'], record)).toContain(hold.id)
    expect(held.covers('people', ['B'], { table: 'people', key: ['B'] })).toContain(hold.id)
    expect(held.covers('contracts', ['3'], { table: 'contracts', key: ['3'] })).not.toContain(hold.id)
    const entry = world.entries.at(-1)
    expect(entry).toMatchObject({
      opening: { action: 'hold', subject: { hold: hold.id } },
      closing: { outcome: 'done' },
    })
    expect(JSON.stringify([entry?.opening.subject, entry?.closing])).not.toMatch(/Ada|Bob|court/)
  })

  it('is for who manages holds', async () => {
    await expect(placeHold(world.deps, { ...request(contract('1')), by: nobody })).rejects.toMatchObject({
      name: 'NotFoundError',
    })
    await expect(placeHold(world.deps, { ...request(contract('1')), by: second })).rejects.toThrow('records-managers')
  })

  it('asks for matter, authority and reason', async () => {
    for (const field of ['matter', 'authority', 'reason'])
      await expect(placeHold(world.deps, { ...request(contract('1')), [field]: ' ' })).rejects.toMatchObject({
        fields: { [field]: expect.stringContaining('Say') },
      })
  })

  it('fails, and leaves nothing standing, where the register is gone', async () => {
    const register = world.store.files.get(HOLD_REGISTER)
    world.store.files.delete(HOLD_REGISTER)
    await expect(placeHold(world.deps, request(contract('1')))).rejects.toMatchObject({ name: 'OperatorError' })
    if (register) world.store.files.set(HOLD_REGISTER, register)
    expect(world.entries.at(-1)?.closing?.outcome).toBe('failed')
  })

  it('tells what it came too late for, by what looks at the runs', async () => {
    const bar: NonNullable<HoldWorld['deps']['bar']> = async ({ covers }) => ({
      late: covers('contracts', ['3'], { table: 'contracts', key: ['3'] })
        ? [{ run: 'R-1', table: 'contracts', key: ['3'] }]
        : [],
      unchecked: [],
    })
    const { late } = await placeHold({ ...world.deps, bar }, request(contract('3')))
    expect(late).toEqual([{ run: 'R-1', table: 'contracts', key: ['3'] }])
    expect((await placeHold({ ...world.deps, bar }, request(contract('1')))).late).toEqual([])
  })
})

describe('a hold that stands', () => {
  let id: string
  beforeEach(async () => {
    id = (await placeHold(world.deps, { ...request(contract('4')), review: '2026-04-01' })).hold.id
  })
  const covers = async (number: string) =>
    (await heldBy(world.store, 'app', world.deps.clock))
      .covers('contracts', [number], { table: 'contracts', key: [number] })
      .includes(id)

  it('is widened, and goes on protecting what it did', async () => {
    expect(await covers('2')).toBe(false)
    const widened = await widenHold(world.deps, {
      hold: id,
      scope: contract('2'),
      reason: 'Also this.',
      by: otherKeeper,
    })
    expect(widened.hold.closures.map(({ revision }) => revision)).toEqual([1, 2])
    expect([await covers('2'), await covers('4')]).toEqual([true, true])
    expect((await readHold(world.store, id)).scopes).toEqual([contract('4'), contract('2')])
  })

  it('is released by two people, and its history stays', async () => {
    await proposeRelease(world.deps, { hold: id, reason: 'Settled.', by: keeper })
    expect(await covers('4')).toBe(true)
    await expect(approveRelease(world.deps, { hold: id, by: keeper })).rejects.toThrow('a second person')
    await expect(approveRelease(world.deps, { hold: id, by: nobody })).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(await covers('4')).toBe(true)
    await approveRelease(world.deps, { hold: id, by: second })
    expect(await covers('4')).toBe(false)
    const { state, history } = await readHold(world.store, id)
    expect(state).toBe('released')
    expect(history.map(({ kind }) => kind)).toEqual(['placed', 'release-proposed', 'released'])
    await expect(
      widenHold(world.deps, { hold: id, scope: contract('1'), reason: 'More.', by: keeper }),
    ).rejects.toThrow('was released')
  })

  it('is not released where nobody proposed it, where it was refused, or where it was widened since', async () => {
    await expect(approveRelease(world.deps, { hold: id, by: second })).rejects.toThrow('Nobody has proposed')
    await proposeRelease(world.deps, { hold: id, reason: 'Settled.', by: keeper })
    await refuseRelease(world.deps, { hold: id, reason: 'Not yet.', by: second })
    await expect(approveRelease(world.deps, { hold: id, by: second })).rejects.toThrow('Nobody has proposed')
    await proposeRelease(world.deps, { hold: id, reason: 'Settled now.', by: keeper })
    await widenHold(world.deps, { hold: id, scope: contract('3'), reason: 'Also this.', by: keeper })
    await expect(approveRelease(world.deps, { hold: id, by: second })).rejects.toThrow('widened')
    expect(await covers('4')).toBe(true)
  })

  it('stands until the register says otherwise, where its release was interrupted; approving again ends it', async () => {
    await proposeRelease(world.deps, { hold: id, reason: 'Settled.', by: keeper })
    const dying = { ...world.store, replace: () => Promise.reject(new Error('died')) }
    await expect(approveRelease({ ...world.deps, store: dying }, { hold: id, by: second })).rejects.toThrow('died')
    expect(await covers('4')).toBe(true)
    expect((await readHold(world.store, id)).releaseInterrupted).toBe(true)
    await approveRelease(world.deps, { hold: id, by: otherKeeper })
    expect(await covers('4')).toBe(false)
  })

  it('reminds of its review once that is over, and is released by no date', async () => {
    const of = async () => (await listHolds(world.store, 'app', world.deps.clock)).find((hold) => hold.id === id)
    expect(await of()).toMatchObject({ review: '2026-04-01', reviewOverdue: false })
    world.tick(60)
    expect(await of()).toMatchObject({ reviewOverdue: true, state: 'standing' })
    expect(await covers('4')).toBe(true)
    await reviewHold(world.deps, { hold: id, review: '2027-01-01', reason: 'Still needed.', by: keeper })
    expect(await of()).toMatchObject({ review: '2027-01-01', reviewOverdue: false })
  })

  it('is unknown to a list of another application', async () => {
    expect(await listHolds(world.store, 'other')).toEqual([])
  })

  it('cannot be read where what was said of it is missing', async () => {
    const key = `${holdPrefix(id)}event-00000001.json`
    const event = world.store.files.get(key)
    world.store.files.delete(key)
    await expect(resolveAgain(world.deps, 'app')).rejects.toThrow('is missing')
    if (event) world.store.files.set(key, event)
  })
})

describe('resolving again', () => {
  it('protects what was loaded since, and takes nothing away', async () => {
    const { hold } = await placeHold(
      world.deps,
      request({ kind: 'condition', table: 'contracts', where: [{ column: 'holder', in: ['C'] }] }),
    )
    await world.load('contracts', ["50, 'C', NULL, 'x', 'open', DATE '2010-01-01'"])
    const grown = await resolveAgain(world.deps, 'app')
    expect(grown).toContain(hold.id)
    const { protects } = await readHold(world.store, hold.id)
    expect(protects.contracts).toEqual(expect.arrayContaining([['4'], ['50']]))
    await world.load('cases', ["'K9', 50, NULL, 1.00"])
    await resolveAgain(world.deps, 'app')
    const again = await readHold(world.store, hold.id)
    // The contract is not in the catalog any more: it stays protected.
    expect(again.protects.contracts).toEqual(expect.arrayContaining([['4'], ['50']]))
    expect(await resolveAgain(world.deps, 'app')).toEqual([])
  })

  it('throws where objects are lost, so that nothing is planned', async () => {
    const snapshot = await world.deps.catalog.read('app')
    if (!snapshot) throw new Error('no catalog')
    const tables = snapshot.tables.map((table) =>
      table.name === 'contracts' ? { ...table, incomplete: true as const } : table,
    )
    const catalog = { ...world.deps.catalog, read: async () => ({ ...snapshot, tables }) }
    await expect(resolveAgain({ ...world.deps, catalog }, 'app')).rejects.toThrow('contracts are missing or altered')
  })

  it('throws where the model lost what a hold is about', async () => {
    const loadModel = async () => {
      const model = await world.deps.loadModel('app')
      return { ...model, tables: model.tables.filter(({ name }) => name !== 'contracts') }
    }
    await expect(resolveAgain({ ...world.deps, loadModel }, 'app')).rejects.toMatchObject({ name: 'OperatorError' })
  })
})
