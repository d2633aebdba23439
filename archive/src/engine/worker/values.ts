import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBDateValue,
  DuckDBDecimalValue,
  type DuckDBPreparedStatement,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api'
import { InputError } from '../../errors.ts'
import type { ColumnType } from '../../model/types.ts'
import { athenaLiteral } from '../athena/athena-literal.ts'
import { decimalType } from '../dialect/types.ts'
import type { BoundValue } from '../port.ts'
import { Refused } from './failures.ts'

const dayMs = 86_400_000
const types: Record<string, DuckDBType> = {
  varchar: VARCHAR,
  integer: INTEGER,
  bigint: BIGINT,
  double: DOUBLE,
  boolean: BOOLEAN,
  date: DATE,
  timestamp: TIMESTAMP,
}

/** Binds each value in its type; a text that is not one of the type is refused by its position, never quoted. */
export function bindValues(prepared: DuckDBPreparedStatement, values: BoundValue[]) {
  const bound = values.map((value, index) => {
    if (value.value === null) return null
    if (value.type === 'varchar') refuseUntakeable(value, index)
    const made = toValue(value.type, value.value)
    if (made === undefined) throw new Refused(`Value ${index + 1} is not a valid ${value.type}.`)
    return made
  })
  prepared.bind(
    bound,
    values.map((value) => toType(value.type)),
  )
}

/** What Athena takes for no `?` is taken here for none: a search that works must go on working there. Says which, and never what. */
function refuseUntakeable(value: BoundValue, index: number): void {
  try {
    athenaLiteral(value)
  } catch (error) {
    if (error instanceof InputError) throw new Refused(`Value ${index + 1}: ${error.message}`)
    throw error
  }
}

function toType(type: ColumnType): DuckDBType {
  const decimal = decimalType(type)
  return decimal ? DECIMAL(decimal.precision, decimal.scale) : (types[type] ?? VARCHAR)
}

function toValue(type: ColumnType, text: string): DuckDBValue | undefined {
  switch (type) {
    case 'varchar':
      return text
    case 'integer': {
      const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
      return number >= -(2 ** 31) && number < 2 ** 31 ? number : undefined
    }
    case 'bigint': {
      if (!/^[+-]?\d{1,19}$/.test(text)) return undefined
      const number = BigInt(text.replace(/^\+/, ''))
      return BigInt.asIntN(64, number) === number ? number : undefined
    }
    case 'double': {
      if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text)
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : undefined
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'date': {
      const days = daysOf(text)
      return days === undefined ? undefined : new DuckDBDateValue(days)
    }
    case 'timestamp': {
      const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?)?$/.exec(text)
      const days = match?.[1] ? daysOf(match[1]) : undefined
      if (!match || days === undefined) return undefined
      const [hours, minutes, seconds] = [Number(match[2] ?? 0), Number(match[3] ?? 0), Number(match[4] ?? 0)]
      if (hours > 23 || minutes > 59 || seconds > 59) return undefined
      const ms = days * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((match[5] ?? '').padEnd(3, '0'))
      return new DuckDBTimestampValue(BigInt(ms) * 1000n)
    }
    default: {
      const decimal = decimalType(type)
      return decimal ? toDecimal(text, decimal) : undefined
    }
  }
}

function daysOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return date.toISOString().slice(0, 10) === text ? Math.round(date.getTime() / dayMs) : undefined
}

function toDecimal(text: string, { precision, scale }: { precision: number; scale: number }) {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (!match || !(match[2] || match[3])) return undefined
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > scale) return undefined
  const digits = BigInt(`${match[2] ?? ''}${fraction.padEnd(scale, '0')}` || '0')
  if (digits >= 10n ** BigInt(precision)) return undefined
  return new DuckDBDecimalValue(match[1] === '-' ? -digits : digits, precision, scale)
}
