import type { Limits } from '@muniment/archive/access/rules'
import { createLog } from '@muniment/archive/log'
import type { ObjectStore } from '@muniment/archive/store/port'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../archive/test/audit/memory-store.ts'
import { createUsage } from '../../src/shared/usage.ts'

const log = createLog('api', { level: 'silent' })
let now = new Date('2026-11-23T12:00:00Z')
const process = (store: ObjectStore) => createUsage({ store, clock: () => now, log, lives: false })

/** What one of several processes is asked to take, of a person with these limits. */
const taking = fc.record({ at: fc.nat({ max: 3 }), what: fc.oneof(fc.constant('search' as const), fc.nat({ max: 4 })) })

describe('several processes over one store', () => {
  it('take no more than the limit together, and refuse nothing that there was room for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(taking, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 1, max: 8 }),
        fc.scheduler(),
        async (asked, most, scheduler) => {
          const store = memoryStore()
          const slow: ObjectStore = {
            ...store,
            get: scheduler.scheduleFunction(store.get),
            create: scheduler.scheduleFunction(store.create),
            replace: scheduler.scheduleFunction(store.replace),
          }
          const processes = Array.from({ length: 4 }, () => process(slow))
          const limits: Limits = { searchesPerMinute: most, rowsExportedPerDay: most }
          const all = Promise.all(
            asked.map(async ({ at, what }) => {
              const passed = await processes[at]?.take('ada', limits, what === 'search' ? what : { rows: what })
              return { what, taken: passed === undefined }
            }),
          )
          const answers = await scheduler.waitFor(all)
          const searches = answers.filter(({ what }) => what === 'search')
          const taken = searches.filter((answer) => answer.taken).length
          expect(taken).toBe(Math.min(most, searches.length))
          const exports = answers.flatMap(({ what, taken }) =>
            typeof what === 'number' ? [{ rows: what, taken }] : [],
          )
          const rows = exports.reduce((sum, one) => sum + (one.taken ? one.rows : 0), 0)
          expect(rows).toBeLessThanOrEqual(most)
          for (const refused of exports.filter((one) => !one.taken))
            expect(rows + Math.max(1, refused.rows)).toBeGreaterThan(most)
          const [searched, exported] = await process(store).of('ada', limits)
          expect([searched?.used, exported?.used]).toEqual([taken, rows])
        },
      ),
      { numRuns: 150 },
    )
  })

  it('let a search begin that another gave room for, and see at once what another took', async () => {
    const store = memoryStore()
    const [one, other] = [process(store), process(store)]
    const limits: Limits = { rowsExportedPerDay: 10 }
    expect(await one.take('ada', limits, { rows: 10 })).toBeUndefined()
    expect((await other.take('ada', limits, { rows: 1 }))?.used).toBe(10)
    await one.add('ada', { rows: -4 })
    expect(await other.take('ada', limits, { rows: 4 })).toBeUndefined()
    expect((await one.take('ada', limits, { rows: 1 }))?.used).toBe(10)
  })

  it('count a minute over midnight of a month’s last day', async () => {
    const store = memoryStore()
    const limits: Limits = { searchesPerMinute: 2 }
    now = new Date('2026-11-30T23:59:50Z')
    for (let at = 0; at < 2; at++) await process(store).take('ada', limits, 'search')
    now = new Date('2026-12-01T00:00:05Z')
    expect((await process(store).take('ada', limits, 'search'))?.limit).toBe('searchesPerMinute')
    now = new Date('2026-12-01T00:00:51Z')
    expect(await process(store).take('ada', limits, 'search')).toBeUndefined()
  })
})
