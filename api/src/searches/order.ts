import type { Row } from '@muniment/archive/engine/port'
import type { OutputColumn } from '@muniment/query-templates/types'
import { compareCodePoints, letterKey } from '../shared/text-order.ts'

export interface SortKey {
  column: OutputColumn
  /** Where the column stands in a row. */
  index: number
  descending: boolean
  /** Codes sort by the words that are shown. */
  words?: ReadonlyMap<string, string> | undefined
}

type Compare = (a: string, b: string) => number

/** The order of the rows' indexes. No value is last either way; what is equal in all keys keeps the order of the query. */
export function orderRows(rows: readonly Row[], keys: readonly SortKey[]): number[] {
  const comparisons = keys.map((key) => {
    const compare = comparisonOf(key.column.type)
    const sign = key.descending ? -1 : 1
    const { words } = key
    const text = words !== undefined || isText(key.column.type)
    const values = rows.map((row) => {
      const value = row[key.index] ?? null
      return value === null ? null : (words?.get(value) ?? value)
    })
    // Made when first looked at: later keys decide between few rows.
    const letters: (string | undefined)[] = []
    const lettersOf = (row: number, value: string) => (letters[row] ??= letterKey(value))
    return (a: number, b: number): number => {
      const left = values[a] ?? null
      const right = values[b] ?? null
      if (left === null || right === null) return Number(left === null) - Number(right === null)
      if (!text) return sign * compare(left, right)
      return sign * (compareCodePoints(lettersOf(a, left), lettersOf(b, right)) || compareCodePoints(left, right))
    }
  })
  return rows
    .map((_, index) => index)
    .sort((a, b) => {
      for (const compare of comparisons) {
        const order = compare(a, b)
        if (order !== 0) return order
      }
      return a - b
    })
}

function comparisonOf(type: string): Compare {
  if (/^(integer|bigint|double|decimal\b)/.test(type)) return compareNumbers
  if (type === 'date' || type === 'timestamp') return compareDates
  if (type === 'boolean') return (a, b) => Number(a === 'true') - Number(b === 'true')
  return compareCodePoints
}

const isText = (type: string): boolean => comparisonOf(type) === compareCodePoints

/** By value and exactly: doubles decide unless they agree, where digits beyond their precision may still differ. */
export function compareNumbers(a: string, b: string): number {
  const left = Number(a)
  const right = Number(b)
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
  if (left !== right) return left < right ? -1 : 1
  if (a === b || !plainDecimal.test(a) || !plainDecimal.test(b)) return 0
  const scale = Math.max(fractionOf(a).length, fractionOf(b).length)
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const plainDecimal = /^[+-]?\d+(\.\d*)?$/
const fractionOf = (text: string): string => text.split('.', 2)[1] ?? ''
const scaled = (text: string, scale: number): bigint =>
  BigInt((text.split('.', 1)[0] ?? '') + fractionOf(text).padEnd(scale, '0'))

/** ISO texts order as they are read while years have four digits; others are compared by year first. */
export function compareDates(a: string, b: string): number {
  const years = yearOf(a) - yearOf(b)
  if (years !== 0) return years
  return a < b ? -1 : a > b ? 1 : 0
}

const yearOf = (text: string): number => Number(/^[+-]?\d+/.exec(text)?.[0] ?? 0)
