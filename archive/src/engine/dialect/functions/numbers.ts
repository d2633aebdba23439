import { call, cast, choose, constant, either, isNull } from '../syntax.ts'
import {
  arrayOf,
  asDecimal,
  bigint,
  boolean,
  common,
  decimal,
  double,
  nameOf,
  type Type,
  unknown,
  varchar,
} from '../types.ts'
import { type AllowedFunction, type Call, expect, literalNumber, literalText, plain, special } from './kinds.ts'

const argumentType = (made: Call): Type => made.args[0]?.type ?? unknown

/** Decimals are rounded alike, but Athena's results have other precisions and scales. */
function toWhole(name: 'floor' | 'ceil' | 'ceiling' | 'truncate', duckdb: string) {
  return special(
    'number',
    name,
    [1, 1],
    `${name}(number) → whole number of that type`,
    'The same; a decimal keeps its whole digits.',
    (made) => {
      expect(made, 0, 'number')
      const type = argumentType(made)
      const node = made.args[0]?.node ?? constant(null)
      if (type.name === 'decimal') {
        const { precision, scale } = type
        const extra = name === 'truncate' ? 0 : Math.min(scale, 1)
        const wanted = { precision: Math.min(38, Math.max(1, precision - scale + extra)), scale: 0 }
        return { node: cast(call(duckdb, node), wanted), type: decimal(wanted.precision, 0) }
      }
      return { node: type.name === 'double' ? call(duckdb, node) : node, type }
    },
  )
}

const extreme = (name: 'greatest' | 'least') =>
  special(
    'logic',
    name,
    [1, 127],
    `${name}(x, x, ...) → the same type`,
    'NULL where one is NULL, as in Athena: asked for first.',
    (made) => {
      const type = made.args
        .map((argument) => argument.type)
        .reduce<Type | undefined>((so, next) => so && common(so, next), made.args[0]?.type)
      if (!type) return made.context.refuse(made.node, `${name} compares values of one kind only.`)
      const all = made.args.map((argument) => argument.node)
      return { node: choose(either(all.map(isNull)), constant(null), call(name, ...all)), type }
    },
  )

export const numbers: AllowedFunction[] = [
  plain('number', 'abs', ['number'], (args) => args[0]?.type ?? unknown, {
    because: 'The same.',
    signature: 'abs(number) → the same type',
  }),
  special(
    'number',
    'round',
    [1, 2],
    'round(number[, digits]) → the same type',
    'Half away from zero in both; a decimal keeps its scale in Athena: cast back. Doubles with digits are refused.',
    (made) => {
      expect(made, 0, 'number')
      const type = argumentType(made)
      const node = made.args[0]?.node ?? constant(null)
      const digits = made.args[1] ? literalNumber(made, 1, 'the number of digits') : 0
      if (type.name === 'decimal') {
        const wanted = made.args[1]
          ? { precision: Math.min(38, type.precision + 1), scale: type.scale }
          : { precision: Math.min(38, Math.max(1, type.precision - type.scale + Math.min(1, type.scale))), scale: 0 }
        return {
          node: cast(call('round', node, constant(digits ?? 0)), wanted),
          type: decimal(wanted.precision, wanted.scale),
        }
      }
      if (type.name === 'double' && made.args[1])
        return made.context.refuse(
          made.node,
          'round of a double to digits differs in its last digit.',
          'Round decimals, or leave the rounding to the column’s format.',
        )
      if (digits !== undefined && digits < 0)
        return made.context.refuse(made.node, 'round to negative digits is not supported.')
      return { node: type.name === 'double' ? call('round', node) : node, type }
    },
  ),
  toWhole('floor', 'floor'),
  toWhole('ceil', 'ceil'),
  toWhole('ceiling', 'ceil'),
  toWhole('truncate', 'trunc'),
  special(
    'number',
    'mod',
    [2, 2],
    'mod(whole, whole) → whole',
    'As %: an error for 0, where DuckDB gives NULL.',
    (made) => {
      expect(made, 0, 'whole')
      expect(made, 1, 'whole')
      return {
        node: call('athena_mod', ...made.args.map((argument) => argument.node)),
        type: common(argumentType(made), made.args[1]?.type ?? unknown) ?? bigint,
      }
    },
  ),
  plain('number', 'sqrt', ['number'], double, { because: 'The same, exactly rounded.' }),
  extreme('greatest'),
  extreme('least'),
  special('logic', 'nullif', [2, 2], 'nullif(x, x) → the same type', 'The same.', (made) => {
    const [left, right] = made.args
    if (left && right && !common(left.type, right.type))
      return made.context.refuse(
        made.node,
        `nullif compares ${nameOf(left.type)} with ${nameOf(right.type)}, which Athena refuses.`,
      )
    return { node: call('nullif', ...made.args.map((argument) => argument.node)), type: argumentType(made) }
  }),
  plain('array', 'cardinality', ['array'], bigint, { to: 'len', because: 'The same under another name.' }),
  special(
    'array',
    'element_at',
    [2, 2],
    'element_at(array, index) → element',
    'NULL past either end, an error for 0.',
    (made) => {
      expect(made, 0, 'array')
      expect(made, 1, 'whole')
      const type = argumentType(made)
      return {
        node: call('athena_element_at', ...made.args.map((argument) => argument.node)),
        type: type.name === 'array' ? type.of : unknown,
      }
    },
  ),
  special(
    'array',
    'array_join',
    [2, 2],
    'array_join(array(varchar), separator) → varchar',
    'The same: NULLs are left out.',
    (made) => {
      const type = argumentType(made)
      expect(made, 0, 'array')
      expect(made, 1, 'varchar')
      if (type.name === 'array' && type.of.name !== 'varchar' && type.of.name !== 'unknown')
        made.context.refuse(
          made.node,
          `array_join of an array of ${nameOf(type.of)} writes numbers and dates in Athena's own way.`,
          'Collect texts: array_agg(CAST(... AS varchar)).',
        )
      return { node: call('array_to_string', ...made.args.map((argument) => argument.node)), type: varchar }
    },
  ),
  plain('array', 'array_sort', ['array'], (args) => args[0]?.type ?? arrayOf(unknown), {
    to: 'athena_array_sort',
    because: 'Ascending, NULLs last.',
    signature: 'array_sort(array) → array',
  }),
  special(
    'text',
    'json_extract_scalar',
    [2, 2],
    "json_extract_scalar(varchar, '$.path') → varchar",
    'NULL for what is no text, whole number or boolean, and for malformed JSON; a number with a fraction fails, as the two write it differently.',
    (made) => {
      expect(made, 0, 'varchar')
      const path = literalText(made, 1, 'the path')
      if (path !== undefined && !/^\$(\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\])*$/.test(path))
        made.context.refuse(made.args[1]?.node, 'Only plain paths as $.name[0] are supported.')
      return { node: call('athena_json_extract_scalar', ...made.args.map((argument) => argument.node)), type: varchar }
    },
  ),
  plain('number', 'is_nan', ['double'], boolean, { to: 'isnan', because: 'The same under another name.' }),
  plain('number', 'is_finite', ['double'], boolean, { to: 'isfinite', because: 'The same under another name.' }),
]

/** What is asked of a decimal division: precision and scale of its result, as Athena has them. */
export function quotient(left: Type, right: Type) {
  const [a, b] = [asDecimal(left), asDecimal(right)]
  if (!a || !b) return undefined
  const scale = Math.max(a.scale, b.scale)
  return { a, b, precision: Math.min(38, a.precision + b.scale + Math.max(0, b.scale - a.scale)), scale }
}
