import { athenaLiteral } from '@muniment/archive/engine/athena/athena-literal'
import type { Application, ColumnType, Table } from '@muniment/archive/model/types'
import type { ColumnCondition } from './types.ts'

export const isMoment = (type: ColumnType) => type === 'date' || type === 'timestamp'
const isOrdered = (type: ColumnType) => isMoment(type) || /^(integer|bigint|double|decimal)/.test(type)

/** What is wrong with a condition on a column that exists, as sentences. */
export function checkCondition(
  condition: ColumnCondition,
  type: ColumnType,
  table: Table,
  model: Application,
): string[] {
  const { column, in: within, notIn, moreThan, lessThan, youngerThan, present } = condition
  const name = `"${table.name}.${column}"`
  const found: string[] = []
  const values = [...(within ?? []), ...(notIn ?? [])]
  const bounds = [moreThan, lessThan].filter((value) => value !== undefined)
  if (values.length === 0 && bounds.length === 0 && youngerThan === undefined && present === undefined)
    found.push(`Nothing is said of ${name}.`)
  for (const value of [...values, ...bounds])
    if (!isValue(type, value)) found.push(`${name} is ${type}, and "${value}" is none.`)
  if (bounds.length > 0 && !isOrdered(type)) found.push(`${name} is ${type}, which is not more or less than anything.`)
  if (values.length > 0 && type === 'double') found.push(`${name} is double: it is equal to nothing for certain.`)
  if (youngerThan !== undefined && !isMoment(type)) found.push(`${name} is ${type}, and only a date can be younger.`)
  const list = table.columns.find((candidate) => candidate.name === column)?.codeList
  const codes = list === undefined ? undefined : model.codeLists[list]?.values.map(({ code }) => code)
  for (const value of codes ? values : [])
    if (!codes?.includes(value)) found.push(`"${value}" is no code of ${name}: ${codes?.slice(0, 20).join(', ')}.`)
  return found
}

function isValue(type: ColumnType, value: string): boolean {
  try {
    athenaLiteral({ type, value })
    return true
  } catch {
    return false
  }
}
