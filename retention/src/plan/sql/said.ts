import type { Application, Table } from '@muniment/archive/model/types'
import type { Statement } from '@muniment/archive/statements/types'
import { tableOf } from '../../schedule/links.ts'
import { typeOf } from './conditions.ts'
import { type Bound, column, every, keys } from './text.ts'

/** What statements make of a column: another value, or a later date only. */
interface Cell {
  value: string | null
  onlyLater: boolean
}

export interface Said {
  /** By table, then by key: columns that are not as the record has them. */
  cells: Map<string, { key: string[]; columns: Map<string, Cell> }[]>
  acts: Map<string, Acts>
}

/** What was said of records themselves, of one table. */
export type Acts = { key: string[]; moved: string | null; restricted: boolean; reviewed: 'destroy' | 'keep' | null }[]

/**
 * What counts of the statements. Of several of one column the one that took effect last does. Without a second signature a statement can only
 * make a period longer: a later date where there is one, a restriction, that it is kept.
 */
export function weigh(statements: readonly Statement[], model: Application, asOf: string): Said {
  const cells: Said['cells'] = new Map()
  const acts: Said['acts'] = new Map()
  const effective = (statement: Statement) => (statement.approved ?? statement.signed).at
  // Texts of moments compare as moments only where they are written alike.
  const inOrder = [...statements].sort(
    (one, other) => Date.parse(effective(one)) - Date.parse(effective(other)) || (one.id < other.id ? -1 : 1),
  )
  for (const { table, key, what, approved } of inOrder) {
    if (!tableOf(model, table)) continue
    if (what.kind === 'event' || what.kind === 'correction') {
      if (!approved && what.kind === 'correction') continue
      const { columns } = entry(cells, table, key, () => ({ key, columns: new Map<string, Cell>() }))
      const value = what.kind === 'event' ? what.date : what.value
      const before = columns.get(what.column)
      if (approved) columns.set(what.column, { value, onlyLater: false })
      else if (!before) columns.set(what.column, { value, onlyLater: true })
      else if (before.value !== null && value !== null && value > before.value)
        columns.set(what.column, { ...before, value })
      continue
    }
    const act = entry(acts, table, key, (): Acts[number] => ({ key, moved: null, restricted: false, reviewed: null }))
    if (what.kind === 'moved' && approved) act.moved = what.date
    if (what.kind === 'restriction' && (what.until === undefined || what.until >= asOf)) act.restricted = true
    if (what.kind === 'reviewed' && (approved || what.outcome === 'keep')) act.reviewed = what.outcome
  }
  return { cells, acts }
}

function entry<One extends { key: string[] }>(
  all: Map<string, One[]>,
  table: string,
  key: string[],
  make: () => One,
): One {
  const list = all.get(table) ?? []
  all.set(table, list)
  const known = list.find((one) => one.key.length === key.length && one.key.every((part, index) => part === key[index]))
  if (known) return known
  const made = make()
  list.push(made)
  return made
}

/** Rows of a record's table with what was said of them: key as text, `moved`, `restricted`, `reviewed`. */
export function actsQuery(acts: Acts, names: readonly string[], bound: Bound): string {
  const rows = acts.map(({ key, moved, restricted, reviewed }) => [
    ...key.map((part) => bound.value('varchar', part)),
    bound.value('date', moved),
    restricted ? '1' : '0',
    bound.value('varchar', reviewed),
  ])
  return literalRows(rows, [...names, 'moved', 'restricted', 'reviewed'])
}

const literalRows = (rows: readonly string[][], names: readonly string[]) =>
  `SELECT ${names.map((name) => `x.${name}`).join(', ')} FROM (VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) AS x(${names.join(', ')})`

/** A table's rows as statements have them: the columns of its keys stay as they are. */
export function saidQuery(table: Table, said: NonNullable<ReturnType<Said['cells']['get']>>, bound: Bound): string {
  const named = [...new Set(said.flatMap(({ columns }) => [...columns.keys()]))].sort()
  const names = keys(table.primaryKey.length)
  const rows = said.map(({ key, columns }) => [
    ...key.map((part) => bound.value('varchar', part)),
    ...named.flatMap((name) => {
      const cell = columns.get(name)
      const mode = cell ? (cell.onlyLater ? '2' : '1') : '0'
      return [mode, bound.value(typeOf(table, name), cell ? atMidnight(table, name, cell.value) : null)]
    }),
  ])
  const list = literalRows(rows, [...names, ...named.flatMap((_, index) => [`m${index}`, `s${index}`])])
  const columns = table.columns.map(({ name }) => {
    const at = named.indexOf(name)
    const raw = column('t', name)
    if (at < 0) return `${raw} AS ${column('', name).slice(1)}`
    return `CASE WHEN s.m${at} = 1 THEN s.s${at} WHEN s.m${at} = 2 AND ${raw} < s.s${at} THEN s.s${at} ELSE ${raw} END AS ${column('', name).slice(1)}`
  })
  const on = every(table.primaryKey.map((name, index) => `s.${names[index]} = CAST(${column('t', name)} AS varchar)`))
  return `SELECT ${columns.join(', ')} FROM ${table.name} AS t LEFT JOIN (${list}) AS s ON ${on}`
}

const atMidnight = (table: Table, name: string, value: string | null) =>
  value !== null && typeOf(table, name) === 'timestamp' && /^\d{4}-\d\d-\d\d$/.test(value)
    ? `${value} 00:00:00.000`
    : value
