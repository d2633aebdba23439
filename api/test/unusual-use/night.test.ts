import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nightOf } from '../../src/unusual-use/night.ts'

const berlin = (at: string, night = { from: '22:00', until: '05:00' }) => nightOf(new Date(at), 'Europe/Berlin', night)

describe('a night', () => {
  it.each([
    ['2026-11-23T20:59:00Z', undefined],
    ['2026-11-23T21:00:00Z', '2026-11-23'],
    ['2026-11-24T03:59:00Z', '2026-11-23'],
    ['2026-11-24T04:00:00Z', undefined],
    ['2026-12-31T23:30:00Z', '2026-12-31'],
    // Summer, and the hour that there is twice.
    ['2026-07-01T20:00:00Z', '2026-07-01'],
    ['2026-10-25T00:30:00Z', '2026-10-24'],
    ['2026-10-25T01:30:00Z', '2026-10-24'],
  ])('at %s is that of %s', (at, night) => {
    expect(berlin(at)).toBe(night)
  })

  it('is told by the zone that is asked for, whichever was asked for before', () => {
    const at = new Date('2026-11-23T21:00:00Z')
    const night = { from: '22:00', until: '05:00' }
    for (const turn of [1, 2]) {
      expect([turn, nightOf(at, 'Europe/Berlin', night)]).toEqual([turn, '2026-11-23'])
      expect([turn, nightOf(at, 'America/New_York', night)]).toEqual([turn, undefined])
    }
  })

  it('that does not pass midnight is the day’s', () => {
    expect(berlin('2026-11-23T11:00:00Z', { from: '12:00', until: '13:00' })).toBe('2026-11-23')
    expect(berlin('2026-11-23T12:00:00Z', { from: '12:00', until: '13:00' })).toBeUndefined()
  })

  it('is one from its first minute to its last, whatever the zone', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Auckland', 'America/St_Johns')
    const day = fc.integer({ min: 0, max: 3_000 })
    fc.assert(
      fc.property(zones, day, (zone, days) => {
        const began = Date.UTC(2020, 0, 1) + days * 86_400_000
        const nights = new Set<string>()
        for (let minute = 0; minute < 1_440; minute += 15) {
          const night = nightOf(new Date(began + minute * 60_000), zone, { from: '22:00', until: '05:00' })
          if (night) nights.add(night)
        }
        expect(nights.size).toBeLessThanOrEqual(2)
      }),
      { numRuns: 20 },
    )
  })
})
