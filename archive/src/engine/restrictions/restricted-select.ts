import type { ColumnType } from '../../model/types.ts'
import type { Restrictions } from '../port.ts'
import { identifier, literal } from '../sql-text.ts'
import { type RowRules, type RuledTable, visibleRows } from './visible-rows.ts'

/** Stands before the characters that stay readable, however many there were. */
export const concealed = '•••• '

/**
 * A table as somebody under restrictions sees it: one SELECT that any engine reads, to stand for the table wherever a statement names
 * it (a view in DuckDB, a WITH query in Athena). `ruled` says whether rows may be missing from it. `from` is the table with all its rows,
 * `named` the columns that are asked of it.
 */
export function restrictedSelect(
  table: RuledTable,
  masks: Restrictions['masks'],
  rules: RowRules,
  from = rules.everything(table.name),
  named?: ReadonlySet<string>,
): { sql: string; ruled: boolean } {
  const asked = table.columns.filter(({ name }) => named?.has(name) ?? true)
  const columns = asked.map(({ name, type, partly }) => {
    const masked = masks.filter((mask) => mask.table === table.name && mask.column === name)
    if (masked.length === 0) return `t.${identifier(name)}`
    const last = masked.every(({ mask }) => mask === 'partial') && type === 'varchar' ? partly?.last : undefined
    return `${last === undefined ? hidden(type) : partial(`t.${identifier(name)}`, last)} AS ${identifier(name)}`
  })
  const rows = visibleRows(table, 't', rules)
  const where = rows === undefined ? '' : `${rows.joins} WHERE ${rows.where}`
  return {
    sql: `SELECT ${columns.join(', ')} FROM ${from} AS t${where}`,
    ruled: rows !== undefined,
  }
}

const hidden = (type: ColumnType) => `CAST(NULL AS ${type.toUpperCase()})`

/** A text that is no longer than what stays readable is hidden as a whole. */
const partial = (column: string, last: number) =>
  `CASE WHEN length(${column}) > ${last} THEN ${literal(concealed)} || substr(${column}, length(${column}) - ${last - 1}) END`
