import { divide } from '../operators.ts'
import { cast, type Node } from '../syntax.ts'
import { arrayOf, bigint, boolean, decimal, double, nameOf, type Type, unknown } from '../types.ts'
import { type AllowedFunction, type Call, expect, special } from './kinds.ts'

const first = (made: Call): Type => made.args[0]?.type ?? unknown

/** The same call under DuckDB's name, with its DISTINCT, FILTER and ORDER BY. */
export const again = (made: Call, name = made.name): Node => ({
  ...made.node,
  function_name: name,
  children: made.args.map((argument) => argument.node),
  alias: '',
})

function extreme(name: 'min' | 'max') {
  return special(
    'aggregate',
    name,
    [1, 1],
    `${name}(x) → the same type`,
    'The same; texts compare by code points in both.',
    (made) => {
      if (first(made).name === 'array') return made.context.refuse(made.node, `${name} of arrays is not supported.`)
      return { node: again(made), type: first(made) }
    },
  )
}

const logic = (name: string, duckdb: string) =>
  special('aggregate', name, [1, 1], `${name}(boolean) → boolean`, 'The same.', (made) => {
    expect(made, 0, 'boolean')
    return { node: again(made, duckdb), type: boolean }
  })

export const aggregates: AllowedFunction[] = [
  special('aggregate', 'count', [0, 1], 'count(*), count([DISTINCT] x) → bigint', 'The same.', (made) => ({
    node: again(made),
    type: bigint,
  })),
  special('aggregate', 'count_if', [1, 1], 'count_if(boolean) → bigint', 'The same, cast from HUGEINT.', (made) => {
    expect(made, 0, 'boolean')
    return { node: cast(again(made), 'BIGINT'), type: bigint }
  }),
  special(
    'aggregate',
    'sum',
    [1, 1],
    'sum(number) → bigint, decimal(38,s) or double',
    'Whole numbers are summed as HUGEINT by DuckDB: cast back. The last digits of a sum of doubles depend on the order in both.',
    (made) => {
      expect(made, 0, 'number')
      const type = first(made)
      if (type.name === 'decimal') return { node: again(made), type: decimal(38, type.scale) }
      if (type.name === 'double') return { node: again(made), type: double }
      return { node: cast(again(made), 'BIGINT'), type: bigint }
    },
  ),
  special(
    'aggregate',
    'avg',
    [1, 1],
    'avg(number) → the decimal’s type, or double',
    'The average of decimals keeps their type in Athena: the sum is divided by the count, half away from zero.',
    (made) => {
      expect(made, 0, 'number')
      const type = first(made)
      if (type.name !== 'decimal') return { node: again(made), type: double }
      if (made.node.class === 'WINDOW')
        return made.context.refuse(
          made.node,
          'avg of decimals over a window is not supported.',
          'Average a double: avg(CAST(... AS double)) OVER (...).',
        )
      const sum = { node: again(made, 'sum'), type: decimal(38, type.scale) }
      const count = { node: again(made, 'count'), type: bigint }
      const { node } = divide(sum, count, type.scale)
      return { node: cast(node, type), type }
    },
  ),
  extreme('min'),
  extreme('max'),
  logic('bool_and', 'bool_and'),
  logic('bool_or', 'bool_or'),
  logic('every', 'bool_and'),
  special(
    'aggregate',
    'array_agg',
    [1, 1],
    'array_agg(x [ORDER BY y]) → array',
    'The same: NULLs are kept, no rows give NULL. Give an ORDER BY, the order is nobody’s otherwise.',
    (made) => {
      const orders = (made.node.order_bys as { orders?: unknown[] } | undefined)?.orders ?? []
      if (orders.length === 0 && made.node.distinct !== true)
        made.context.refuse(
          made.node,
          'array_agg without ORDER BY gives another order each time.',
          `Write array_agg(${nameOf(first(made)) === 'varchar' ? 'x' : '...'} ORDER BY ...).`,
        )
      return { node: again(made), type: arrayOf(first(made)) }
    },
  ),
]

const ranking = (name: string, type: Type) =>
  special('window', name, [0, 0], `${name}() OVER (...) → ${nameOf(type)}`, 'The same.', (made) => ({
    node: again(made),
    type,
  }))

const neighbour = (name: 'lag' | 'lead' | 'first_value' | 'last_value') =>
  special(
    'window',
    name,
    [1, 1],
    name === 'lag' || name === 'lead'
      ? `${name}(x[, offset[, default]]) OVER (...) → the same type`
      : `${name}(x) OVER (...) → the same type`,
    'The same, frames as well.',
    (made) => ({ node: again(made), type: first(made) }),
  )

export const windows: AllowedFunction[] = [
  ranking('row_number', bigint),
  ranking('rank', bigint),
  ranking('dense_rank', bigint),
  ranking('percent_rank', double),
  ranking('cume_dist', double),
  special('window', 'ntile', [1, 1], 'ntile(n) OVER (...) → bigint', 'The same.', (made) => {
    expect(made, 0, 'whole')
    return { node: again(made), type: bigint }
  }),
  neighbour('lag'),
  neighbour('lead'),
  neighbour('first_value'),
  neighbour('last_value'),
]
