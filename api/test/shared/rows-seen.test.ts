import type { RecordView } from '@muniment/archive/access/port'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsSeen } from '../../src/applications/rows-seen.ts'

const view = (rowRules: string[]) =>
  ({ restrictions: { id: 'x', tables: ['policies'], masks: [], rowRules } }) as Partial<RecordView> as RecordView
const told = (rows: number, rowRules = ['staff']) =>
  rowsSeen(view(rowRules), {
    tables: [
      { name: 'policies', domain: 'p', columns: [], partitionBy: [], objects: [], rows, bytes: 1 },
      { name: 'others', domain: 'p', columns: [], partitionBy: [], objects: [], rows: 5, bytes: 1 },
    ],
  })

describe('the number of rows of a table', () => {
  it('is exact where no row rule is in force', () => {
    expect([0, 1, 99, 12_345].map((rows) => told(rows, []))).toEqual([0, 1, 99, 12_345])
  })

  it('below a hundred is the same for any, where one is', () => {
    expect(new Set(Array.from({ length: 100 }, (_, index) => told(index + 1)))).toEqual(new Set([100]))
    expect(told(0)).toBe(0)
  })

  it('is told in two digits where one is, and never as less than there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (rows) => {
        expect(told(rows)).toBeGreaterThanOrEqual(rows)
        expect(Number(told(rows).toPrecision(2))).toBe(told(rows))
      }),
    )
  })
})
