import { describe, expect, it } from 'vitest'
import * as check from './check-then-write.ts'
import { explore } from './explore.ts'
import { asBuilt, type Form, first, next, type State, violated } from './protocol.ts'

const tell = (what: string, explored: { states: number; steps: number }) =>
  console.info(`model: ${what}: ${explored.states} states, ${explored.steps} steps`)

const run = (form: Form, deaths: number, holds: number) => explore<State>(first(deaths, holds), next(form), violated)

describe('the protocol as it is built', () => {
  it.each([
    ['two workers, two deaths, one hold', 2, 1, 8106],
    ['two workers, two deaths, two holds', 2, 2, 85_719],
    ['two workers, no death, three holds', 0, 3, 199_647],
  ])('lets an acknowledged hold win: %s', (what, deaths, holds, least) => {
    const explored = run(asBuilt, deaths, holds)
    tell(what, explored)
    expect([...explored.violations]).toEqual([])
    expect(explored.states).toBeGreaterThanOrEqual(least)
    // Nothing stays undone, and nobody waits for anybody.
    for (const { done, older, object, workers, holds: placed } of explored.ends) {
      expect({ done, older, workers: workers.map(({ at }) => at) }).toEqual({
        done: true,
        older: false,
        workers: ['over', 'over'],
      })
      expect(placed.every(({ at }) => at === 'released')).toBe(true)
      expect(object).not.toBe('whole')
    }
  })

  it('reaches every outcome: kept for a hold, late for a hold, destroyed without one and after one was released', () => {
    const { ends } = run(asBuilt, 0, 1)
    const outcomes = new Set(ends.map(({ object, holds }) => `${object} ${holds[0]?.told}`))
    expect([...outcomes].sort()).toEqual(['ab late', 'ab safe', 'b safe'])
  })
})

describe('a form that lacks one thing', () => {
  it.each<[string, Partial<Form>]>([
    ['holds that bar nothing', { bars: false }],
    ['the register read before it is known which decision is next', { registerLast: false }],
    ['workers that go by what they read and not by the decision that stands', { obeys: false }],
    ['holds that bar first and enter the register then', { registerFirst: false }],
  ])('is found out: %s', (_, change) => {
    const { violations } = run({ ...asBuilt, ...change }, 1, 2)
    expect([...violations.keys()].length).toBeGreaterThan(0)
  })
})

describe('the form that checks and then writes', () => {
  const of = (kind: check.Claim) => {
    const explored = explore(check.first, check.next(kind), check.violated)
    tell(`check, then write (${kind})`, explored)
    const [way] = explored.violations.values()
    return way?.map(({ by, does }) => `${by} ${does}`) ?? []
  }

  it('destroys under a hold that was acknowledged after another worker finished', () => {
    const way = of('shared')
    const finished = way.findIndex((step) => step.endsWith('has finished'))
    expect(finished).toBeGreaterThan(0)
    expect(finished).toBeLessThan(way.indexOf('hold is acknowledged'))
    expect(way.at(-1)).toMatch(/worker \d replaces the object/)
  })

  it('destroys under a hold that was acknowledged after a takeover', () => {
    const way = of('lease')
    expect(way.findIndex((step) => step.endsWith('takes the lease over'))).toBeGreaterThan(0)
    expect(way.indexOf('hold is acknowledged')).toBeGreaterThan(way.findIndex((step) => step.endsWith('over')))
    expect(way.at(-1)).toMatch(/worker \d replaces the object/)
  })
})
