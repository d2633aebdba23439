import { closest } from '../../did-you-mean.ts'
import { comparable, condition, expression, type Place } from './place.ts'
import { anyColumns, isAny, type Looked, type Relation, renamed } from './scope.ts'
import { child, constant, type Node, nodes, textOf, textsOf } from './syntax.ts'
import { bigint, isOpen, nameOf, typeOfColumn, unknown } from './types.ts'

const joins = new Set(['INNER', 'LEFT', 'RIGHT', 'OUTER', 'FULL'])

/** Looks at a FROM: tables of the application, WITH queries, subqueries, joins and UNNEST; puts what they bring into the scope. */
export function relationOf(node: Node, place: Place, inner: (node: Node) => Looked): Node {
  return place.context.within(node, () => dispatch(node, place, inner))
}

function dispatch(node: Node, place: Place, inner: (node: Node) => Looked): Node {
  const { context } = place
  if (node.sample) context.refuse(node, 'TABLESAMPLE gives another answer each time.')
  switch (node.type) {
    case 'EMPTY':
      return node
    case 'BASE_TABLE':
      return baseTable(node, place)
    case 'SUBQUERY': {
      const statement = child(node.subquery)
      const body = child(statement?.node)
      if (!body) {
        context.refuse(node, 'This subquery is not supported.')
        return refused(node, place)
      }
      const looked = inner(body)
      add(
        place,
        { alias: aliasOf(node), columns: renamed(looked.columns, textsOf(node.column_name_alias), context, node) },
        node,
      )
      return { ...node, subquery: { ...statement, node: looked.node } }
    }
    case 'JOIN':
      return join(node, place, inner)
    case 'TABLE_FUNCTION':
      return unnest(node, place)
    case 'EXPRESSION_LIST':
      return values(node, place)
    default:
      context.refuse(
        node,
        `FROM takes tables, subqueries, joins and UNNEST; this is ${textOf(node.type).toLowerCase().replaceAll('_', ' ')}.`,
      )
      return refused(node, place)
  }
}

const aliasOf = (node: Node) => {
  const alias = textOf(node.alias).toLowerCase()
  return alias === '' ? undefined : alias
}

/** Its name is in scope all the same, with whatever columns are asked of it. */
function refused(node: Node, place: Place, name?: string): Node {
  const columns = renamed(anyColumns, textsOf(node.column_name_alias), place.context, node)
  add(place, { alias: aliasOf(node) ?? name, columns }, node)
  return node
}

function add(place: Place, relation: Relation, node: Node) {
  if (relation.alias && place.scope.relations.some((other) => other.alias === relation.alias))
    place.context.refuse(
      node,
      `Two relations in FROM are called "${relation.alias}".`,
      'Give one of them another name with AS.',
    )
  place.scope.relations.push(relation)
}

function baseTable(node: Node, place: Place): Node {
  const { context, scope } = place
  const name = textOf(node.table_name).toLowerCase()
  if (textOf(node.schema_name) !== '' || textOf(node.catalog_name) !== '') {
    const written = `"${textOf(node.schema_name) || textOf(node.catalog_name)}.${name}"`
    const known = context.tables.has(name)
    context.refuse(
      node,
      known
        ? `${written}: a table is named without schema.`
        : `${written} is no table of the application: a query sees these only, and names them without schema.`,
      known ? `Write ${name}.` : undefined,
    )
    return refused(node, place, name)
  }
  if (node.at_clause) context.refuse(node, 'AT (VERSION ...) is not supported.')
  const names = textsOf(node.column_name_alias)
  const cte = scope.ctes.get(name)
  if (cte) {
    add(place, { alias: aliasOf(node) ?? name, columns: renamed(cte, names, context, node) }, node)
    return { ...node, table_name: name }
  }
  const table = context.tables.get(name)
  if (!table) {
    const known = [...context.tables.keys(), ...scope.ctes.keys()]
    if (context.absent.has(name))
      context.refuse(node, `The table "${name}" was never delivered: the archive holds nothing of it.`)
    else {
      const meant = closest(name, known)
      context.refuse(
        node,
        `There is no table "${name}".`,
        meant ? `Did you mean ${meant}?` : `Tables: ${known.slice(0, 40).join(', ')}.`,
      )
    }
    return refused(node, place, name)
  }
  if (!context.used.has(name)) context.used.set(name, new Set())
  const columns = table.columns.map((column) => {
    const from = `${name}.${column.name}`
    return { name: column.name, type: typeOfColumn(column.type), of: new Set([from]), from }
  })
  add(
    place,
    {
      alias: aliasOf(node) ?? name,
      columns: renamed(columns, names, context, node),
      partitioned: table.partitioned,
      ...(names.length === 0 ? { table: name } : {}),
    },
    node,
  )
  if (names.length > 0) for (const column of table.columns) context.used.get(name)?.add(column.name)
  return { ...node, schema_name: context.schema, table_name: name, alias: aliasOf(node) ?? name }
}

