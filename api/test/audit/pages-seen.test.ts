import type { Row, Statement } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it } from 'vitest'
import { answering, loanResult, loans } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { type Answer, memoryEngine } from '../support/memory-engine.ts'
import { openWorld, problemOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const payments: Answer = {
  columns: [
    { name: 'paid_on', type: 'date', from: 'payments.paid_on' },
    { name: 'paid', type: 'decimal(12,2)', from: 'payments.paid' },
  ],
  rows: [['2018-01-01', '100.00']],
}
const columns = loanResult.map((column) => ({ ...column, from: `loans.${column.name}` }))
const fileOf =
  (paid: Row[] = payments.rows, found = 1) =>
  ({ sql }: Statement): Answer =>
    sql.includes('payments') ? { ...payments, rows: paid } : { columns, rows: loans(found) }

/** By which the log knows the loan: a page that shows its number names it. */
async function tokensOfLoan(): Promise<string[]> {
  const { id } = await world.search('find-loan', { holder: 'x' })
  await world.get(`/api/searches/${id}/panels/loans?size=10`)
  return (await logged(world.store, 'page')).find(({ opening }) => opening.subject?.search === id)?.tokens ?? []
}

const numbered = { loan_number: 'L-000001' }

describe('the entry of a page', () => {
  it('is whole when the answer comes, though the process ends on it', async () => {
    // What would be done after the answer never is.
    world = await openWorld({ engine: memoryEngine(fileOf()).engine, background: () => undefined })
    const { id } = await world.search('loan-file', numbered)
    expect((await world.get(`/api/searches/${id}/panels/loan`)).status).toBe(200)
    const [page] = await logged(world.store, 'page')
    expect(page?.closings.map(({ outcome }) => outcome)).toEqual(['done'])
    expect(page?.tokens).toEqual(await tokensOfLoan())
  })

  it('names the record that the page is about where its rows do not', async () => {
    world = await openWorld({ engine: memoryEngine(fileOf()).engine })
    const { id } = await world.search('loan-file', numbered)
    await world.get(`/api/searches/${id}/panels/payments`)
    const [page] = await logged(world.store, 'page')
    expect(page?.tokens).toHaveLength(1)
    expect(page?.tokens).toEqual(await tokensOfLoan())
  })

  it('names it by what was asked where the title is not known', async () => {
    let found = 0
    world = await openWorld({ engine: memoryEngine((statement) => fileOf(payments.rows, found)(statement)).engine })
    const { id } = await world.search('loan-file', numbered)
    await world.get(`/api/searches/${id}/panels/payments`)
    const [page] = await logged(world.store, 'page')
    found = 1
    expect(page?.tokens).toHaveLength(1)
    expect(page?.tokens).toEqual(await tokensOfLoan())
  })

  it('names none that was asked for and is not there', async () => {
    world = await openWorld({ engine: memoryEngine(fileOf([], 0)).engine })
    const { id } = await world.search('loan-file', numbered)
    await world.get(`/api/searches/${id}/panels/payments`)
    expect((await logged(world.store, 'page')).map(({ tokens }) => tokens)).toEqual([[]])
  })

  it('says for what, of which application and use case', async () => {
    world = await openWorld({ engine: memoryEngine(fileOf()).engine })
    const { id } = await world.search('loan-file', numbered)
    await world.get(`/api/searches/${id}/panels/payments`)
    const [page] = await logged(world.store, 'page')
    expect(page?.opening.subject).toMatchObject({ search: id, application: 'lending', useCase: 'loan-file' })
    expect(page?.opening.purpose).toMatchObject({ reason: 'system-test' })
  })

  it('that is past the end is closed as failed, and nothing is shown', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const { id } = await world.search('find-loan', { holder: 'x' })
    const answer = await world.get(`/api/searches/${id}/panels/loans?page=9`)
    expect((await problemOf(answer)).type).toMatch(/no-such-page$/)
    expect((await logged(world.store, 'page')).map(({ closings }) => closings[0]?.outcome)).toEqual(['failed'])
  })
})

describe('the entry of an export', () => {
  it('names the record that the file is about where its rows do not', async () => {
    world = await openWorld({ engine: memoryEngine(fileOf()).engine })
    const { id } = await world.search('loan-file', numbered)
    const { id: exported, state } = await world.exported(id, { panel: 'payments', format: 'csv' })
    expect(state).toBe('done')
    await world.settled()
    const [entry] = await logged(world.store, 'export')
    expect(entry?.tokens).toHaveLength(1)
    expect(entry?.tokens).toEqual(await tokensOfLoan())
    const address = (await world.get(`/api/exports/${exported}/file`)).headers.get('location') ?? ''
    expect((await world.get(address)).status).toBe(200)
    const [download] = await logged(world.store, 'download')
    expect(download?.opening.subject).toMatchObject({ application: 'lending', useCase: 'loan-file' })
    expect(download?.opening.purpose).toMatchObject({ reason: 'system-test' })
  })
})
