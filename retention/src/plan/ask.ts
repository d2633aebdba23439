import { randomBytes } from 'node:crypto'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import type { Execution, Row, Statement } from '@muniment/archive/engine/port'
import { OperatorError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import type { RetentionDeps } from '../deps.ts'
import type { Query } from './sql/text.ts'

/** Milliseconds that one statement may take. */
const TIME_LIMIT = 6 * 3_600_000
const WAIT = 60_000

/** What records were read was not the catalog that the plan is made by. */
export class ChangedError extends OperatorError {}

export interface Asker {
  engine: RetentionDeps['engine']
  model: Application
  /** Version of the catalog that answers must be of. */
  version: string
}

async function statementOf({ engine, model }: Asker, { sql, values }: Query): Promise<Statement> {
  const statement: Statement = { application: model.name, sql, values, places: true }
  // An engine without a translator of its own is told what is read.
  return engine.reading ? statement : { ...statement, reading: await readStatement(statement, model) }
}

const startOptions = (rowLimit: number) => ({
  token: randomBytes(32).toString('hex'),
  lane: 'export' as const,
  person: 'retention',
  timeLimit: TIME_LIMIT,
  rowLimit,
})

async function ended({ engine, version }: Asker, id: string): Promise<Execution> {
  let execution = await engine.wait(id, WAIT)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, WAIT)
  const { state, error, catalogVersion } = execution
  if (error?.kind === 'changed') throw new ChangedError('Records were replaced while they were read.')
  if (state !== 'SUCCEEDED' || !execution.result)
    throw new OperatorError(`What falls due could not be worked out: ${error?.message ?? state}`)
  if (catalogVersion !== undefined && catalogVersion !== version)
    throw new ChangedError('The catalog changed while records were read.')
  return execution
}

/** All rows; there may be `most` of them. */
export async function rowsOf(asker: Asker, query: Query, most = 100_000): Promise<Row[]> {
  const id = await asker.engine.start(await statementOf(asker, query), startOptions(most))
  const { result } = await ended(asker, id)
  if (result?.more) throw new OperatorError(`There are more than ${most} rows where a few were expected.`)
  const rows: Row[] = []
  for await (const batch of asker.engine.rows(id)) rows.push(...batch)
  if (rows.length !== result?.rows) throw new OperatorError('Rows of an answer are missing.')
  return rows
}

/** Writes all rows into `result.parquet` below an empty folder; gives how many there are. */
export async function unloaded(
  asker: Asker,
  query: Query,
  folder: string,
  columns: readonly string[],
): Promise<number> {
  const target = { folder, format: 'parquet' as const, columns: columns.map((name) => ({ name, heading: name })) }
  const id = await asker.engine.unload(await statementOf(asker, query), target, startOptions(Number.MAX_SAFE_INTEGER))
  const { result } = await ended(asker, id)
  if (!result || result.more) throw new OperatorError('A list was not written to its end.')
  return result.rows
}
