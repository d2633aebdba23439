import { closest } from '../../did-you-mean.ts'
import type { Context, Typed } from './context.ts'
import { refusedFunction } from './functions/refused.ts'
import { allowedFunction, allowedFunctions } from './functions/table.ts'
import { arithmetic } from './operators.ts'
import { condition, expression, operand, type Place } from './place.ts'
import { child, type Node, nodes, textOf } from './syntax.ts'
import { bigint, boolean, isNumber, isOpen, nameOf } from './types.ts'

const operators = new Set(['+', '-', '*', '/', '%', '||'])

const intervals: Record<string, 'day' | 'time' | 'month'> = {
  to_days: 'day',
  to_weeks: 'day',
  to_months: 'month',
  to_years: 'month',
  to_hours: 'time',
  to_minutes: 'time',
  to_seconds: 'time',
}

/** DuckDB's parser writes INTERVAL '1' DAY as to_days(CAST(trunc(CAST('1' AS DOUBLE)) AS INTEGER)). */
function intervalLiteral(node: Node): number | undefined {
  let inner = nodes(node.children)[0]
  while (inner && (inner.class === 'CAST' || textOf(inner.function_name) === 'trunc'))
    inner = child(inner.child) ?? nodes(inner.children)[0]
  const value = inner?.class === 'CONSTANT' ? child(inner.value)?.value : undefined
  return (typeof value === 'string' || typeof value === 'number') && /^-?\d{1,9}$/.test(String(value))
    ? Number(value)
    : undefined
}

/** Operators, functions and aggregates: what the tables allow. */
export function functionExpression(node: Node, place: Place): Typed {
  const { context } = place
  const name = textOf(node.function_name).toLowerCase()
  if (textOf(node.catalog) !== '' || !['', 'main'].includes(textOf(node.schema)))
    return context.refuse(node, 'A function is called by its name alone.', 'Write lower(x), not x.lower().')
  const unit = intervals[name]
  if (unit) {
    return intervalLiteral(node) === undefined
      ? context.refuse(
          node,
          "An interval is written as INTERVAL '1' DAY.",
          "Use date_add('day', n, date) for a computed number.",
        )
      : { node, type: { name: 'interval', unit } }
  }
  const allowed = allowedFunction(name)
  const aggregate = allowed?.kind === 'aggregate' || name === 'count_star'
  if (node.export_state === true) return context.refuse(node, 'EXPORT_STATE is not supported.')
  if (!aggregate && (node.distinct === true || node.filter || nodes(child(node.order_bys)?.orders).length > 0))
    return context.refuse(node, `${name} takes no DISTINCT, FILTER or ORDER BY.`)
  if (aggregate) return aggregateExpression(node, name, place)
  const args = nodes(node.children).map((part) => expression(part, place))
  if (operators.has(name)) {
    const [left, right] = args
    if (left && right) return arithmetic(name, node, left, right, context)
    if (left && (isNumber(left.type) || isOpen(left.type)))
      return { node: { ...node, children: [left.node] }, type: left.type }
    return context.refuse(node, `A sign belongs to a number.`)
  }
  if (name === '~~' || name === '!~~' || name === 'like_escape' || name === 'not_like_escape')
    return like(node, name, args, context)
  if (allowed?.kind === 'window') return context.refuse(node, `${name} needs OVER (...).`)
  if (!allowed) return unknownFunction(node, name, context)
  if (args.length < allowed.least || args.length > allowed.most)
    return context.refuse(node, `${name} is called as ${allowed.signature}.`)
  return allowed.apply({ name, node, args, context })
}

function like(node: Node, name: string, args: Typed[], context: Context): Typed {
  args.forEach((argument) => {
    if (argument.type.name !== 'varchar' && !isOpen(argument.type))
      context.refuse(argument.node, `LIKE compares texts, and this is ${nameOf(argument.type)}.`, 'CAST it to varchar.')
  })
  const mark = args[2]
  if (mark && (typeof mark.constant !== 'string' || [...mark.constant].length !== 1))
    context.refuse(node, 'ESCAPE takes one written-out character.')
  return { node: { ...node, function_name: name, children: args.map((argument) => argument.node) }, type: boolean }
}

export function unknownFunction(node: Node, name: string, context: Context): Typed {
  const known = refusedFunction(name)
  if (known) return context.refuse(node, `${name} is not allowed: ${known.because}.`, known.instead)
  const meant = closest(
    name,
    allowedFunctions.map((row) => row.name),
  )
  return context.refuse(node, `There is no function ${name} that a query may call.`, meant && `Did you mean ${meant}?`)
}

function aggregateExpression(node: Node, name: string, place: Place): Typed {
  const { context, aggregates } = place
  if (!aggregates.allowed)
    return context.refuse(node, `An aggregate (${name}) cannot stand here.`, 'Put it into SELECT, HAVING or ORDER BY.')
  if (aggregates.inside) return context.refuse(node, 'An aggregate cannot stand inside another.')
  const within: Place = { ...place, aggregates: { ...aggregates, inside: true }, windows: false }
  const args = nodes(node.children).map((part) => expression(part, within))
  const filter = child(node.filter)
  const orders = nodes(child(node.order_bys)?.orders).map((order) => ({
    ...order,
    expression: operand(order.expression, within).node,
  }))
  const kept: Node = {
    ...node,
    filter: filter ? context.choosing(() => condition(filter, within, 'FILTER takes')) : null,
    order_bys: { type: 'ORDER_MODIFIER', orders },
  }
  if (name === 'count_star') return { node: kept, type: bigint }
  const allowed = allowedFunction(name)
  if (!allowed || args.length < Math.max(1, allowed.least) || args.length > allowed.most)
    return context.refuse(node, `${name} is called as ${allowed?.signature ?? name}.`)
  if (orders.length > 0 && name !== 'array_agg') return context.refuse(node, `${name} takes no ORDER BY.`)
  return allowed.apply({ name, node: kept, args, context })
}
