import type { CatalogSnapshot } from '../../catalog/port.ts'
import { closest } from '../../did-you-mean.ts'
import type { BoundValue } from '../../engine/port.ts'
import { identifier } from '../../engine/sql-text.ts'
import { InputError } from '../../errors.ts'
import type { Application, Table } from '../../model/types.ts'
import { type Asker, ask } from '../ask.ts'
import type { Closure, HoldScope, RecordKey, ScopeCondition } from '../types.ts'
import { Collected, MOST_KEYS } from './collected.ts'
import { codeTables, type Edge, edgesOf } from './edges.ts'
import { columnsOf, equal, equalToList, keyLists } from './key-list.ts'

export interface Resolving extends Asker {
  model: Application
  /** Undefined before anything was loaded. */
  catalog: CatalogSnapshot | undefined
  /** Tables of a record class of a domain's schedules, the class's own first. Throws InputError where there is no such class. */
  classTables?: ((domain: string, name: string) => Promise<string[]>) | undefined
  /** Keys of a table beyond which all of it is protected. */
  most?: number
}

function tableOf(model: Application, name: string): Table {
  const table = model.tables.find((each) => each.name === name)
  if (table) return table
  const meant = closest(
    name,
    model.tables.map((each) => each.name),
  )
  throw new InputError(`There is no table "${name}"${meant ? `; did you mean "${meant}"?` : '.'}`)
}

function checkKey(table: Table, key: RecordKey): void {
  if (key.length !== table.primaryKey.length)
    throw new InputError(
      `A key of ${table.name} is ${table.primaryKey.join(', ')}; ${key.length} values are not ${table.primaryKey.length}.`,
    )
}

function conditionSql(table: Table, where: readonly ScopeCondition[]): { sql: string; values: BoundValue[] } {
  const values: BoundValue[] = []
  const clauses = where.flatMap(({ column: name, in: among, from, to }) => {
    const column = table.columns.find((each) => each.name === name)
    if (!column) {
      const meant = closest(
        name,
        table.columns.map((each) => each.name),
      )
      throw new InputError(`${table.name} has no column "${name}"${meant ? `; did you mean "${meant}"?` : '.'}`)
    }
    if (among === undefined && from === undefined && to === undefined)
      throw new InputError(`Say what ${name} must be: one of several values, from or to.`)
    const bind = (value: string) => {
      values.push({ type: column.type, value })
      return '?'
    }
    return [
      ...(among ? [`t.${identifier(name)} IN (${among.map(bind).join(', ')})`] : []),
      ...(from === undefined ? [] : [`t.${identifier(name)} >= ${bind(from)}`]),
      ...(to === undefined ? [] : [`t.${identifier(name)} <= ${bind(to)}`]),
    ]
  })
  return { sql: clauses.join(' AND '), values }
}

const same = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((each, index) => each === right[index])

/**
 * The keys that a scope protects: its records with everything that names them by declared keys, and whatever these need to be understood,
 * up to the persons; by the engine, in lists, with nothing hidden from it unless `restrictions` say so. Throws InputError where the scope
 * is none of this model.
 */