function join(node: Node, place: Place, inner: (node: Node) => Looked): Node {
  const { context, scope } = place
  const left = relationOf(child(node.left) ?? {}, place, inner)
  const before = scope.relations.length
  const right = relationOf(child(node.right) ?? {}, place, inner)
  const crossed = node.ref_type === 'CROSS'
  if (!crossed && node.ref_type !== 'REGULAR')
    context.refuse(
      node,
      `Athena has no ${textOf(node.ref_type).toLowerCase()} join, or it is not supported here.`,
      'Write JOIN ... ON ...',
    )
  else if (!joins.has(textOf(node.join_type)))
    context.refuse(node, `Athena has no ${textOf(node.join_type).toLowerCase()} join.`, 'Use EXISTS or NOT EXISTS.')
  const using = textsOf(node.using_columns).map((name) => name.toLowerCase())
  const compared = new Set<string>()
  for (const name of using) {
    const sides = [scope.relations.slice(0, before), scope.relations.slice(before)].map((relations) =>
      relations.flatMap((relation) =>
        relation.columns.filter((column) => column.name === name).map((column) => ({ relation, column })),
      ),
    )
    const [one, other] = sides.map((side) => side[0])
    if (!one || !other) {
      if (isAny(scope.relations.flatMap(({ columns }) => columns))) continue
      context.refuse(node, `USING (${name}): both sides need a column of this name.`)
      continue
    }
    comparable(
      node,
      { node: constant(null), type: one.column.type },
      { node: constant(null), type: other.column.type },
      context,
    )
    for (const side of sides) for (const { column } of side) for (const each of column.of) compared.add(each)
    for (const side of sides)
      for (const { relation } of side) if (relation.table) context.used.get(relation.table)?.add(name)
    scope.merged.add(name)
  }
  const on = child(node.condition)
  const [made, of] = context.madeOf(() => (on ? condition(on, place, 'ON takes') : null))
  for (const each of of) compared.add(each)
  context.chooses({ of: compared })
  // Where no row fits, the values of one side are NULL: that, too, is told by what is compared.
  const type = textOf(node.join_type)
  scope.relations.forEach((relation, index) => {
    if (type === 'INNER' || type === (index < before ? 'LEFT' : 'RIGHT')) return
    relation.columns = relation.columns.map((column) => ({ ...column, of: new Set([...column.of, ...compared]) }))
  })
  return { ...node, left, right, condition: made }
}

function unnest(node: Node, place: Place): Node {
  const { context } = place
  const made = child(node.function)
  const name = textOf(made?.function_name).toLowerCase()
  const args = nodes(made?.children)
  const [argument] = args
  if (name !== 'unnest' || textOf(made?.schema) !== '' || !made) {
    context.refuse(
      node,
      `FROM ${name || 'this function'}(...) is not allowed: a query sees the tables of its application only.`,
    )
    return refused(node, place, name || undefined)
  }
  if (args.length !== 1 || !argument) {
    context.refuse(node, 'UNNEST takes one array.')
    return refused(node, place)
  }
  const [array, of] = context.madeOf(() => expression(argument, place))
  if (array.type.name !== 'array' && !isOpen(array.type))
    context.refuse(argument, `UNNEST takes an array, and this is ${nameOf(array.type)}.`)
  const element = array.type.name === 'array' ? array.type.of : unknown
  // As many rows as it has elements.
  context.chooses({ of })
  const numbered = node.with_ordinality === 'WITH_ORDINALITY'
  const columns = [{ name: undefined, type: element, of }, ...(numbered ? [{ name: undefined, type: bigint, of }] : [])]
  const names = textsOf(node.column_name_alias)
  if (names.length === 0) context.refuse(node, 'UNNEST needs names.', 'Write UNNEST(a) AS t(x).')
  add(place, { alias: aliasOf(node), columns: renamed(columns, names, context, node) }, node)
  return { ...node, function: { ...made, children: [array.node] } }
}

function values(node: Node, place: Place): Node {
  const { context } = place
  const rows = Array.isArray(node.values) ? node.values.map(nodes) : []
  const [typed, of] = context.madeOf(() => rows.map((row) => row.map((cell) => expression(cell, place))))
  const [first = []] = typed
  const columns = first.map((cell, index) => ({
    name: undefined,
    of,
    type: typed.reduce((type, row) => {
      const next = row[index]
      const both = next ? comparable(node, { node: cell.node, type }, next, context) : undefined
      return both ?? type
    }, cell.type),
  }))
  add(place, { alias: undefined, columns }, node)
  return { ...node, values: typed.map((row) => row.map((cell) => cell.node)) }
}
