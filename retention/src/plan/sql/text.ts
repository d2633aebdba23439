import type { BoundValue } from '@muniment/archive/engine/port'
import { identifier } from '@muniment/archive/engine/sql-text'
import type { ColumnType } from '@muniment/archive/model/types'

export interface Query {
  sql: string
  values: BoundValue[]
}

/** Values of a text that is put together out of order: no value of a schedule or a statement becomes SQL. */
export class Bound {
  readonly #values: BoundValue[] = []

  value(type: ColumnType, value: string | null): string {
    this.#values.push({ type: type.replace(' ', ''), value })
    return `«${this.#values.length - 1}»`
  }

  /** The text with `?` for each value, and the values in that order. */
  query(sql: string): Query {
    const values: BoundValue[] = []
    const written = sql.replace(/«(\d+)»/g, (_, index: string) => {
      const value = this.#values[Number(index)]
      if (!value) throw new Error('A value was never bound.')
      values.push(value)
      return '?'
    })
    return { sql: written, values }
  }
}

export const column = (alias: string, name: string): string => `${alias}.${identifier(name)}`
export const every = (parts: readonly string[]): string => (parts.length === 0 ? 'TRUE' : parts.join(' AND '))
export const equal = (left: string, names: readonly string[], right: string, others: readonly string[]): string =>
  every(names.map((name, index) => `${column(left, name)} = ${column(right, others[index] ?? '')}`))
export const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${index + 1}`)

/** As rows have it. */
export const asText = (expression: string, type: ColumnType): string =>
  type === 'varchar' ? expression : `CAST(${expression} AS varchar)`
