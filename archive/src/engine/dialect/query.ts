import type { Context } from './context.ts'
import { lookAtExpression } from './expressions.ts'
import { isOrdinal, lookAtModifiers } from './modifiers.ts'
import { condition, expression, type Place } from './place.ts'
import { relationOf } from './relations.ts'
import { anyColumns, isAny, type Looked, type RelationColumn, renamed, Scope } from './scope.ts'
import { child, type Node, nodes, textOf, textsOf } from './syntax.ts'
import { common, nameOf, nothing, type Type } from './types.ts'

/** Looks at a query: SELECT, UNION, INTERSECT, EXCEPT, with WITH, ORDER BY and LIMIT. */
export function query(
  node: Node,
  parent: Scope | undefined,
  ctes: Map<string, RelationColumn[]>,
  context: Context,
): Looked {
  const cuts = nodes(node.modifiers).some((modifier) => modifier.type === 'LIMIT_MODIFIER')
  return context.cutting(cuts, () => lookAtQuery(node, parent, ctes, context))
}

function lookAtQuery(
  node: Node,
  parent: Scope | undefined,
  ctes: Map<string, RelationColumn[]>,
  context: Context,
): Looked {
  const known = new Map(ctes)
  const cteMap = nodes(child(node.cte_map)?.map).map((entry) => {
    const value = child(entry.value) ?? {}
    const inner = child(value.query)
    const body = child(inner?.node)
    const name = textOf(entry.key).toLowerCase()
    if (!body) {
      context.refuse(node, `WITH ${name} is not a SELECT.`)
      return entry
    }
    const looked = query(body, undefined, known, context)
    known.set(name, renamed(looked.columns, textsOf(value.aliases), context, body))
    return { ...entry, value: { ...value, query: { ...inner, node: looked.node } } }
  })
  const withCtes = { ...node, cte_map: { map: cteMap } }
  switch (node.type) {
    case 'SELECT_NODE':
      return select(withCtes, parent, known, context)
    case 'SET_OPERATION_NODE':
      return setOperation(withCtes, parent, known, context)
    case 'RECURSIVE_CTE_NODE':
      context.refuse(node, 'WITH RECURSIVE is not supported.')
      return { node, columns: anyColumns, plain: false }
    default:
      context.refuse(node, `This is not a SELECT (${textOf(node.type).toLowerCase()}).`)
      return { node, columns: anyColumns, plain: false }
  }
}

function select(node: Node, parent: Scope | undefined, ctes: Map<string, RelationColumn[]>, context: Context): Looked {
  const scope = new Scope(parent, ctes)
  const subquery: Place['subquery'] = (inner, around) => {
    const before = around.correlated
    const probe = new Scope(around, ctes)
    const looked = query(inner, probe, ctes, context)
    if (probe.correlated && !looked.plain)
      context.refuse(
        inner,
        'Athena does not take a subquery that names columns from outside and has ORDER BY, LIMIT, UNION or windows.',
        'Write it as a join.',
      )
    around.correlated = before || around.correlated
    return looked
  }
  const aggregates = { allowed: false, inside: false }
  const place: Place = { scope, context, aggregates, windows: false, look: lookAtExpression, subquery }
  for (const [key, what] of [
    ['sample', 'TABLESAMPLE gives another answer each time'],
    ['qualify', 'Athena has no QUALIFY: put the SELECT into WITH and filter outside'],
  ] as const) {
    if (node[key]) context.refuse(child(node[key]), `${what}.`)
  }
  if (node.aggregate_handling !== 'STANDARD_HANDLING')
    context.refuse(node, 'Athena has no GROUP BY ALL.', 'Name the columns to group by.')

  const from = child(node.from_table)
  const fromTable = from ? relationOf(from, place, (inner) => query(inner, undefined, ctes, context)) : from
  const list = nodes(node.select_list)
  const aliases = new Set(list.map((item) => textOf(item.alias).toLowerCase()).filter((alias) => alias !== ''))
  const early: Place = { ...place, aliases }
  const where = child(node.where_clause)
  const whereClause = where ? context.choosing(() => condition(where, early, 'WHERE takes')) : null
  const groups = nodes(node.group_expressions).map((group) =>
    isOrdinal(group) ? group : context.choosing(() => expression(group, early).node),
  )

  const late: Place = { ...place, aggregates: { ...aggregates, allowed: true }, windows: true, aliases }
  const columns: RelationColumn[] = []
  const selected = list.map((item, index) => {
    if (item.class === 'STAR') return star(item, scope, context, columns)
    const [made, of] = context.madeOf(() => expression(item, late))
    const written = textOf(item.alias)
    const name =
      written !== ''
        ? written.toLowerCase()
        : item.class === 'COLUMN_REF'
          ? textsOf(item.column_names).at(-1)?.toLowerCase()
          : undefined
    const from = item.class === 'COLUMN_REF' ? made.from : undefined
    columns.push({ name, type: made.type, of, ...(from === undefined ? {} : { from }) })
    // As Athena calls a column that was given no name.
    return { ...made.node, alias: written !== '' ? written : item.class === 'COLUMN_REF' ? '' : `_col${index}` }
  })
  for (const group of nodes(node.group_expressions).filter(isOrdinal)) {
    const column = columns[Number(child(group.value)?.value) - 1]
    if (column) context.chooses(column)
  }
  const having = child(node.having)
  const havingClause = having
    ? context.choosing(() => condition(having, { ...late, windows: false }, 'HAVING takes'))
    : null
  const modifiers = lookAtModifiers(nodes(node.modifiers), late, columns, scope, list)
  const windowed = JSON.stringify(selected).includes('"class":"WINDOW"')
  return {
    node: {
      ...node,
      from_table: fromTable,
      select_list: selected,
      where_clause: whereClause,
      group_expressions: groups,
      having: havingClause,
      modifiers,
    },
    columns,
    plain: !windowed && nodes(node.modifiers).every((modifier) => modifier.type === 'DISTINCT_MODIFIER'),
  }
}

