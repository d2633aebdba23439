import type { Row } from '@muniment/archive/engine/port'
import type { OutputColumn } from '@muniment/query-templates/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDates, compareNumbers, orderRows } from '../src/searches/order.ts'

const column = (type: string): OutputColumn => ({ name: 'x', type, label: 'X', sensitivity: [], hidden: false })
const sorted = (type: string, values: (string | null)[], descending = false): (string | null)[] => {
  const rows: Row[] = values.map((value) => [value])
  return orderRows(rows, [{ column: column(type), index: 0, descending }]).map((index) => values[index] ?? null)
}

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, scale]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
    const whole = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
    return { text: `${digits < 0n ? '-' : ''}${whole}`, scaled: digits * 10n ** BigInt(6 - scale) }
  })

describe('ordering rows', () => {
  it('compares decimals by value and exactly, whatever their digits and scale', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const expected = a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0
        expect(compareNumbers(a.text, b.text)).toBe(expected)
      }),
    )
  })

  it('compares doubles as numbers, with what is no number last', () => {
    expect(sorted('double', ['NaN', '1.0E10', 'Infinity', '-Infinity', '2'])).toEqual([
      '-Infinity',
      '2',
      '1.0E10',
      'Infinity',
      'NaN',
    ])
  })

  it('compares dates by day, beyond four digits of the year too', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.date({ noInvalidDate: true }), (a, b) => {
        const [left, right] = [a, b].map((date) => date.toISOString().replace(/T.*/, '').replace(/^\+0*/, ''))
        fc.pre(a.getTime() > 0 && b.getTime() > 0)
        const days = Math.floor(a.getTime() / 86_400_000) - Math.floor(b.getTime() / 86_400_000)
        expect(Math.sign(compareDates(left ?? '', right ?? ''))).toBe(Math.sign(days))
      }),
    )
  })

  it('keeps every row once, puts no value last either way, and keeps ties as they were', () => {
    const values = fc.array(fc.option(fc.stringMatching(/^-?\d{1,2}\.\d$/), { nil: null }), { maxLength: 60 })
    fc.assert(
      fc.property(values, fc.boolean(), (given, descending) => {
        const rows: Row[] = given.map((value) => [value])
        const order = orderRows(rows, [{ column: column('decimal(4,1)'), index: 0, descending }])
        expect([...order].sort((a, b) => a - b)).toEqual(given.map((_, index) => index))
        order.forEach((row, place) => {
          const next = order[place + 1]
          if (next === undefined) return
          const [a, b] = [given[row] ?? null, given[next] ?? null]
          if (a === null) expect(b).toBeNull()
          else if (b !== null) {
            const difference = (Number(a) - Number(b)) * (descending ? -1 : 1)
            expect(difference).toBeLessThanOrEqual(0)
            if (difference === 0) expect(row).toBeLessThan(next)
          }
        })
      }),
    )
  })

  it('orders texts by their letters without case and accents, digits like letters', () => {
    expect(sorted('varchar', ['Zoe', 'öl', 'Ol', 'ähre', 'P-10', 'P-9', 'arm'])).toEqual([
      'ähre',
      'arm',
      'Ol',
      'öl',
      'P-10',
      'P-9',
      'Zoe',
    ])
  })

  it('orders codes by the words that are shown', () => {
    const rows: Row[] = [['A'], ['Z'], ['X']]
    const words = new Map([
      ['A', 'Running'],
      ['Z', 'Arrears'],
      ['X', 'Repaid'],
    ])
    expect(orderRows(rows, [{ column: column('varchar'), index: 0, descending: false, words }])).toEqual([1, 2, 0])
  })

  it('orders by several columns, each in its direction', () => {
    const rows: Row[] = [
      ['b', '1'],
      ['a', '1'],
      ['a', '2'],
      ['b', '2'],
    ]
    const keys = [
      { column: column('integer'), index: 1, descending: true },
      { column: column('varchar'), index: 0, descending: false },
    ]
    expect(orderRows(rows, keys)).toEqual([2, 3, 1, 0])
  })
})
