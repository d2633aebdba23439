import type { RecordView } from '@muniment/archive/access/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { identifier } from '@muniment/archive/engine/sql-text'
import { ask } from '@muniment/archive/holds/ask'
import type { Table } from '@muniment/archive/model/types'

interface Seeing {
  engine: QueryEngine
  application: string
  table: Table
  key: readonly string[]
  view: Pick<RecordView, 'restrictions'>
}

/** Whether a row with this key is there for who sees it so: one that is hidden and one that is not there are the same. */
export async function isSeen({ engine, application, table, key, view }: Seeing): Promise<boolean> {
  const masked = view.restrictions.masks.some(
    (mask) => mask.table === table.name && table.primaryKey.includes(mask.column),
  )
  if (masked) return false
  const where = table.primaryKey.map((name) => `CAST(${identifier(name)} AS varchar) = ?`).join(' AND ')
  const values = key.map((value) => ({ type: 'varchar', value }))
  const sql = `SELECT 1 AS found FROM ${identifier(table.name)} WHERE ${where} ORDER BY 1`
  const { rows } = await ask({ engine, application, restrictions: view.restrictions }, sql, values, 1)
  return rows.length > 0
}
