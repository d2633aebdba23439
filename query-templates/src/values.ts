import type { ColumnType } from '@muniment/archive/model/types'
import type { Parameter } from './types.ts'

/** Precision and scale of a decimal parameter that declares none. */
const DEFAULT_PRECISION: readonly [number, number] = [18, 2]
const MAX_BIGINT = 9_223_372_036_854_775_807n

/** What an input came to: its canonical text, or the sentence for the person. */
export type Reading = { value: string } | { problem: string }

export function precisionOf(parameter: Parameter): readonly [number, number] {
  return parameter.precision ?? DEFAULT_PRECISION
}

/** The type that a parameter is bound with. */
export function boundType(parameter: Parameter): ColumnType {
  switch (parameter.type) {
    case 'integer':
      return 'bigint'
    case 'decimal':
      return `decimal(${precisionOf(parameter).join(',')})`
    case 'date':
      return 'date'
    case 'boolean':
      return 'boolean'
    case 'string':
    case 'code':
    case 'choice':
      return 'varchar'
  }
}

/**
 * Canonical text of one value by the parameter's type, as results have it. It says nothing of patterns, options and
 * lengths, which are checked where a person can still correct them.
 */
export function readValue(parameter: Parameter, text: string): Reading {
  switch (parameter.type) {
    case 'integer':
      return readInteger(text)
    case 'decimal':
      return readDecimal(text, ...precisionOf(parameter))
    case 'date':
      return readDate(text)
    case 'boolean':
      return readBoolean(text)
    case 'string':
    case 'code':
    case 'choice':
      return { value: text }
  }
}

// A minus sign that was copied from a page is a true one.
const signed = (text: string) => text.trim().replace(/^\u2212/, '-')

function readInteger(text: string): Reading {
  const match = /^([+-]?)0*(\d+)$/.exec(signed(text))
  const digits = match?.[2]
  if (digits === undefined) return { problem: 'must be a whole number, written with digits only, such as 1200.' }
  const negative = match?.[1] === '-'
  if (digits.length > 19 || BigInt(digits) > MAX_BIGINT + (negative ? 1n : 0n))
    return { problem: `must be a whole number between −${MAX_BIGINT + 1n} and ${MAX_BIGINT}.` }
  return { value: negative && digits !== '0' ? `-${digits}` : digits }
}

function readDecimal(text: string, precision: number, scale: number): Reading {
  const match = /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(signed(text))
  const whole = match?.[2]
  if (whole === undefined)
    return { problem: 'must be a number, written with a point and without thousands separators, such as 1234.50.' }
  const fraction = (match?.[3] ?? '').replace(/0+$/, '')
  if (fraction.length > scale)
    return { problem: scale === 0 ? 'must have no decimals.' : `must have at most ${scale} decimals.` }
  if ((whole === '0' ? 0 : whole.length) > precision - scale)
    return { problem: `must have at most ${precision - scale} digits before the point.` }
  const value = scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`
  return { value: match?.[1] === '-' && /[1-9]/.test(value) ? `-${value}` : value }
}

function readDate(text: string): Reading {
  const trimmed = text.trim()
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(trimmed)
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(trimmed)
  const [year, month, day] = iso ? iso.slice(1) : dotted ? dotted.slice(1).reverse() : []
  if (year === undefined || month === undefined || day === undefined)
    return { problem: 'must be a date, written as 2024-07-05 or 05.07.2024.' }
  if (!dateExists(Number(year), Number(month), Number(day)))
    return { problem: `must be a date that exists: there is no ${trimmed}.` }
  return { value: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
}

function dateExists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= (days[month - 1] ?? 0)
}

function readBoolean(text: string): Reading {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === 'yes') return { value: 'true' }
  if (word === 'false' || word === 'no') return { value: 'false' }
  return { problem: 'must be yes or no.' }
}
