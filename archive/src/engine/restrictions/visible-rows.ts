import type { Column, ColumnType, Table } from '../../model/types.ts'
import { identifier, literal } from '../sql-text.ts'

/** What row rules and masks need to know of a table; a table of the model is one. */
export interface RuledTable {
  name: string
  columns: (Pick<Column, 'name' | 'partly' | 'rowRule'> & { type: ColumnType })[]
  persons: Table['persons']
  primaryKey: Table['primaryKey']
}

type Path = Table['persons'][number]
type Step = Path['steps'][number]
type Role = Path['role']

/** Keys of rows that are hidden: what `SELECT DISTINCT to FROM table` gives of those rows alone. */
export interface HiddenKeys {
  to: string[]
  /** One SELECT for each reason why a row of it is hidden; never empty. */
  branches: string[]
}

export interface RowRules {
  tables: ReadonlyMap<string, RuledTable>
  /** Names of the rules in force. */
  inForce: ReadonlySet<string>
  /** How SQL names a table with all its rows. */
  everything: (table: string) => string
  /** How SQL names a set of keys; in Athena the set itself as a subquery (`asSubquery`). */
  keys: (hidden: HiddenKeys) => string
  /** Whether a set is known to be empty: each that is left out saves a join. */
  empty?: (hidden: HiddenKeys) => boolean
  /**
   * The set of primary keys of a table's own hidden rows, how SQL names it, where there is one that `hiddenRows` found exact; `empty` where
   * no row is hidden. It saves a join for each path and the columns that paths begin with, and a filter on the key reaches it.
   */
  hiddenRows?: (table: RuledTable) => { set: string; empty: boolean } | undefined
}

/** The set as it can stand in FROM, in any engine. */
export const asSubquery = ({ branches }: HiddenKeys): string => `(${branches.join(' UNION ')})`

export interface VisibleRows {
  /** Stands after `FROM table AS alias`; multiplies no row. */
  joins: string
  where: string
}

/**
 * What leaves of `table`, called `alias`, the rows that may be seen; undefined where no rule in force can hide one. A row is hidden
 * where it has a value that a rule hides, or where one of its paths to persons passes through a row that the same rule hides; only
 * paths of the roles in `through` where the rule names some. What is NULL hides nothing and leads nowhere.
 *
 * Only comparisons with constants, joins by equality and UNION, so that Athena and DuckDB read it alike; an outer join and IS NULL,
 * since DuckDB takes twice as long for NOT EXISTS.
 */
export function visibleRows(table: RuledTable, alias: string, rules: RowRules): VisibleRows | undefined {
  const prepared = rules.hiddenRows?.(table)
  if (prepared) return prepared.empty ? undefined : besides(prepared.set, table.primaryKey, alias)
  const own = hiddenValues(table, rules, []).map(({ column, values }) => {
    const name = `${alias}.${identifier(column)}`
    return `(${name} IS NULL OR ${name} NOT IN (${values.join(', ')}))`
  })
  const leading = leadingKeys(table, rules, new Set([table.name]), []).filter(({ hidden }) => !rules.empty?.(hidden))
  const led = leading.map(({ columns, hidden }, index) => ({
    join: ` LEFT JOIN ${joined(`h${index}`, alias, columns, hidden, rules)}`,
    unmet: `h${index}.${identifier(hidden.to[0] ?? '')} IS NULL`,
  }))
  if (own.length + led.length === 0) return undefined
  return {
    joins: led.map(({ join }) => join).join(''),
    where: [...own, ...led.map(({ unmet }) => unmet)].join(' AND '),
  }
}

/**
 * How the keys of a table's hidden rows are worked out beforehand, in DuckDB: `keys` selects them, with those of `rules` to find them by;
 * `exact` selects whether nothing but those rows has these keys, `set` being what they were put into. It is false where a hidden row has
 * no key, or shares it with one that may be seen: the keys are what was delivered. Undefined where rows are hidden by their own values at most, which takes no join.
 */
