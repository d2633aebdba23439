import type { ColumnType } from '../../model/types.ts'

/** Types as Athena knows them, as far as a query over an archive meets them. `unknown` is a parameter whose type nobody said. */
export type Type =
  | { name: 'varchar' | 'integer' | 'bigint' | 'double' | 'boolean' | 'date' | 'timestamp' }
  | { name: 'decimal'; precision: number; scale: number }
  | { name: 'array'; of: Type }
  | { name: 'interval'; unit: 'day' | 'time' | 'month' }
  | { name: 'null' | 'unknown' }

export const varchar: Type = { name: 'varchar' }
export const integer: Type = { name: 'integer' }
export const bigint: Type = { name: 'bigint' }
export const double: Type = { name: 'double' }
export const boolean: Type = { name: 'boolean' }
export const date: Type = { name: 'date' }
export const timestamp: Type = { name: 'timestamp' }
export const nothing: Type = { name: 'null' }
export const unknown: Type = { name: 'unknown' }
export const decimal = (precision: number, scale: number): Type => ({
  name: 'decimal',
  precision: Math.min(38, precision),
  scale,
})
export const arrayOf = (of: Type): Type => ({ name: 'array', of })

/** Precision and scale of a decimal type's name; undefined for other types. */
export function decimalType(type: ColumnType): { precision: number; scale: number } | undefined {
  const match = /^decimal\((\d+),\s?(\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined
}

export function typeOfColumn(type: ColumnType): Type {
  const found = decimalType(type)
  return found ? decimal(found.precision, found.scale) : ({ name: type } as Type)
}

/** DuckDB's name of a type that Athena names. */
export const duckdbType = (type: ColumnType) => type.toUpperCase()

export function nameOf(type: Type): string {
  switch (type.name) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'array':
      return `array(${nameOf(type.of)})`
    case 'interval':
      return type.unit === 'month' ? 'interval year to month' : 'interval day to second'
    default:
      return type.name
  }
}

/** The type as a result's column has it; undefined where a result cannot hold it. */
export function asColumnType(type: Type): ColumnType | undefined {
  return type.name === 'array' || type.name === 'interval' || type.name === 'null' || type.name === 'unknown'
    ? undefined
    : nameOf(type)
}

export const isWhole = (type: Type) => type.name === 'integer' || type.name === 'bigint'
export const isNumber = (type: Type) => isWhole(type) || type.name === 'decimal' || type.name === 'double'
export const isMoment = (type: Type) => type.name === 'date' || type.name === 'timestamp'
export const isOpen = (type: Type) => type.name === 'null' || type.name === 'unknown'

/** A whole number as the decimal that Athena takes it for. */
export function asDecimal(type: Type): { precision: number; scale: number } | undefined {
  if (type.name === 'decimal') return type
  if (type.name === 'integer') return { precision: 10, scale: 0 }
  if (type.name === 'bigint') return { precision: 19, scale: 0 }
  return undefined
}

/** The type that values of both are taken to where they meet (comparison, CASE, UNION); undefined where Athena refuses it. */
export function common(left: Type, right: Type): Type | undefined {
  if (left.name === 'unknown' || right.name === 'null') return left.name === 'unknown' && !isOpen(right) ? right : left
  if (right.name === 'unknown' || left.name === 'null') return right
  if (left.name === 'array' && right.name === 'array') {
    const of = common(left.of, right.of)
    return of && arrayOf(of)
  }
  if (left.name === 'interval' || right.name === 'interval' || left.name === 'array' || right.name === 'array')
    return undefined
  if (isNumber(left) && isNumber(right)) {
    if (left.name === 'double' || right.name === 'double') return double
    if (isWhole(left) && isWhole(right)) return left.name === 'bigint' || right.name === 'bigint' ? bigint : integer
    const [a, b] = [asDecimal(left), asDecimal(right)]
    if (!a || !b) return undefined
    const scale = Math.max(a.scale, b.scale)
    return decimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale)
  }
  if (isMoment(left) && isMoment(right)) return left.name === right.name ? left : timestamp
  return left.name === right.name ? left : undefined
}
