import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LargestFirst } from '../../src/review/largest-first.ts'
import { reviewPlan } from '../../src/review/review-plan.ts'
import type { DispositionRow } from '../../src/run/types.ts'

const row = (record: string, more: Partial<DispositionRow> = {}): DispositionRow => ({
  object: 'archive/app/a/t/part-1.parquet',
  row: 0,
  key: [record],
  class: 'policy-file',
  record: [record],
  schedule: 'books',
  dueFrom: '2020-01-01',
  ...more,
})

const listed = (lists: Record<string, DispositionRow[]>) =>
  reviewPlan(
    { lists: Object.fromEntries(Object.keys(lists).map((name) => [name, { sha256: '', rows: 0 }])) },
    async function* (table) {
      for (const one of lists[table] ?? []) yield [one]
    },
  )

describe('What an approver looks at', () => {
  it('puts the rows of a record together, whichever table they are of', async () => {
    const found = await listed({
      policies: [row('1'), row('2', { dueFrom: '2019-05-05', schedule: 'long' })],
      versions: [row('2'), row('2')],
    })
    expect([...found.keys()]).toEqual(['policy-file'])
    const { records, rows, bySchedule, oldest, largest } = found.get('policy-file') ?? {}
    expect({ records, rows }).toEqual({ records: 2, rows: 4 })
    expect(bySchedule).toEqual([
      { schedule: 'books', records: 1 },
      { schedule: 'long', records: 1 },
    ])
    expect(oldest?.map(({ key }) => key[0])).toEqual(['2', '1'])
    expect(largest?.map(({ key, rows: own }) => [key[0], own])).toEqual([
      ['2', 3],
      ['1', 1],
    ])
  })

  it('shows ten at most of each, the samples from all over the list', async () => {
    const found = await listed({ policies: Array.from({ length: 95 }, (_, at) => row(String(at))) })
    const { samples, oldest, largest } = found.get('policy-file') ?? {}
    expect([samples?.length, oldest?.length, largest?.length]).toEqual([10, 10, 10])
    expect(samples?.at(-1)?.key).toEqual(['81'])
  })
})

describe('The few largest of many', () => {
  it('are those that sorting all would give first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 6 }), (numbers, most) => {
        const kept = new LargestFirst<{ number: number; at: number }>(most, (one, other) => one.number - other.number)
        const all = numbers.map((number, at) => ({ number, at }))
        for (const one of all) kept.take(one)
        expect(kept.list()).toEqual([...all].sort((a, b) => b.number - a.number || a.at - b.at).slice(0, most))
      }),
    )
  })
})
