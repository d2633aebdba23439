import { unknownFunction } from './calls.ts'
import type { Context, Typed } from './context.ts'
import { allowedFunction } from './functions/table.ts'
import { condition, expression, operand, type Place } from './place.ts'
import { child, type Node, nodes, textOf } from './syntax.ts'
import { bigint, common, isOpen, isWhole, nameOf, type Type } from './types.ts'

const frames = new Set([
  'UNBOUNDED_PRECEDING',
  'UNBOUNDED_FOLLOWING',
  'CURRENT_ROW_RANGE',
  'CURRENT_ROW_ROWS',
  'EXPR_PRECEDING_ROWS',
  'EXPR_FOLLOWING_ROWS',
])

/** A function with OVER (...): ranks, neighbours and aggregates over frames of rows. */
export function windowExpression(node: Node, place: Place): Typed {
  const { context } = place
  const name = textOf(node.function_name).toLowerCase()
  if (!place.windows)
    return context.refuse(node, 'A window function cannot stand here.', 'Put the SELECT into WITH and filter outside.')
  const allowed = allowedFunction(name)
  if (!allowed) return unknownFunction(node, name, context)
  if (allowed.kind !== 'window' && allowed.kind !== 'aggregate')
    return context.refuse(node, `${name} takes no OVER (...).`)
  if (name === 'array_agg') return context.refuse(node, 'array_agg over a window is not supported.')
  if (node.ignore_nulls === true) return context.refuse(node, 'IGNORE NULLS is written and answered differently.')
  if (node.exclude_clause !== 'NO_OTHER') return context.refuse(node, 'Athena has no EXCLUDE in a frame.')
  if (node.distinct === true) return context.refuse(node, 'Athena has no DISTINCT in a window.')
  if (nodes(node.arg_orders).length > 0) return context.refuse(node, 'Athena has no ORDER BY among the arguments here.')
  if (!frames.has(textOf(node.start)) || !frames.has(textOf(node.end)))
    return context.refuse(node, 'A frame goes by ROWS, or is the default one.', 'Write ROWS BETWEEN ... AND ...')
  // What it works on may hold aggregates of the SELECT, not other windows.
  const within: Place = { ...place, windows: false }
  const args = nodes(node.children).map((part) => expression(part, within))
  const orders = nodes(node.orders).map((order) => ({ ...order, expression: operand(order.expression, within).node }))
  if (
    ['row_number', 'rank', 'dense_rank', 'ntile', 'lag', 'lead', 'percent_rank', 'cume_dist'].includes(name) &&
    orders.length === 0
  )
    context.refuse(node, `${name} without ORDER BY gives another answer each time.`, 'Write OVER (ORDER BY ...).')
  const typed = (value: unknown) => {
    const part = child(value)
    return part && expression(part, within)
  }
  const [offset, otherwise] = [typed(node.offset_expr), typed(node.default_expr)]
  if (offset && !isWhole(offset.type) && !isOpen(offset.type))
    context.refuse(offset.node, `The offset of ${name} is a whole number, and this is ${nameOf(offset.type)}.`)
  if (otherwise && args[0]) refuseOther(node, name, args[0].type, otherwise.type, context)
  const filter = child(node.filter_expr)
  const kept: Node = {
    ...node,
    partitions: nodes(node.partitions).map((part) => expression(part, within).node),
    orders,
    start_expr: typed(node.start_expr)?.node ?? null,
    end_expr: typed(node.end_expr)?.node ?? null,
    offset_expr: offset?.node ?? null,
    default_expr: otherwise?.node ?? null,
    filter_expr: filter ? context.choosing(() => condition(filter, within, 'FILTER takes')) : null,
    children: args.map((argument) => argument.node),
  }
  if (name === 'count' && args.length === 0) return { node: kept, type: bigint }
  if (args.length < Math.max(allowed.least, allowed.kind === 'aggregate' ? 1 : 0) || args.length > allowed.most)
    return context.refuse(node, `${name} is called as ${allowed.signature}.`)
  const made = allowed.apply({ name, node: kept, args, context })
  return made
}

/** What lag and lead give where there is no row: Athena widens both to one type, DuckDB squeezes it into the first. */
function refuseOther(node: Node, name: string, first: Type, other: Type, context: Context) {
  const both = common(first, other)
  if (isOpen(first) || (both && nameOf(both) === nameOf(first))) return
  context.refuse(
    node,
    `${name} gives ${nameOf(first)}, and what stands in for it is ${nameOf(other)}.`,
    'CAST one of them.',
  )
}
