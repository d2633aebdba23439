import { readFile } from 'node:fs/promises'
import { openRegister } from '@muniment/archive/holds/register'
import { HOLD_REGISTER } from '@muniment/archive/layout'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryStore, memoryStore } from '../../archive/test/audit/memory-store.ts'
import { logOf } from '../../archive/test/holds/world.ts'
import { checkPrefixes, cutoff } from '../src/prefixes/check-prefixes.ts'
import { expirePrefixes } from '../src/prefixes/expire-prefixes.ts'
import { PrefixSchedules } from '../src/prefixes/types.ts'

const schedules = PrefixSchedules.parse(
  JSON.parse(await readFile(new URL('../schedules/prefixes.json', import.meta.url), 'utf8')),
)
// The store in memory says that all was written in 1970.
const later = new Date('2026-11-23T10:00:00.000Z')
const run = 'R-20260101-0123456789ab'
const keys = [
  'archive/app/all/t/part-1.parquet',
  'quarantine/app/load-1/t.jsonl',
  `retention/runs/${run}/lists/t.parquet`,
  `retention/runs/${run}/plan.json`,
  'requests/r1/answer.json',
  'results/s1/panel.json',
  'searches/2020-01-01/s1.json',
  'searches/2026-11-22/s2.json',
]

let store: MemoryStore
let log: ReturnType<typeof logOf>
beforeEach(async () => {
  store = memoryStore()
  log = logOf()
  await openRegister(store)
  for (const key of keys) await store.create(key, '{}')
})
const left = () => [...store.files.keys()].filter((key) => keys.includes(key)).sort()
const expire = (now = later) => expirePrefixes({ store, audit: log.audit }, now, schedules)

describe('what holds personal data besides the records', () => {
  it('goes when its time is over, each with an entry in the log, and records never', async () => {
    await expire()
    expect(left()).toEqual([keys[0], keys[7]])
    expect(log.entries.map(({ opening, closing }) => [opening.subject?.folder, closing?.outcome])).toEqual([
      ['quarantine/app/load-1/', 'done'],
      ['searches/2020-01-01/', 'done'],
      ['results/s1/', 'done'],
      ['requests/r1/', 'done'],
      [`retention/runs/${run}/`, 'done'],
    ])
  })

  it('stays until then', async () => {
    expect(await expire(new Date('1970-01-01T12:00:00.000Z'))).toEqual([])
    expect(left()).toEqual([...keys].sort())
  })

  it('stays where the register of holds is missing, altered or in doubt', async () => {
    store.files.delete(HOLD_REGISTER)
    await expect(expire()).rejects.toThrow()
    store.files.set(HOLD_REGISTER, Buffer.from('{}'))
    await expect(expire()).rejects.toThrow()
    await expect(expire(new Date(Number.NaN))).rejects.toThrow('gives no time')
    expect(left()).toEqual([...keys].sort())
  })

  it('of a run that is approved stays until it is certified', async () => {
    const signed = { by: 'sven', at: '2026-01-02T00:00:00.000Z', groups: [] }
    const approval = { run, outcome: 'approved', hash: '0'.repeat(64), said: '1', signed }
    await store.create(`retention/runs/${run}/approval.json`, JSON.stringify(approval))
    await expire()
    expect(left()).toContain(`retention/runs/${run}/lists/t.parquet`)
    await store.create(`retention/runs/${run}/certificate.json`, '{}')
    await expire()
    expect(left()).not.toContain(`retention/runs/${run}/lists/t.parquet`)
    expect(left()).toContain(`retention/runs/${run}/plan.json`)
  })
})

describe('schedules of prefixes', () => {
  it('that come with the product will do, and too short ones will not', () => {
    expect(checkPrefixes(schedules)).toEqual([])
    const short = { ...schedules, prefixes: { ...schedules.prefixes, lists: { period: 'P7D', reason: 'x' } } }
    expect(checkPrefixes(short)).toEqual([expect.stringContaining('lists: P7D is too short')])
  })

  it.each([
    ['P1M', '2026-03-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    ['P1Y', '2024-02-29T00:00:00.000Z', '2023-02-28T00:00:00.000Z'],
    ['P1M2D', '2026-01-01T00:00:00.000Z', '2025-11-29T00:00:00.000Z'],
  ])('%s before %s is %s', (period, now, expected) => {
    expect(cutoff(period, new Date(now)).toISOString()).toBe(expected)
  })
})
