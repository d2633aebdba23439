import type { Application } from '@muniment/archive/model/types'
import type { Query } from '@muniment/query-templates/types'
import { orderKeys } from '../shared/order-keys.ts'
import type { RecordedColumn, RecordedPanel } from '../shared/search-record.ts'
import { textOrderSql } from '../shared/text-order.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
const ordersItself = /^(integer|bigint|double|boolean|date|timestamp|decimal\b)/

/** The statement in another order, the one that the screen has. */
export function sortedSql(
  sql: string,
  panel: RecordedPanel,
  query: Query | undefined,
  sort: string,
  codeLists: Application['codeLists'],
): string {
  const columns = new Map(panel.columns.map((column) => [column.name, column]))
  const order = orderKeys(panel, query, sort).flatMap(({ column, descending }) =>
    expressionsOf(columns.get(column), column, codeLists).map(
      (expression) => `${expression} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
    ),
  )
  const names = panel.columns.map(({ name }) => quoted(name)).join(', ')
  return `SELECT ${names} FROM (\n${sql}\n) AS found ORDER BY ${order.join(', ')}`
}

function expressionsOf(column: RecordedColumn | undefined, name: string, codeLists: Application['codeLists']) {
  const list = column?.codeList === undefined ? undefined : codeLists[column.codeList]
  if (list && list.values.length > 0) {
    const words = list.values.map(({ code, label }) => `WHEN ${literal(code)} THEN ${literal(label)}`)
    return textOrderSql(`CASE ${quoted(name)} ${words.join(' ')} ELSE ${quoted(name)} END`)
  }
  return column && ordersItself.test(column.type) ? [quoted(name)] : textOrderSql(quoted(name))
}
