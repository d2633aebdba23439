import type { Application } from '../../model/types.ts'
import { type DialectFinding, positionOf } from './context.ts'
import { allowedFunction } from './functions/table.ts'
import { isOrdinal } from './modifiers.ts'
import { child, isNode, type Node, nodes, textOf, textsOf } from './syntax.ts'

/** A table of the model in FROM: what makes its rows unique is known. */
interface Keyed {
  alias: string
  table: string
  columns: Set<string>
  key: string[]
}

interface From {
  keyed: Keyed[]
  /** Of subqueries, WITH and UNNEST, of which no key is known. */
  others: Set<string>
  conditions: Node[]
}

/**
 * What lets rows come in another order the next time: an ORDER BY that does not say, in the end, which row is meant. Told only where
 * that is certain: of the tables of the model in the statement's own FROM, and of what it is grouped by. `root` is the syntax tree.
 */
export function unstableOrder(root: Node, sql: string, application: Application): DialectFinding | undefined {
  if (root.type !== 'SELECT_NODE') return undefined
  const ctes = nodes(child(root.cte_map)?.map).map((entry) => textOf(entry.key).toLowerCase())
  const from: From = { keyed: [], others: new Set(), conditions: [] }
  gather(child(root.from_table), from, application, new Set(ctes))
  const where = child(root.where_clause)
  if (where) from.conditions.push(...conjuncts(where))
  const list = nodes(root.select_list)
  const groups = nodes(root.group_expressions).map((group) =>
    isOrdinal(group) ? (itemAt(list, group) ?? group) : group,
  )
  if (groups.length === 0 && list.some(aggregates)) return undefined
  const modifiers = nodes(root.modifiers)
  const orders: Node[] = modifiers
    .filter(({ type }) => type === 'ORDER_MODIFIER')
    .flatMap((modifier) => nodes(modifier.orders).map((order) => child(order.expression) ?? {}))
  const keys = orders.map((order) => selected(order, list))
  const attributes = new Set<string>()
  for (const key of keys) {
    const attribute = attributeOf(key, from)
    if (attribute !== undefined) attributes.add(attribute)
    // A number of rows, or a column of what has no known key: that may be all that is needed.
    else if (!plainlyOfTables(key, from)) return undefined
  }
  const known = closure(attributes, from)
  const spelt = new Set(keys.map(spelling))
  const settled = (node: Node) =>
    spelt.has(spelling(node)) || namesIn(node).every((one) => known.has(attributeOf(one, from) ?? ''))
  const distinct = modifiers.some(({ type }) => type === 'DISTINCT_MODIFIER')
  const missing =
    groups.length > 0
      ? groups.filter((group) => !settled(group)).map(nameOf)
      : from.keyed
          .flatMap(({ alias, key }) => key.map((column) => `${alias}.${column}`))
          .filter((one) => !known.has(one))
  if (missing.length === 0 || (distinct && list.every(settled))) return undefined
  const last = orders.at(-1)
  const offset = Number(last?.query_location)
  const place = last && offset > 0 ? positionOf(Buffer.from(sql), offset) : {}
  const message = last
    ? `Rows that are alike in ${orders.map(nameOf).join(', ')} come in any order, so that pages and exports differ from one time to the next: let ORDER BY end with a key.`
    : 'The rows come in any order, so that pages and exports differ from one time to the next: the query has no ORDER BY.'
  return { ...place, message, hint: last ? `Add ${missing.join(', ')}.` : `Write ORDER BY ${missing.join(', ')}.` }
}

function gather(node: Node | undefined, from: From, application: Application, ctes: Set<string>): void {
  if (!node || node.type === 'EMPTY') return
  if (node.type === 'JOIN') {
    gather(child(node.left), from, application, ctes)
    const before = from.keyed.map(({ alias }) => alias)
    gather(child(node.right), from, application, ctes)
    const on = child(node.condition)
    if (on) from.conditions.push(...conjuncts(on))
    for (const name of textsOf(node.using_columns).map((one) => one.toLowerCase())) {
      const sides = from.keyed.filter(({ columns }) => columns.has(name))
      const left = sides.find(({ alias }) => before.includes(alias))
      for (const right of sides)
        if (left && right !== left)
          from.conditions.push(equal(reference(left.alias, name), reference(right.alias, name)))
    }
    return
  }
  const name = textOf(node.table_name).toLowerCase()
  const alias = textOf(node.alias).toLowerCase() || name
  const table =
    node.type === 'BASE_TABLE' && !ctes.has(name) ? application.tables.find((one) => one.name === name) : undefined
  if (!table || table.primaryKey.length === 0 || textsOf(node.column_name_alias).length > 0) from.others.add(alias)
  else
    from.keyed.push({
      alias,
      table: name,
      columns: new Set(table.columns.map((column) => column.name)),
      key: table.primaryKey,
    })
}