function star(item: Node, scope: Scope, context: Context, columns: RelationColumn[]): Node {
  const relation = textOf(item.relation_name).toLowerCase()
  const extras = ['exclude_list', 'replace_list', 'qualified_exclude_list', 'rename_list'].some(
    (key) => Array.isArray(item[key]) && item[key].length > 0,
  )
  if (extras || item.columns === true || item.expr)
    context.refuse(item, 'Athena has no EXCLUDE, REPLACE, RENAME or COLUMNS.', 'Name the columns.')
  const of = scope.relations.filter((candidate) => relation === '' || candidate.alias === relation)
  if (of.length === 0)
    context.refuse(item, relation === '' ? '* needs a FROM.' : `Nothing in FROM is called "${relation}".`)
  const seen = new Set<string>()
  for (const one of of) {
    if (one.partitioned)
      context.refuse(item, `Athena gives the partition columns of ${one.alias ?? 'a table'} last.`, 'Name the columns.')
    for (const column of one.columns) {
      if (column.name && scope.merged.has(column.name)) {
        if (seen.has(column.name)) continue
        seen.add(column.name)
        const sides = scope.find(column.name).flatMap((side) => [...side.column.of])
        columns.push({ name: column.name, type: column.type, of: new Set(sides) })
      } else columns.push(column)
      context.resolved(column)
      if (one.table && column.name) context.used.get(one.table)?.add(column.name)
    }
  }
  return item
}

function setOperation(
  node: Node,
  parent: Scope | undefined,
  ctes: Map<string, RelationColumn[]>,
  context: Context,
): Looked {
  if (!['UNION', 'INTERSECT', 'EXCEPT'].includes(textOf(node.setop_type)))
    context.refuse(node, 'Athena has no UNION BY NAME.')
  const sides = ['left', 'right'].map((key) => query(child(node[key]) ?? {}, parent, ctes, context))
  const [left, right] = sides
  const leftColumns = left?.columns ?? []
  const rightColumns = right?.columns ?? []
  const open = isAny([...leftColumns, ...rightColumns])
  if (leftColumns.length !== rightColumns.length && !open)
    context.refuse(
      node,
      `Both sides of ${textOf(node.setop_type)} give the same number of columns; these give ${leftColumns.length} and ${rightColumns.length}.`,
    )
  // All but UNION ALL compare rows.
  if (node.setop_type !== 'UNION' || node.setop_all !== true)
    for (const column of [...leftColumns, ...rightColumns]) context.chooses(column)
  const columns = open
    ? anyColumns
    : leftColumns.map((column, index) => {
        const beside = rightColumns[index]
        const other: Type = beside?.type ?? nothing
        const type = common(column.type, other)
        if (!type)
          context.refuse(
            node,
            `Column ${index + 1} of ${textOf(node.setop_type)} is ${nameOf(column.type)} on one side and ${nameOf(other)} on the other.`,
          )
        const { name, from } = column
        const of = new Set([...column.of, ...(beside?.of ?? [])])
        return { name, type: type ?? column.type, of, ...(from === undefined || from !== beside?.from ? {} : { from }) }
      })
  const place: Place = {
    scope: new Scope(parent, ctes),
    context,
    aggregates: { allowed: false, inside: false },
    windows: false,
    look: lookAtExpression,
    subquery: () => ({ node: {}, columns: [], plain: false }),
  }
  return {
    node: {
      ...node,
      left: left?.node,
      right: right?.node,
      modifiers: lookAtModifiers(nodes(node.modifiers), place, columns, undefined, []),
    },
    columns,
    plain: false,
  }
}