export async function resolveScope(scope: HoldScope, resolving: Resolving): Promise<Closure['tables']> {
  const { model, catalog, restrictions, most = MOST_KEYS } = resolving
  const edges = edgesOf(model)
  const codes = codeTables(model)
  const collected = new Collected(most)
  const there = new Set(catalog?.tables.map(({ name }) => name))
  const visible = (table: Table) => there.has(table.name) && (!restrictions || restrictions.tables.includes(table.name))

  async function collect(table: Table, sql: string, values: BoundValue[]) {
    const { rows, more } = await ask(resolving, sql, values, most + 1)
    if (more || rows.length > most) collected.addAll(table.name)
    else for (const row of rows) collected.add(table.name, row)
  }

  /** Keys of `target`, joined with the rows of `table` that `keys` name. */
  async function joined(target: Table, table: Table, keys: 'all' | RecordKey[], sql: (join: string) => string) {
    if (keys === 'all') return collect(target, sql(''), [])
    for (const list of keyLists(table, keys)) {
      if (collected.isAll(target.name)) return
      await collect(target, sql(` JOIN (${list.sql}) w ON ${equalToList('t', table.primaryKey)}`), list.values)
    }
  }

  /** Rows that name these. */
  async function below(edge: Edge, keys: 'all' | RecordKey[]) {
    const { from, columns, to, toColumns } = edge
    if (keys !== 'all' && same(toColumns, to.primaryKey)) {
      for (const list of keyLists(to, keys)) {
        if (collected.isAll(from.name)) return
        const sql = `SELECT DISTINCT ${columnsOf('c', from.primaryKey)} FROM ${identifier(from.name)} c JOIN (${list.sql}) w ON ${equalToList('c', columns)}`
        await collect(from, sql, list.values)
      }
      return
    }
    await joined(
      from,
      to,
      keys,
      (join) =>
        `SELECT DISTINCT ${columnsOf('c', from.primaryKey)} FROM ${identifier(to.name)} t JOIN ${identifier(from.name)} c ON ${equal('c', columns, 't', toColumns)}${join}`,
    )
  }

  /** Rows that these name, whether or not they are there. */
  async function above(edge: Edge, keys: 'all' | RecordKey[]) {
    const { from, columns, to, toColumns } = edge
    const named = columns.map((name) => `t.${identifier(name)} IS NOT NULL`).join(' AND ')
    await joined(to, from, keys, (join) =>
      same(toColumns, to.primaryKey)
        ? `SELECT DISTINCT ${columnsOf('t', columns)} FROM ${identifier(from.name)} t${join} WHERE ${named}`
        : `SELECT DISTINCT ${columnsOf('p', to.primaryKey)} FROM ${identifier(from.name)} t JOIN ${identifier(to.name)} p ON ${equal('t', columns, 'p', toColumns)}${join}`,
    )
  }

  async function follow(edgesFrom: (table: string) => Edge[], step: typeof below, target: (edge: Edge) => Table) {
    for (let next = collected.next(); next; next = collected.next())
      for (const edge of edgesFrom(next.table)) {
        if (collected.isAll(target(edge).name) || !visible(edge.from) || !visible(edge.to)) continue
        await step(edge, next.keys)
      }
  }

  const isSelf = ({ from, to }: Edge) => from.name === to.name
  const down = () =>
    follow(
      (table) => edges.filter((edge) => edge.to.name === table && !isSelf(edge)),
      below,
      ({ from }) => from,
    )
  const up = () => {
    collected.again()
    return follow(
      (table) => edges.filter((edge) => edge.from.name === table && !codes.has(edge.to.name)),
      above,
      ({ to }) => to,
    )
  }

  /** A person's other identities: rows of the table of persons that name each other. */
  async function identities(person: Table) {
    const own = edges.filter((edge) => isSelf(edge) && edge.to.name === person.name)
    if (!visible(person)) return
    for (let next = collected.next(); next; next = collected.next())
      for (const edge of own) {
        await below(edge, next.keys)
        await above(edge, next.keys)
      }
    collected.again()
  }

  const domainTables = (domain: string) => {
    if (!model.domains.some(({ name }) => name === domain)) throw new InputError(`There is no domain "${domain}".`)
    return model.tables.filter((table) => table.domain === domain)
  }

  switch (scope.kind) {
    case 'keys': {
      const table = tableOf(model, scope.table)
      for (const key of scope.keys) {
        checkKey(table, key)
        collected.add(table.name, key)
      }
      await down()
      break
    }
    case 'person': {
      if (model.personTable === undefined) throw new InputError('This application has no table of persons.')
      const table = tableOf(model, model.personTable)
      checkKey(table, scope.key)
      collected.add(table.name, scope.key)
      await identities(table)
      await down()
      break
    }
    case 'condition': {
      const table = tableOf(model, scope.table)
      const { sql, values } = conditionSql(table, scope.where)
      if (visible(table))
        await collect(
          table,
          `SELECT DISTINCT ${columnsOf('t', table.primaryKey)} FROM ${identifier(table.name)} t WHERE ${sql}`,
          values,
        )
      await down()
      break
    }
    case 'class': {
      domainTables(scope.domain)
      if (!resolving.classTables) throw new InputError('Record classes are not known here; name the domain instead.')
      for (const name of await resolving.classTables(scope.domain, scope.class))
        collected.addAll(tableOf(model, name).name)
      break
    }
    case 'domain':
      for (const { name } of domainTables(scope.domain)) collected.addAll(name)
      break
    case 'application':
      for (const { name } of model.tables) collected.addAll(name)
      break
  }
  await up()
  for (const name of codes) collected.addAll(name)
  return collected.tables()
}