const reference = (...names: string[]): Node => ({ class: 'COLUMN_REF', column_names: names })
const equal = (left: Node, right: Node): Node => ({ type: 'COMPARE_EQUAL', left, right })

const conjuncts = (node: Node): Node[] =>
  node.type === 'CONJUNCTION_AND' ? nodes(node.children).flatMap(conjuncts) : [node]

const itemAt = (list: Node[], node: Node) => list[Number(child(node.value)?.value) - 1]

/** What an ORDER BY names: what was selected under this name or number, or the expression itself. */
function selected(order: Node, list: Node[]): Node {
  if (isOrdinal(order)) return itemAt(list, order) ?? order
  const [name, ...more] = order.class === 'COLUMN_REF' ? textsOf(order.column_names) : []
  if (name === undefined || more.length > 0) return order
  const called = (item: Node) =>
    textOf(item.alias) || (item.class === 'COLUMN_REF' ? (textsOf(item.column_names).at(-1) ?? '') : '')
  return list.find((item) => called(item).toLowerCase() === name.toLowerCase()) ?? order
}

/** `alias.column` of a table of the model. */
function attributeOf(node: Node, { keyed }: From): string | undefined {
  if (node.class !== 'COLUMN_REF') return undefined
  const names = textsOf(node.column_names).map((name) => name.toLowerCase())
  const column = names.at(-1) ?? ''
  const of = keyed.find(({ alias, columns }) => columns.has(column) && (names.length === 1 || alias === names[0]))
  return of && names.length <= 2 ? `${of.alias}.${column}` : undefined
}

/** Whether nothing in it could tell rows apart but columns of tables of the model. */
function plainlyOfTables(node: Node, from: From): boolean {
  let plain = true
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isNode(value)) {
      if (value.class === 'WINDOW' || value.class === 'SUBQUERY') plain = false
      if (value.class === 'COLUMN_REF' && attributeOf(value, from) === undefined) plain = false
      Object.values(value).forEach(visit)
    }
  }
  visit(node)
  return plain
}

/** All that is given when `attributes` and what the conditions fix are given. */
function closure(attributes: Set<string>, from: From): Set<string> {
  const known = new Set(attributes)
  const given: { when: string[]; follows: string }[] = []
  const derive = (attribute: string | undefined, other: Node) => {
    if (attribute === undefined) return
    const names = namesIn(other)
    const own = names.flatMap((name) => attributeOf(name, from) ?? [])
    // Beside others' columns in an expression it may follow from what is not known here; alone it says nothing.
    if (own.length < names.length && other.class === 'COLUMN_REF') return
    given.push({ when: own, follows: attribute })
  }
  for (const condition of from.conditions) {
    if (condition.type !== 'COMPARE_EQUAL') continue
    const [left, right] = [child(condition.left) ?? {}, child(condition.right) ?? {}]
    derive(attributeOf(left, from), right)
    derive(attributeOf(right, from), left)
  }
  for (const { alias, columns, key } of from.keyed)
    for (const column of columns)
      given.push({ when: key.map((one) => `${alias}.${one}`), follows: `${alias}.${column}` })
  for (let before = -1; before !== known.size; ) {
    before = known.size
    for (const { when, follows } of given) if (when.every((one) => known.has(one))) known.add(follows)
  }
  return known
}

function aggregates(node: Node): boolean {
  if (node.class === 'WINDOW' || node.class === 'SUBQUERY') return false
  const name = textOf(node.function_name).toLowerCase()
  if (node.class === 'FUNCTION' && (name === 'count_star' || allowedFunction(name)?.kind === 'aggregate')) return true
  return Object.values(node).some((value) =>
    Array.isArray(value) ? value.some((one) => isNode(one) && aggregates(one)) : isNode(value) && aggregates(value),
  )
}

function namesIn(node: Node): Node[] {
  if (node.class === 'COLUMN_REF') return [node]
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode).flatMap(namesIn) : isNode(value) ? namesIn(value) : [],
  )
}

/** What it says, wherever it stands and whatever it is called. */
const spelling = (node: Node): string =>
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'alias' || key === 'query_location') return undefined
    return key === 'column_names' ? textsOf(value).at(-1)?.toLowerCase() : value
  })

function nameOf(node: Node): string {
  if (node.class === 'COLUMN_REF') return textsOf(node.column_names).join('.')
  return textOf(node.alias) || (isOrdinal(node) ? `column ${String(child(node.value)?.value)}` : 'an expression')
}
