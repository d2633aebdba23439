import type { Statement } from '@muniment/archive/engine/port'
import type { StatementReading } from '@muniment/archive/engine/reading'
import type { Application } from '@muniment/archive/model/types'
import type { Query } from '@muniment/query-templates/types'
import { orderKeys } from '../shared/order-keys.ts'
import type { RecordedColumn, RecordedPanel } from '../shared/search-record.ts'
import { textOrderSql } from '../shared/text-order.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
const ordersItself = /^(integer|bigint|double|boolean|date|timestamp|decimal\b)/

type Asked = Pick<Statement, 'sql' | 'values' | 'reading'>

/** The statement in another order, the one that the screen has. */
export function sorted(
  { sql, values, reading }: Asked,
  panel: RecordedPanel,
  query: Query | undefined,
  sort: string,
  codeLists: Application['codeLists'],
): Asked {
  const columns = new Map(panel.columns.map((column) => [column.name, column]))
  const order = orderKeys(panel, query, sort).flatMap(({ column, descending }) =>
    expressionsOf(columns.get(column), column, codeLists).map(
      (expression) => `${expression} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
    ),
  )
  const names = panel.columns.map(({ name }) => name)
  return {
    sql: `SELECT ${names.map(quoted).join(', ')} FROM (\n${sql}\n) AS found ORDER BY ${order.join(', ')}`,
    values,
    // The whole result goes by it and loses no row: the order chooses none.
    ...(reading && { reading: { ...reading, columns: names.map((name) => columnRead(reading, name)) } }),
  }
}

const columnRead = ({ columns }: StatementReading, name: string) =>
  columns.find((column) => column.name === name) ?? { name, of: [] }

function expressionsOf(column: RecordedColumn | undefined, name: string, codeLists: Application['codeLists']) {
  const list = column?.codeList === undefined ? undefined : codeLists[column.codeList]
  if (list && list.values.length > 0) {
    const words = list.values.map(({ code, label }) => `WHEN ${literal(code)} THEN ${literal(label)}`)
    return textOrderSql(`CASE ${quoted(name)} ${words.join(' ')} ELSE ${quoted(name)} END`)
  }
  return column && ordersItself.test(column.type) ? [quoted(name)] : textOrderSql(quoted(name))
}
