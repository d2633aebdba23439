import type { Rights } from '@muniment/archive/access/port'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SearchList } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, problemOf, type World } from '../support/world.ts'

const [grant] = everything.grants
const rightsWith = (change: object, bulkRows = 2): Rights =>
  rightsBy(
    AccessRules.parse({ ...everything, bulkRows, grants: [{ ...grant, ...change }] }),
    1,
    { groups: ['all'] },
    new Date(),
  )

const all = rightsWith({})
const none = rightsBy(everything, 1, { groups: [] }, new Date())
let world: World
let rights: Rights
beforeEach(async () => {
  rights = all
  world = await openWorld({
    engine: memoryEngine(answering(3)).engine,
    access: { rightsOf: async () => rights },
  })
})
afterEach(() => world.close())

async function exported(): Promise<{ search: string; id: string; address: string }> {
  const { id: search } = await world.search('find-loan', { holder: 'x' })
  const { id } = await world.exported(search, { panel: 'loans', format: 'csv' })
  const address = (await world.get(`/api/exports/${id}/file`)).headers.get('location') ?? ''
  return { search, id, address }
}

describe('a file that was exported', () => {
  it.each([
    ['the grant', none, 404],
    ['the right to export', rightsWith({ rights: ['see'] }), 410],
    ['the right to export in bulk', rightsWith({ rights: ['export'] }), 410],
    ['a sensitivity', rightsWith({ sensitivities: [] }), 410],
  ])('is given by no address any more once %s is gone, and that stands in the log', async (_, left, status) => {
    const { id, address } = await exported()
    rights = left
    expect((await world.get(`/api/exports/${id}/file`)).status).toBe(status)
    expect((await world.get(address)).status).toBe(status)
    // By navigating, as browsers do, without a token.
    expect((await world.get(address, { 'x-person': 'nobody' })).status).toBe(status)
    const downloads = await logged(world.store, 'download')
    expect(downloads.map(({ closings }) => closings[0]?.outcome)).toEqual(['refused', 'refused'])
    rights = all
    expect((await world.get(address)).status).toBe(200)
  })

  it('is given by an address while bulk is not needed for it', async () => {
    const { address } = await exported()
    rights = rightsWith({ rights: ['export'] }, 3)
    expect((await world.get(address)).status).toBe(200)
  })

  it('is given three times by an address, together by all processes, and each time stands in the log', async () => {
    const { id, address } = await exported()
    const other = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      folder: world.root,
      store: () => world.store,
      access: { rightsOf: async () => rights },
    })
    expect((await world.ask('HEAD', address)).status).toBe(200)
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((at) => (at % 2 === 0 ? world : other).get(address)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 410, 410, 410])
    expect((await problemOf(await world.get(address))).detail).toContain('used up')
    await Promise.all(answers.map((answer) => answer.arrayBuffer()))
    const downloads = await logged(world.store, 'download')
    expect(downloads.map(({ opening }) => opening.subject?.fetch).sort()).toEqual([1, 2, 3])
    expect(downloads[0]?.opening).toMatchObject({
      actor: { id: 'ada' },
      subject: { export: id, what: 'file', application: 'lending', useCase: 'find-loan' },
    })
  })
})

describe('one’s own searches', () => {
  const list = async () => ((await (await world.get('/api/searches')).json()) as SearchList).searches

  it('are not listed once their grant is gone, whatever was typed into them', async () => {
    await world.search('find-loan', { holder: 'x' })
    expect(await list()).toMatchObject([{ title: 'Find a loan: x', rows: 3 }])
    rights = none
    expect(await list()).toEqual([])
  })

  it('are listed without what was found where less may be seen now', async () => {
    await world.search('find-loan', { holder: 'x' })
    rights = rightsWith({ sensitivities: [] })
    const [one] = await list()
    expect(one).toMatchObject({ title: 'Find a loan: x', state: 'done' })
    expect(one).not.toHaveProperty('rows')
  })
})
