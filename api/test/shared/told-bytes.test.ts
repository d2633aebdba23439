import { rightsBy } from '@muniment/archive/access/rights'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Search } from '../../src/contract.ts'
import { toldBytes } from '../../src/shared/told-bytes.ts'
import { answering } from '../support/loans.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, type World } from '../support/world.ts'

describe('bytes that are told of a panel', () => {
  it('are what was read, where no row is withheld', () => {
    fc.assert(fc.property(fc.nat(), (bytes) => toldBytes(bytes, []) === bytes))
  })

  it('are whole tens of megabytes where row rules are in force, one at least, and never less than was read', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), (bytes) => {
        const told = toldBytes(bytes, ['staff'])
        expect(told % 10_000_000).toBe(0)
        expect(told).toBeGreaterThanOrEqual(Math.max(bytes, 10_000_000))
        expect(told - bytes).toBeLessThanOrEqual(10_000_000)
      }),
    )
  })

  it.each([0, 1, 9_999_999, 10_000_000])('do not tell a lookup that read %i bytes from one that read none', (bytes) => {
    expect(toldBytes(bytes, ['staff'])).toBe(10_000_000)
  })
})

describe('a search under row rules', () => {
  let world: World
  afterEach(() => world.close())

  it.each([
    ['a hidden record', 260_000],
    ['an absent one', 0],
  ])('tells the same bytes of %s, in the answer, later and in what counts towards a limit', async (_, bytesScanned) => {
    const { engine } = memoryEngine(answering(0))
    const rights = rightsBy(
      { ...everything, limits: { 'case-officer': { bytesScannedPerMonth: 1e9 } } },
      1,
      { groups: ['all'] },
      new Date(),
    )
    world = await openWorld({
      engine: {
        ...engine,
        wait: async (id, ms) => {
          const execution = await engine.wait(id, ms)
          return { ...execution, statistics: { ...execution.statistics, bytesScanned } }
        },
      },
      rights: {
        ...rights,
        view: (model, through) => {
          const view = rights.view(model, through)
          return view && { ...view, restrictions: { ...view.restrictions, rowRules: ['staff'] } }
        },
      },
    })
    const found = await world.search('find-loan', { holder: 'x' })
    const later = (await (await world.get(`/api/searches/${found.id}`)).json()) as Search
    for (const search of [found, later]) {
      expect(search.bytesScanned).toBe(10_000_000)
      expect(search.panels.map((panel) => panel.bytesScanned)).toEqual([10_000_000])
    }
    const me = (await (await world.get('/api/me')).json()) as { limits: { limit: string; used: number }[] }
    expect(me.limits).toMatchObject([{ limit: 'bytesScannedPerMonth', used: 10_000_000 }])
  })
})
