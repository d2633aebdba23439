import { afterEach, describe, expect, it } from 'vitest'
import { answering, loanResult, loans } from './support/loans.ts'
import { logged } from './support/logged.ts'
import { type Answer, memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())

const open = async (answer: Parameters<typeof memoryEngine>[0]) => {
  const memory = memoryEngine(answer)
  world = await openWorld({ engine: memory.engine })
  return memory
}

const masked: Answer = { fails: 'masked', message: 'by loans.holder', columns: ['loans.amount', 'loans.holder'] }

describe('a panel that chooses its rows by masked columns', () => {
  const said =
    'This panel chooses its rows by Amount (Loans), Holder (Loans), which your role does not see, so what it would show would be wrong. Ask the test.'

  it('says by which, and whom to ask, while the others are shown', async () => {
    await open((statement) => (statement.sql.includes('payments') ? masked : answering(1)(statement)))
    const search = await world.search('loan-file', { loan_number: 'L-000001' })
    expect(search.state).toBe('done')
    const [first, second] = search.panels
    expect(first).toMatchObject({ state: 'done', rows: 1 })
    expect(second?.state).toBe('failed')
    expect(second?.problem).toEqual({
      type: 'urn:muniment:problem:masked',
      title: 'Chosen by what is masked',
      status: 403,
      detail: said,
    })
    const page = await world.get(`/api/searches/${search.id}/panels/${second?.name}`)
    expect(page.status).toBe(403)
    expect((await problemOf(page)).detail).toBe(said)
  })

  it('is no fault of the template, and stands in the log as refused where there is no other', async () => {
    await open(() => masked)
    const search = await world.search('find-loan', { holder: 'x' })
    expect(search.state).toBe('failed')
    expect(search.panels[0]?.problem?.instance).toBeUndefined()
    await world.settled()
    const [entry] = await logged(world.store, 'search')
    expect(entry?.closings.map(({ outcome }) => outcome)).toEqual(['refused'])
  })

  it('gives no file either, when more is masked than when it was searched', async () => {
    let searched = false
    await open((statement) => (searched ? masked : answering(3)(statement)))
    const search = await world.search('find-loan', { holder: 'x' })
    searched = true
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(made.state).toBe('failed')
    expect(made.problem).toMatchObject({ type: 'urn:muniment:problem:masked', detail: said.replace('panel', 'export') })
  })
})

describe('an order by a column that one does not see', () => {
  const marked = (mask: 'hidden' | 'partial') => () => ({
    columns: loanResult.map((column) => (column.name === 'amount' ? { ...column, masked: mask } : column)),
    rows: loans(3),
  })

  it.each(['amount', '-amount', 'largest'])('is refused for a page and for an export: %s', async (sort) => {
    await open(marked('hidden'))
    const search = await world.search('find-loan', { holder: 'x' })
    const page = await world.get(`/api/searches/${search.id}/panels/loans?sort=${sort}`)
    const asked = { panel: 'loans', format: 'csv', sort }
    for (const response of [page, await world.ask('POST', `/api/searches/${search.id}/exports`, asked)]) {
      expect(response.status).toBe(403)
      expect((await problemOf(response)).detail).toBe('Rows cannot be ordered by Amount, which your role does not see.')
    }
    expect((await world.get(`/api/searches/${search.id}/panels/loans?sort=holder`)).status).toBe(200)
  })

  it('is as good as any other where the column is partly shown', async () => {
    await open(marked('partial'))
    const search = await world.search('find-loan', { holder: 'x' })
    expect((await world.get(`/api/searches/${search.id}/panels/loans?sort=amount`)).status).toBe(200)
  })
})
