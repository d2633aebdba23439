import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { ColumnType } from '../../model/types.ts'
import { doubleText } from '../double-text.ts'

/** Athena's name of a result column's type; undefined where a result cannot hold it (arrays, intervals, blobs). */
export function columnType(type: DuckDBType): ColumnType | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return 'varchar'
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UTINYINT:
      return 'integer'
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UBIGINT:
      return 'bigint'
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
      return 'double'
    case DuckDBTypeId.BOOLEAN:
      return 'boolean'
    case DuckDBTypeId.DATE:
      return 'date'
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_NS:
      return 'timestamp'
    case DuckDBTypeId.DECIMAL:
      return `decimal(${(type as { width?: number }).width ?? 38},${(type as { scale?: number }).scale ?? 0})`
    default:
      return undefined
  }
}

/** Gives each value of a column as canonical text (see `Row`). */
export function textOf(type: DuckDBType): (value: DuckDBValue) => string | null {
  const write = writer(type)
  return (value) => (value === null ? null : write(value))
}

function writer(type: DuckDBType): (value: DuckDBValue) => string {
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
      return (value) => doubleText(Number(value))
    case DuckDBTypeId.DATE:
      return (value) => (value instanceof DuckDBDateValue ? dateText(value.days) : String(value))
    case DuckDBTypeId.DECIMAL:
      return (value) => (value instanceof DuckDBDecimalValue ? decimalText(value.value, value.scale) : String(value))
    case DuckDBTypeId.TIMESTAMP:
      return (value) =>
        value instanceof DuckDBTimestampValue ? timestampText(floorDivide(value.micros, 1000n)) : String(value)
    case DuckDBTypeId.TIMESTAMP_MS:
      return (value) =>
        value instanceof DuckDBTimestampMillisecondsValue ? timestampText(Number(value.millis)) : String(value)
    case DuckDBTypeId.TIMESTAMP_S:
      return (value) =>
        value instanceof DuckDBTimestampSecondsValue ? timestampText(Number(value.seconds) * 1000) : String(value)
    case DuckDBTypeId.TIMESTAMP_NS:
      return (value) =>
        value instanceof DuckDBTimestampNanosecondsValue
          ? timestampText(floorDivide(value.nanos, 1_000_000n))
          : String(value)
    default:
      return String
  }
}

const floorDivide = (value: bigint, by: bigint) => Number(value >= 0n ? value / by : -((-value + by - 1n) / by))

function year(date: Date): string {
  const number = date.getUTCFullYear()
  return number < 0 ? `-${String(-number).padStart(4, '0')}` : String(number).padStart(4, '0')
}

const two = (number: number) => (number < 10 ? `0${number}` : String(number))
const dates = new Map<number, string>()

function dateText(days: number): string {
  let text = dates.get(days)
  if (text === undefined) {
    const date = new Date(days * 86_400_000)
    text = `${year(date)}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
    if (dates.size > 20_000) dates.clear()
    dates.set(days, text)
  }
  return text
}

function timestampText(ms: number): string {
  const date = new Date(ms)
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${dateText(Math.floor(ms / 86_400_000))} ${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value)
  const sign = value < 0n ? '-' : ''
  if (scale === 0) return sign + digits
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}
