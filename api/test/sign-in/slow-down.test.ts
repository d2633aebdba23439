import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slowDown } from '../../src/sign-in/slow-down.ts'

function world() {
  let ms = 0
  const slow = slowDown({ free: 3, longestMs: 8_000, clock: () => new Date(ms) })
  return {
    slow,
    fail(key: string) {
      slow.attempt(key)
      slow.failed(key)
    },
    later: (by: number) => {
      ms += by
    },
  }
}

describe('Failed attempts', () => {
  it('cost nothing at first, then twice as long each time, up to a limit', () => {
    const { slow, fail, later } = world()
    const waits = Array.from({ length: 8 }, () => {
      fail('ada')
      const wait = slow.wait('ada')
      later(wait)
      return wait
    })
    expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
  })

  it('of one are not another’s, and are forgotten by success or after a quarter of an hour', () => {
    const { slow, fail, later } = world()
    for (const key of ['ada', 'ada', 'ada', 'bob', 'bob', 'bob', 'eve']) fail(key)
    expect([slow.wait('ada'), slow.wait('bob'), slow.wait('eve')]).toEqual([1_000, 1_000, 0])
    slow.succeeded('ada')
    expect([slow.wait('ada'), slow.wait('bob')]).toEqual([0, 1_000])
    later(15 * 60_000)
    fail('bob')
    expect(slow.wait('bob')).toBe(0)
  })

  it('at once count each, so that no number of them gets more than the free looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (atOnce) => {
        const { slow } = world()
        let looked = 0
        for (let at = 0; at < atOnce; at++) {
          if (slow.wait('ada') > 0) continue
          slow.attempt('ada')
          looked++
        }
        expect(looked).toBeLessThanOrEqual(3)
      }),
    )
  })

  it('of very many names do not fill the memory, nor let the last ones go on', () => {
    const { slow, fail } = world()
    for (let at = 0; at < 25_000; at++) fail(`name ${at}`)
    for (let at = 0; at < 3; at++) fail('last')
    expect(slow.wait('last')).toBe(1_000)
  })
})
