import type { Context, Typed } from './context.ts'
import { quotient } from './functions/numbers.ts'
import { call, cast, constant, type Node, operator } from './syntax.ts'
import {
  common,
  date,
  decimal,
  isMoment,
  isNumber,
  isOpen,
  isWhole,
  nameOf,
  type Type,
  timestamp,
  varchar,
} from './types.ts'

/** `+ - * / % ||` and the signs, as Athena types and answers them. */
export function arithmetic(name: string, node: Node, left: Typed, right: Typed, context: Context): Typed {
  const [a, b] = [left.type, right.type]
  const refuse = (hint?: string) => context.refuse(node, `Athena has no ${nameOf(a)} ${name} ${nameOf(b)}.`, hint)
  if (name === '||') {
    const texts = [a, b].every((type) => type.name === 'varchar' || isOpen(type))
    return texts
      ? { node: operator('||', left.node, right.node), type: varchar }
      : refuse('|| joins texts: CAST(... AS varchar).')
  }
  if (a.name === 'interval' || b.name === 'interval') return withInterval(name, node, left, right, context)
  if (isMoment(a) || isMoment(b)) {
    if (name === '-' && isMoment(a) && isMoment(b))
      return context.refuse(
        node,
        `${nameOf(a)} - ${nameOf(b)} is an interval in Athena and a number in DuckDB.`,
        "Write date_diff('day', from, to).",
      )
    return refuse("Write date_add('day', n, date).")
  }
  if (isOpen(a) && isOpen(b)) return { node: operator(name, left.node, right.node), type: a.name === 'null' ? b : a }
  if (!(isNumber(a) || isOpen(a)) || !(isNumber(b) || isOpen(b))) return refuse()
  const known = isOpen(a) ? { ...left, type: b } : left
  const other = isOpen(b) ? { ...right, type: a } : right
  return onNumbers(name, node, known, other, context)
}

function onNumbers(name: string, node: Node, left: Typed, right: Typed, context: Context): Typed {
  const type = common(left.type, right.type)
  if (!type) return context.refuse(node, `Athena has no ${nameOf(left.type)} ${name} ${nameOf(right.type)}.`)
  if (type.name === 'double') {
    if (name === '%') return context.refuse(node, '% of doubles is not supported.')
    return { node: operator(name, cast(left.node, 'DOUBLE'), cast(right.node, 'DOUBLE')), type }
  }
  if (isWhole(type)) {
    const width = type.name === 'bigint' ? 'BIGINT' : 'INTEGER'
    if (name === '/') return { node: call('athena_divide', left.node, right.node), type }
    if (name === '%') return { node: call('athena_mod', left.node, right.node), type }
    // Cast, so that an overflow is one of the type that Athena has.
    return { node: operator(name, cast(left.node, width), cast(right.node, width)), type }
  }
  if (name === '/') return divide(left, right)
  if (name === '%') return context.refuse(node, '% of decimals is not supported.', 'Take it of whole numbers.')
  const sides = quotient(left.type, right.type)
  if (!sides) return context.refuse(node, `Athena has no ${nameOf(left.type)} ${name} ${nameOf(right.type)}.`)
  const { a, b } = sides
  const wanted =
    name === '*'
      ? decimal(a.precision + b.precision, a.scale + b.scale)
      : decimal(
          Math.max(a.precision - a.scale, b.precision - b.scale) + Math.max(a.scale, b.scale) + 1,
          Math.max(a.scale, b.scale),
        )
  if (a.scale + b.scale > 38 && name === '*')
    return context.refuse(node, 'The product has more than 38 digits after the point.')
  // DuckDB keeps to 18 digits what began with 18; widened first it has room for what Athena's type holds.
  const wide =
    wanted.name === 'decimal' && wanted.precision > 18
      ? { precision: Math.min(38, Math.max(19, a.precision)), scale: a.scale }
      : a
  return { node: operator(name, cast(left.node, wide), cast(right.node, b)), type: wanted }
}

/** A quotient of decimals with Athena's scale, half away from zero; NULL of NULL, an error for 0. */
export function divide(left: Typed, right: Typed, scale?: number): Typed {
  const sides = quotient(left.type, right.type)
  if (!sides) return left
  const kept = scale ?? sides.scale
  const unscaled = (side: Typed, digits: number) =>
    cast(operator('*', side.node, cast(constant(`1${'0'.repeat(digits)}`), { precision: 38, scale: 0 })), 'HUGEINT')
  const node = call(
    'athena_divide_decimals',
    unscaled({ node: cast(left.node, { precision: 38, scale: sides.a.scale }), type: left.type }, sides.a.scale),
    unscaled({ node: cast(right.node, { precision: 38, scale: sides.b.scale }), type: right.type }, sides.b.scale),
    cast(constant(`1${'0'.repeat(kept + sides.b.scale - sides.a.scale)}`), 'HUGEINT'),
  )
  // A whole number taken as a decimal, moved by its scale: exact, where a division would not be.
  const moved =
    kept === 0
      ? cast(node, { precision: 38, scale: 0 })
      : operator(
          '*',
          cast(node, { precision: 38 - kept, scale: 0 }),
          cast(constant(`0.${'0'.repeat(kept - 1)}1`), { precision: kept, scale: kept }),
        )
  const precision = scale === undefined ? sides.precision : 38
  return { node: cast(moved, { precision, scale: kept }), type: decimal(precision, kept) }
}

function withInterval(name: string, node: Node, left: Typed, right: Typed, context: Context): Typed {
  const [moment, interval] = left.type.name === 'interval' ? [right, left] : [left, right]
  if (
    interval.type.name !== 'interval' ||
    !isMoment(moment.type) ||
    (name === '-' && moment === right) ||
    !'+-'.includes(name)
  )
    return context.refuse(
      node,
      `Athena has no ${nameOf(left.type)} ${name} ${nameOf(right.type)}, or it is not supported here.`,
      "Use date_add('day', n, date).",
    )
  if (moment.type.name === 'date' && interval.type.unit === 'time')
    return context.refuse(node, 'Hours, minutes and seconds cannot be added to a date.', 'Add them to a timestamp.')
  const sum = operator(name, moment.node, interval.node)
  const type: Type = moment.type.name === 'date' ? date : timestamp
  return { node: cast(sum, type.name === 'date' ? 'DATE' : 'TIMESTAMP'), type }
}
