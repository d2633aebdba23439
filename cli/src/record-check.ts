import { randomBytes } from 'node:crypto'
import { identified } from '@muniment/archive/access/record-view'
import type { QueryEngine, Restrictions } from '@muniment/archive/engine/port'
import { InputError, OperatorError } from '@muniment/archive/errors'
import type { Application, Table } from '@muniment/archive/model/types'

const LIMITS = { lane: 'search', person: 'command line', timeLimit: 60_000, rowLimit: 1 } as const

async function count(
  engine: QueryEngine,
  application: string,
  table: Table,
  key: string[],
  restrictions?: Restrictions,
) {
  const values = table.primaryKey.map((name, index) => ({
    type: table.columns.find((column) => column.name === name)?.type ?? 'varchar',
    value: key[index] ?? null,
  }))
  const sql = `SELECT count(*) AS n FROM ${table.name} WHERE ${table.primaryKey.map((name) => `${name} = ?`).join(' AND ')}`
  const statement = { application, sql, values, ...(restrictions && { restrictions }) }
  const id = await engine.start(statement, { token: randomBytes(20).toString('hex'), ...LIMITS })
  let execution = await engine.wait(id, LIMITS.timeLimit)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING')
    execution = await engine.wait(id, LIMITS.timeLimit)
  if (execution.state !== 'SUCCEEDED')
    throw new OperatorError(execution.error?.message ?? 'The record could not be looked up.')
  for await (const rows of engine.rows(id)) return Number(rows[0]?.[0] ?? 0)
  return 0
}

/** Whether there is such a record, and which of these row rules hide it. For the archivist, who may see that it is there. */
export async function checkRecord(
  engine: QueryEngine,
  model: Application,
  tableName: string,
  key: string[],
  rowRules: readonly string[],
): Promise<{ exists: boolean; hiddenBy: string[] }> {
  const table = model.tables.find(({ name }) => name === tableName)
  if (!table || key.length !== table.primaryKey.length)
    throw new InputError(
      `A record of ${tableName} is named by ${table?.primaryKey.join(', ') ?? 'its key'}, with commas between.`,
    )
  if ((await count(engine, model.name, table, key)) === 0) return { exists: false, hiddenBy: [] }
  const hiddenBy: string[] = []
  for (const rule of rowRules) {
    const restrictions = identified({
      tables: model.tables.map(({ name }) => name).sort(),
      masks: [],
      rowRules: [rule],
    })
    if ((await count(engine, model.name, table, key, restrictions)) === 0) hiddenBy.push(rule)
  }
  return { exists: true, hiddenBy }
}
