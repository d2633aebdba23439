import type { Context, Typed } from './context.ts'
import { call, cast, child, constant, type DuckdbCast, isNode, type Node, textOf } from './syntax.ts'
import {
  asColumnType,
  bigint,
  boolean,
  date,
  decimal,
  double,
  integer,
  isOpen,
  nameOf,
  type Type,
  timestamp,
  varchar,
} from './types.ts'

const targets: Record<string, Type> = {
  VARCHAR: varchar,
  INTEGER: integer,
  BIGINT: bigint,
  DOUBLE: double,
  BOOLEAN: boolean,
  DATE: date,
  TIMESTAMP: timestamp,
  TIMESTAMP_MS: timestamp,
}

/** CAST, TRY_CAST and the literals that DuckDB's parser makes casts of: TRUE, DATE '...', TIMESTAMP '...'. */
export function castExpression(node: Node, operand: Typed, context: Context): Typed {
  const to = targetOf(node)
  if (!to)
    return context.refuse(
      node,
      `CAST to ${textOf(child(node.cast_type)?.id).toLowerCase()} is not supported.`,
      'Types: varchar, integer, bigint, double, boolean, date, timestamp, decimal(p,s).',
    )
  const attempt = node.try_cast === true
  if (typeof operand.constant === 'string' && !attempt) return literalCast(node, operand, operand.constant, to, context)
  const from = operand.type
  const result = (made: Node): Typed => ({ node: made, type: to })
  const native = () => result(cast(operand.node, duckdb(to), attempt))
  if (isOpen(from) || same(from, to)) return native()
  if (from.name === 'varchar') {
    if (to.name === 'decimal')
      return result(
        cast(call(attempt ? 'athena_try_number_text' : 'athena_number_text', operand.node), duckdb(to), attempt),
      )
    return result(call(`athena_${attempt ? 'try_' : ''}varchar_to_${to.name}`, operand.node))
  }
  if (to.name === 'varchar') {
    if (from.name === 'timestamp') return result(call('strftime', operand.node, constant('%Y-%m-%d %H:%M:%S.%g')))
    if (from.name === 'double')
      return context.refuse(
        node,
        'A double as varchar is written as 1.0E0 by Athena and as 1.0 by DuckDB.',
        'Leave it a double; the column’s format writes it.',
      )
    if (from.name === 'array' || from.name === 'interval')
      return context.refuse(node, `CAST of ${nameOf(from)} as varchar is not supported.`)
    // DuckDB writes no 0 before the point where the type has no digit there.
    if (from.name === 'decimal' && from.precision === from.scale)
      return from.scale < 38
        ? result(
            cast(cast(operand.node, { precision: from.scale + 1, scale: from.scale }, attempt), 'VARCHAR', attempt),
          )
        : context.refuse(node, `CAST of ${nameOf(from)} as varchar is not supported.`)
    return native()
  }
  if (from.name === 'double') {
    if (to.name === 'integer' || to.name === 'bigint')
      return result(cast(call('round', operand.node), duckdb(to), attempt))
    if (to.name === 'decimal')
      return context.refuse(
        node,
        'CAST of a double as decimal rounds differently.',
        'Keep decimals decimals from the beginning.',
      )
  }
  const allowed: Record<string, string[]> = {
    integer: ['bigint', 'decimal', 'double', 'boolean', 'integer'],
    bigint: ['integer', 'decimal', 'double', 'boolean', 'bigint'],
    decimal: ['integer', 'bigint', 'double', 'decimal'],
    boolean: ['integer', 'bigint', 'double'],
    date: ['timestamp'],
    timestamp: ['date'],
  }
  if (allowed[from.name]?.includes(to.name)) return native()
  return context.refuse(node, `Athena cannot cast ${nameOf(from)} to ${nameOf(to)}.`)
}

/** A value in quotes is looked at here, so that a wrong one is the author's to mend and not the searcher's. */
function literalCast(node: Node, operand: Typed, value: string, to: Type, context: Context): Typed {
  const shapes: Record<string, [RegExp, string]> = {
    integer: [/^[+-]?\d+$/, "'123'"],
    bigint: [/^[+-]?\d+$/, "'123'"],
    double: [/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^NaN$|^[+-]?Infinity$/, "'1.5'"],
    decimal: [/^[+-]?(\d+\.?\d*|\.\d+)$/, "'1.50'"],
    boolean: [/^(true|false|t|f|1|0)$/i, 'TRUE or FALSE'],
    date: [/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "DATE '2024-07-05'"],
    timestamp: [
      /^\d{4}-\d\d-\d\d( ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?)?$/,
      "TIMESTAMP '2024-07-05 13:45:00.000'",
    ],
  }
  const shape = shapes[to.name]
  if (shape && !shape[0].test(value)) {
    const finer = to.name === 'timestamp' && /\.\d{4,}$/.test(value)
    return context.refuse(
      node,
      finer
        ? 'Athena cuts a timestamp to milliseconds.'
        : `'${value}' is not ${/^[aeiou]/.test(to.name) ? 'an' : 'a'} ${to.name}.`,
      `Write ${shape[1]}.`,
    )
  }
  return { node: cast(operand.node, duckdb(to)), type: to }
}

function targetOf(node: Node): Type | undefined {
  const type = child(node.cast_type)
  if (textOf(type?.id) === 'DECIMAL') {
    const info = isNode(type?.type_info) ? type.type_info : {}
    return decimal(Number(info.width), Number(info.scale))
  }
  return targets[textOf(type?.id)]
}

const same = (from: Type, to: Type) => nameOf(from) === nameOf(to)

export function duckdb(type: Type): DuckdbCast {
  if (type.name === 'decimal') return { precision: type.precision, scale: type.scale }
  const named = asColumnType(type)?.toUpperCase()
  return named === undefined ? 'VARCHAR' : (named as DuckdbCast)
}
