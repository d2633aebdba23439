import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Search } from '../src/contract.ts'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

const total = 120

describe('a page of a panel', () => {
  let world: World
  let search: Search
  const memory = memoryEngine(answering(total, true))
  beforeAll(async () => {
    world = await openWorld({ engine: memory.engine })
    search = await world.search('find-loan', { holder: 'x' })
  })
  afterAll(() => world.close())

  const page = (query: string) => world.get(`/api/searches/${search.id}/panels/loans${query}`)
  const numbersIn = (html: string) => [...html.matchAll(/<tr data-row[\s\S]*?(L-\d{6})/g)].map((match) => match[1])

  it('is an HTML fragment of fifty rows where nothing else is asked', async () => {
    const response = await page('')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const html = await response.text()
    expect(numbersIn(html)).toHaveLength(50)
    expect(html).toContain('Arrears')
    expect(html).not.toContain('data-column="currency"')
  })

  it('never runs the query again, for any page, size or order', async () => {
    const before = memory.started.length
    for (const query of ['?page=2', '?sort=-amount', '?sort=holder&size=7&page=3']) {
      expect((await page(query)).status).toBe(200)
    }
    expect(memory.started.length).toBe(before)
  })

  it('together with all others shows every row once, in any order and size', async () => {
    const sorts = fc.constantFrom(
      '',
      '&sort=amount',
      '&sort=-state',
      '&sort=largest',
      '&sort=-largest',
      '&sort=secured',
    )
    await fc.assert(
      fc.asyncProperty(sorts, fc.integer({ min: 7, max: 130 }), async (sort, size) => {
        const seen: (string | undefined)[] = []
        for (let number = 1; number <= Math.ceil(total / size); number += 1) {
          seen.push(...numbersIn(await (await page(`?page=${number}&size=${size}${sort}`)).text()))
        }
        expect(seen).toHaveLength(total)
        expect(new Set(seen).size).toBe(total)
      }),
      { numRuns: 12 },
    )
  })

  it('orders by a declared order, whose columns have directions of their own', async () => {
    const amounts = async (sort: string) => {
      const html = await (await page(`?size=500&sort=${sort}`)).text()
      return [...html.matchAll(/m-money__amount">([\d,.]+)/g)].map((match) => Number(match[1]?.replaceAll(',', '')))
    }
    const largest = await amounts('largest')
    expect(largest).toEqual([...largest].sort((a, b) => b - a))
    expect(await amounts('-largest')).toEqual([...largest].reverse())
  })

  it('shows the columns chosen, in the order chosen, hidden ones too', async () => {
    const html = await (await page('?columns=currency,holder')).text()
    expect([...html.matchAll(/data-column="(\w+)"/g)].map((match) => match[1])).toEqual(['currency', 'holder'])
  })

  it.each([
    ['?page=4', 404, 'There are 3 pages of 50 rows; page 4 is past the end.'],
    ['?page=0', 400, 'page is 1 or more'],
    ['?page=-1', 400, 'page is 1 or more'],
    ['?page=1.5', 400, 'page is a whole number'],
    ['?page=one', 400, 'page is a whole number'],
    ['?page=1&page=2', 400, 'page is a whole number'],
    ['?size=501', 400, 'size is at most 500'],
    ['?size=0', 400, 'size is 1 or more'],
    ['?sort=nothing', 400, '"nothing" is not among the columns'],
    ['?sort=--amount', 400, 'is not among the columns'],
    ['?sort=constructor', 400, 'is not among the columns'],
    ['?columns=holder,__proto__', 400, '"__proto__" is not among the columns'],
    ['?columns=', 400, 'is not among the columns'],
    ['?dates=roman', 400, 'dates'],
  ])('%s answers %i with a sentence that helps', async (query, status, sentence) => {
    const response = await page(query)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect((await problemOf(response)).detail).toContain(sentence)
  })

  it('of a panel that the search does not have is not found', async () => {
    expect((await world.get(`/api/searches/${search.id}/panels/other`)).status).toBe(404)
  })

  it('says that there are more rows than are kept', async () => {
    expect(search.panels[0]?.more).toBe(true)
    expect(await (await page('')).text()).toContain('m-note')
  })

  it('of an empty result says so with the next step', async () => {
    const none = await openWorld({ engine: memoryEngine(answering(0)).engine })
    const found = await none.search('find-loan', { holder: 'x' })
    const html = await (await none.get(`/api/searches/${found.id}/panels/loans`)).text()
    expect(html).toContain('No loan was found. Try fewer letters of the name.')
    await none.close()
  })
})
