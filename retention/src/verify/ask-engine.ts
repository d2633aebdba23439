import { randomUUID } from 'node:crypto'
import type { BoundValue, QueryEngine } from '@muniment/archive/engine/port'
import { OperatorError } from '@muniment/archive/errors'
import type { Table } from '@muniment/archive/model/types'

const AT_ONCE = 400

/** How many of these keys the engine still finds in a table. Throws OperatorError where it does not answer. */
export async function keysFound(
  engine: QueryEngine,
  application: string,
  table: Table,
  keys: readonly string[][],
): Promise<number> {
  const columns = table.primaryKey.map((name) => ({
    name,
    type: table.columns.find((column) => column.name === name)?.type ?? 'varchar',
  }))
  const [first] = columns
  if (!first) throw new OperatorError(`${table.name} has no key.`)
  let found = 0
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE)
    const wanted = new Set(some.map((key) => JSON.stringify(key)))
    const values = [...new Set(some.map(([value]) => value ?? ''))].map(
      (value): BoundValue => ({ type: first.type, value }),
    )
    const sql = `SELECT ${columns.map(({ name }) => `"${name}"`).join(', ')} FROM ${table.name} WHERE "${first.name}" IN (${values.map(() => '?').join(', ')})`
    const id = await engine.start(
      { application, sql, values },
      { token: randomUUID(), lane: 'export', person: 'retention', timeLimit: 600_000, rowLimit: 5_000_000 },
    )
    let execution = await engine.wait(id, 10_000)
    while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 10_000)
    if (execution.state !== 'SUCCEEDED' || execution.result?.more)
      throw new OperatorError(
        `The engine could not be asked for destroyed keys of ${table.name}: ${execution.error?.kind ?? execution.state}.`,
      )
    for await (const rows of engine.rows(id)) for (const row of rows) if (wanted.has(JSON.stringify(row))) found++
  }
  return found
}
