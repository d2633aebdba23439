import type { ColumnType } from '../../model/types.ts'

/** Precision and scale of a decimal type's name; undefined for other types. */
export function decimalType(type: ColumnType): { precision: number; scale: number } | undefined {
  const match = /^decimal\((\d+),\s?(\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined
}

/** DuckDB's name of a type that Athena names. */
export const duckdbType = (type: ColumnType) => type.toUpperCase()