export function hiddenRows(
  table: RuledTable,
  { hiddenRows: _prepared, ...rules }: RowRules,
): { keys: string; exact: (set: string) => string } | undefined {
  const visible = visibleRows(table, 't', rules)
  if (!visible?.joins) return undefined
  const { primaryKey } = table
  const names = primaryKey.map((name) => `t.${identifier(name)}`).join(', ')
  const from = `FROM ${rules.everything(table.name)} AS t`
  return {
    // In order, so that of many keys those are passed over that a filter cannot mean.
    keys: `SELECT ${names} ${from}${visible.joins} WHERE NOT (${visible.where}) ORDER BY ${names}`,
    exact: (set) =>
      `SELECT count(*) FILTER (WHERE ${primaryKey.map((name) => `${identifier(name)} IS NULL`).join(' OR ')}) = 0 AND count(*) = ` +
      `(SELECT count(*) ${from} SEMI JOIN ${set} AS h0 ON ${equal('h0', primaryKey, 't', primaryKey)}) FROM ${set}`,
  }
}

const besides = (set: string, key: readonly string[], alias: string): VisibleRows => ({
  joins: ` LEFT JOIN ${set} AS h0 ON ${equal('h0', key, alias, key)}`,
  where: `h0.${identifier(key[0] ?? '')} IS NULL`,
})

const joined = (name: string, alias: string, columns: readonly string[], hidden: HiddenKeys, rules: RowRules) =>
  `${rules.keys(hidden)} AS ${name} ON ${equal(name, hidden.to, alias, columns)}`

const equal = (name: string, keys: readonly string[], alias: string, columns: readonly string[]) =>
  columns
    .map((column, index) => `${name}.${identifier(keys[index] ?? '')} = ${alias}.${identifier(column)}`)
    .join(' AND ')

/** `carried`: roles of the paths by which a row is reached, from wherever they begin; one that does not carry a rule ends it. */
function hiddenValues(table: RuledTable, { inForce }: RowRules, carried: readonly Role[]) {
  return table.columns.flatMap(({ name, type, rowRule }) =>
    rowRule && inForce.has(rowRule.name) && carried.every((role) => rowRule.through?.includes(role) ?? true)
      ? [{ column: name, values: rowRule.hides.map((value) => typedLiteral(type, value)) }]
      : [],
  )
}

const typedLiteral = (type: ColumnType, value: string) =>
  type === 'varchar' ? literal(value) : `CAST(${literal(value)} AS ${type.toUpperCase()})`

/** The columns of a table by which it leads to rows that may be hidden, with the keys of those. */
function leadingKeys(
  table: Pick<RuledTable, 'persons'>,
  rules: RowRules,
  passed: ReadonlySet<string>,
  carried: readonly Role[],
) {
  const found = new Map<string, { columns: string[]; hidden: HiddenKeys }>()
  for (const { role, steps } of table.persons) {
    const [step, ...rest] = steps
    const hidden = step && hiddenKeys(step, { role, steps: rest }, rules, passed, [...carried, role])
    if (step && hidden) found.set(JSON.stringify([step.columns, hidden.branches]), { columns: step.columns, hidden })
  }
  return [...found.values()]
}

/**
 * Keys by which `step` leads to hidden rows of its table: hidden themselves, or by `rest`, what the path goes on with where that is
 * none of the table's own paths.
 */
function hiddenKeys(
  step: Step,
  rest: Path,
  rules: RowRules,
  passed: ReadonlySet<string>,
  carried: readonly Role[],
): HiddenKeys | undefined {
  const table = rules.tables.get(step.table)
  // Of a table that was never delivered there is no row to hide.
  if (!table) return undefined
  const within = new Set([...passed, step.table])
  // Where paths lead round in a circle, a table that was passed goes on as this path does, and not by its own paths again.
  const known = table.persons.some(
    ({ role, steps }) => role === rest.role && rest.steps.every((next, index) => same(next, steps[index])),
  )
  const again = passed.has(step.table)
  const paths = [...(again ? [] : table.persons), ...(known && !again ? [] : [rest])]
  const select = `SELECT DISTINCT ${step.to.map((name) => `s.${identifier(name)}`).join(', ')} FROM ${rules.everything(table.name)} AS s`
  const branches = [
    ...hiddenValues(table, rules, carried).map(
      ({ column, values }) => `${select} WHERE s.${identifier(column)} IN (${values.join(', ')})`,
    ),
    ...leadingKeys({ persons: paths }, rules, within, carried).map(
      ({ columns, hidden }) => `${select} JOIN ${joined('h', 's', columns, hidden, rules)}`,
    ),
  ]
  if (branches.length === 0) return undefined
  return { to: step.to, branches }
}

const same = (one: Step, other: Step | undefined) =>
  other !== undefined &&
  JSON.stringify([one.columns, one.table, one.to]) === JSON.stringify([other.columns, other.table, other.to])
