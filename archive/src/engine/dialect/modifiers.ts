import { closest } from '../../did-you-mean.ts'
import type { Context } from './context.ts'
import { expression, type Place } from './place.ts'
import { isAny, type RelationColumn, type Scope } from './scope.ts'
import { child, isNode, type Node, nodes, textOf, textsOf } from './syntax.ts'

export const isOrdinal = (node: Node) => node.class === 'CONSTANT' && child(child(node.value)?.type)?.id === 'INTEGER'

/** ORDER BY, LIMIT, OFFSET and DISTINCT. `scope` is undefined after a set operation, `list` is the SELECT's. */
export function lookAtModifiers(
  modifiers: Node[],
  place: Place,
  columns: RelationColumn[],
  scope: Scope | undefined,
  list: Node[],
): Node[] {
  const { context } = place
  const distinct = modifiers.some((modifier) => modifier.type === 'DISTINCT_MODIFIER')
  return modifiers.map((modifier) => {
    switch (modifier.type) {
      case 'ORDER_MODIFIER':
        return {
          ...modifier,
          orders: nodes(modifier.orders).map((order) => ({
            ...order,
            expression: context.ordering(() =>
              orderBy(child(order.expression) ?? {}, place, columns, scope, list, distinct),
            ),
          })),
        }
      case 'LIMIT_MODIFIER':
        return {
          ...modifier,
          limit: count(modifier.limit, 'LIMIT', context),
          offset: count(modifier.offset, 'OFFSET', context),
        }
      case 'DISTINCT_MODIFIER':
        if (nodes(modifier.distinct_on_targets).length > 0)
          context.refuse(modifier, 'Athena has no DISTINCT ON.', 'Use row_number() in a WITH query.')
        for (const column of columns) context.chooses(column)
        return modifier
      default:
        context.refuse(modifier, 'Athena has no LIMIT in percent.')
        return modifier
    }
  })
}

/** A name given in the SELECT, its number, or an expression over what FROM brings; a name that could be both in an expression is refused. */
function orderBy(
  node: Node,
  place: Place,
  columns: RelationColumn[],
  scope: Scope | undefined,
  list: Node[],
  distinct: boolean,
): Node {
  const { context } = place
  if (node.class === 'STAR') {
    context.refuse(node, 'Athena has no ORDER BY ALL.', 'Name the columns to order by.')
    return node
  }
  if (node.class === 'CONSTANT') {
    const at = Number(child(node.value)?.value)
    if (!isOrdinal(node) || at < 1 || (at > columns.length && !isAny(columns)))
      context.refuse(node, `ORDER BY takes a name or a number from 1 to ${columns.length}.`)
    const column = columns[at - 1]
    if (column) context.resolved(column)
    return node
  }
  const names = node.class === 'COLUMN_REF' ? textsOf(node.column_names) : []
  const [name] = names
  if (names.length === 1 && name !== undefined) {
    const lower = name.toLowerCase()
    const given = list.find((item) => textOf(item.alias).toLowerCase() === lower)
    if (given || !scope) {
      if (!given && !columns.some((column) => column.name === lower) && !isAny(columns)) {
        const meant = closest(
          lower,
          columns.flatMap((column) => column.name ?? []),
        )
        context.refuse(node, `There is no column "${lower}" to order by.`, meant && `Did you mean ${meant}?`)
      }
      for (const column of columns) if (column.name === lower) context.resolved(column)
      return node
    }
  }
  if (!scope) {
    context.refuse(node, 'After UNION, INTERSECT and EXCEPT only names and numbers of columns can be ordered by.')
    return node
  }
  if (distinct && !list.some((item) => item.class === 'STAR' || spelling(item) === spelling(node)))
    context.refuse(
      node,
      'After SELECT DISTINCT only what is selected can be ordered by: which of several rows counts is not said.',
      'Select it too, or group by it.',
    )
  if (names.length === 0) refuseDoubtful(node, list, scope, context)
  return expression(node, place).node
}

/** What an expression says, wherever it stands and whatever it is called; a column by its own name. */
const spelling = (node: Node): string =>
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'alias' || key === 'query_location') return undefined
    return key === 'column_names' ? textsOf(value).at(-1)?.toLowerCase() : value
  })

function refuseDoubtful(node: Node, list: Node[], scope: Scope, context: Context) {
  const given = new Set(
    list
      .filter((item) => item.class !== 'COLUMN_REF' || textOf(item.alias) !== '')
      .map((item) => textOf(item.alias).toLowerCase()),
  )
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isNode(value)) {
      const [name, ...more] = value.class === 'COLUMN_REF' ? textsOf(value.column_names) : []
      if (name && more.length === 0 && given.has(name.toLowerCase()) && scope.has(name.toLowerCase()))
        context.refuse(value, `"${name}" could be the column or the name given in the SELECT.`, 'Write alias.column.')
      Object.values(value).forEach(visit)
    }
  }
  visit(node)
}

function count(value: unknown, what: string, context: Context): Node | null {
  const node = child(value)
  if (!node) return null
  if (node.class === 'PARAMETER') {
    const type = context.parameters[Number(textOf(node.identifier)) - 1]
    if (type !== undefined && type !== 'integer' && type !== 'bigint')
      context.refuse(node, `${what} takes an integer, and the parameter is ${type}.`)
    return node
  }
  const number = child(node.value)?.value
  if (node.class !== 'CONSTANT' || typeof number !== 'number' || !Number.isInteger(number) || number < 0)
    context.refuse(node, `${what} takes a whole number or ?.`)
  return node
}
