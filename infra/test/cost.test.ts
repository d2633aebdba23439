import { readFileSync } from 'node:fs'
import { priceOf } from '@muniment/archive/engine/price'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costLines, costMarkdown, dollars } from '../src/cost/cost-table.ts'
import { type Deployed, type Expected, estimateCost, totalsOf } from '../src/cost/estimate-cost.ts'
import { exampleCase } from '../src/cost/example-case.ts'
import { between } from '../src/docs-block.ts'
import { prices } from '../src/prices.ts'
import { countDeployed, summarise } from '../src/summary.ts'
import { demoSettings } from './support/synthesised.ts'

const settings = { ...demoSettings, applications: ['pas'] }
const deployed = countDeployed(await summarise('demo', settings), settings)
const usdOf = (name: string, expected: Partial<Expected>, of: Partial<Deployed> = {}): number => {
  const found = estimateCost({ ...exampleCase, ...expected }, { ...deployed, ...of }).find((one) => one.name === name)
  if (!found) throw new Error(`There is no item "${name}".`)
  return found.usd
}

const expectedOnes: fc.Arbitrary<Expected> = fc.record({
  recordsGb: fc.integer({ min: 0, max: 100_000 }),
  objects: fc.nat(10_000_000),
  searchesPerMonth: fc.nat(10_000_000),
  statementsPerSearch: fc.integer({ min: 1, max: 20 }),
  bytesPerSearch: fc.nat(1_000_000_000_000),
  people: fc.nat(100_000),
  retentionYears: fc.integer({ min: 1, max: 100 }),
  crawls: fc.nat(1_000),
})

describe('what is counted of the stacks', () => {
  it('is what they consist of', () => {
    expect(deployed).toEqual({ keys: 3, rotatingKeys: 2, alarms: 24, dashboards: 1, crawlers: 32, tier: 'standard' })
  })
})

describe('an estimate', () => {
  it('bills a statement for 10 MB at least, as the price of a search does', () => {
    const month = usdOf('Athena: bytes', { searchesPerMonth: 1000, statementsPerSearch: 3, bytesPerSearch: 3 })
    expect(month).toBeCloseTo(1000 * 3 * priceOf(1), 9)
    expect(month).toBeCloseTo(0.15, 9)
  })

  it('bills more bytes by the megabyte', () => {
    const bytesPerSearch = 2 * 123_456_789
    const month = usdOf('Athena: bytes', { searchesPerMonth: 100, statementsPerSearch: 2, bytesPerSearch })
    expect(month).toBeCloseTo(100 * 2 * priceOf(bytesPerSearch / 2), 9)
  })

  it('bills records by the GB, and by the tier that the settings name', () => {
    expect(usdOf('S3: records', { recordsGb: 35 })).toBeCloseTo(0.805, 9)
    const atRest = usdOf('S3: records, at rest', { recordsGb: 35, objects: 2000 }, { tier: 'intelligent' })
    expect(atRest).toBeCloseTo(35 * 0.004 + 2 * 0.0025, 9)
  })

  it('bills the first two rotations of each key, and no further one', () => {
    const average = (retentionYears: number) =>
      usdOf('KMS: rotations, on average', { retentionYears }, { rotatingKeys: 1 })
    expect([1, 2, 3, 4].map(average)).toEqual([0, 0.5, 1, 1.25])
  })

  it('bills ten minutes at least for each crawler and crawl', () => {
    const once = usdOf('Glue: crawls of all tables', { crawls: 2 }, { crawlers: 3 })
    expect(once).toBeCloseTo(2 * 3 * 2 * (10 / 60) * 0.44, 9)
  })

  it('has nothing on top but a few cents by the hour where nobody searches and nobody signs in', () => {
    const idle = estimateCost({ ...exampleCase, searchesPerMonth: 0, people: 0 }, deployed)
    const besides = idle.filter(({ when, usd }) => when === 'searching' && usd > 0)
    expect(besides.map(({ name }) => name)).toEqual(['API Gateway: metrics by route'])
  })

  it('is never below zero, and never falls when anything grows', () => {
    const grown = fc.record({
      expected: expectedOnes,
      member: fc.constantFrom('recordsGb', 'objects', 'searchesPerMonth', 'bytesPerSearch', 'people', 'crawls'),
      by: fc.integer({ min: 1, max: 1_000_000 }),
    } as const)
    const whole = (expected: Expected) => totalsOf(estimateCost(expected, deployed), expected.retentionYears).wholeTime
    fc.assert(
      fc.property(grown, ({ expected, member, by }) => {
        for (const { usd } of estimateCost(expected, deployed)) expect(usd).toBeGreaterThanOrEqual(0)
        const before = whole(expected)
        expect(whole({ ...expected, [member]: expected[member] + by })).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  it('adds up to what its items are', () => {
    fc.assert(
      fc.property(expectedOnes, (expected) => {
        const items = estimateCost(expected, deployed)
        const { alwaysPerMonth, searchingPerMonth, once, wholeTime } = totalsOf(items, expected.retentionYears)
        const sum = items.reduce(
          (all, { usd, when }) => all + usd * (when === 'once' ? 1 : 12 * expected.retentionYears),
          0,
        )
        expect(wholeTime / (sum || 1)).toBeCloseTo(sum ? 1 : 0, 9)
        expect(alwaysPerMonth + searchingPerMonth + once).toBeLessThanOrEqual(wholeTime + 1e-9)
      }),
    )
  })

  it('writes out the sum that it worked out', () => {
    for (const { name, usd, sum } of estimateCost(exampleCase, deployed)) {
      const again = sum.split(' + ').reduce((all, term) => {
        const factors = term.replace(/ \(.*$/, '').split(' x ')
        return all + factors.reduce((product, one) => product * Number(one.replaceAll(',', '')), 1)
      }, 0)
      // Factors are written with seven places.
      expect(Math.abs(again - usd), `${name}: ${sum}`).toBeLessThanOrEqual(0.005 + usd * 0.01)
    }
  })
})

describe('prices', () => {
  it('are told with their region and their date, and that nobody has confirmed them', () => {
    expect(prices).toMatchObject({ region: 'us-east-1', confirmed: false })
    const lines = costLines(estimateCost(exampleCase, deployed), exampleCase).join('\n')
    expect(lines).toContain(`Prices of us-east-1, ${prices.asOf}, to be confirmed`)
  })

  it('are written as money', () => {
    expect([0, 0.001, 1.005, 1234.5].map(dollars)).toEqual(['$0.00', 'under $0.01', '$1.01', '$1,235'])
  })
})

describe('docs/cost.md', () => {
  it('shows the case as it is worked out; `npm run -w infra docs` writes it anew', () => {
    const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
    expect(between(page, 'estimate')).toBe(costMarkdown(estimateCost(exampleCase, deployed), exampleCase))
  })
})
