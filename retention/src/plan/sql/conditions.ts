import type { ColumnType, Table } from '@muniment/archive/model/types'
import type { ColumnCondition } from '../../schedule/types.ts'
import { reaches } from './dates.ts'
import { type Bound, column, every } from './text.ts'

export interface Reckoning {
  bound: Bound
  /** YYYY-MM-DD. */
  asOf: string
  plausible: { from: string; to: string }
}

export const typeOf = (table: Table, name: string): ColumnType => {
  const found = table.columns.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`${table.name} has no column ${name}.`)
  return found.type
}

const isMoment = (type: ColumnType) => type === 'date' || type === 'timestamp'

/** The column as a date; NULL where it is missing or nobody can have meant it. */
export function plausibleDate(alias: string, table: Table, name: string, { bound, plausible }: Reckoning): string {
  const date = asDate(alias, table, name)
  const [from, to] = [bound.value('date', plausible.from), bound.value('date', plausible.to)]
  return `CASE WHEN ${date} BETWEEN ${from} AND ${to} THEN ${date} END`
}

export const asDate = (alias: string, table: Table, name: string): string =>
  typeOf(table, name) === 'timestamp' ? `CAST(${column(alias, name)} AS date)` : column(alias, name)

/** True, false, or NULL where it cannot be known. */
export function conditionsOn(
  alias: string,
  table: Table,
  conditions: readonly ColumnCondition[],
  reckoning: Reckoning,
): string {
  return every(conditions.map((condition) => `(${conditionOn(alias, table, condition, reckoning)})`))
}

function conditionOn(alias: string, table: Table, condition: ColumnCondition, reckoning: Reckoning): string {
  const { bound } = reckoning
  const type = typeOf(table, condition.column)
  const raw = column(alias, condition.column)
  const value = (text: string) => bound.value(type, text)
  const list = (texts: readonly string[]) => texts.map(value).join(', ')
  const parts: string[] = []
  if (condition.present !== undefined) parts.push(`${raw} IS ${condition.present ? 'NOT ' : ''}NULL`)
  if (condition.in) parts.push(`${raw} IN (${list(condition.in)})`)
  if (condition.notIn) parts.push(`${raw} NOT IN (${list(condition.notIn)})`)
  const { from, to } = reckoning.plausible
  const sound = isMoment(type)
    ? `CASE WHEN ${asDate(alias, table, condition.column)} BETWEEN ${bound.value('date', from)} AND ${bound.value('date', to)} THEN ${raw} END`
    : raw
  if (condition.moreThan !== undefined) parts.push(`${sound} > ${value(condition.moreThan)}`)
  if (condition.lessThan !== undefined) parts.push(`${sound} < ${value(condition.lessThan)}`)
  if (condition.youngerThan !== undefined) {
    const date = plausibleDate(alias, table, condition.column, reckoning)
    parts.push(`${reaches(condition.youngerThan, `(${date})`)} > ${bound.value('date', reckoning.asOf)}`)
  }
  return every(parts.map((part) => `(${part})`))
}
