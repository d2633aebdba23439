import { createHash, randomUUID } from 'node:crypto'
import type { BoundValue, QueryEngine, Restrictions, Row } from '../engine/port.ts'
import { InputError, OperatorError } from '../errors.ts'

/** Milliseconds that one statement may take. */
const TIME_LIMIT = 30 * 60_000
const MOST_TRIES = 3

export interface Asked {
  rows: Row[]
  /** There were more than were asked for. */
  more: boolean
}

export interface Asker {
  engine: QueryEngine
  application: string
  /** Whoever asks may see no more than this; absent: the archive itself. */
  restrictions?: Restrictions | undefined
}

/** Rows of a statement, at most `limit`. Throws InputError where its values are none, OperatorError where the engine fails. */
export async function ask(
  { engine, application, restrictions }: Asker,
  sql: string,
  values: BoundValue[],
  limit: number,
): Promise<Asked> {
  for (let tries = 1; ; tries++) {
    const id = await engine.start(
      { application, sql, values, ...(restrictions && { restrictions }) },
      {
        token: createHash('sha256').update(randomUUID()).digest('hex'),
        lane: 'export',
        person: 'holds',
        timeLimit: TIME_LIMIT,
        rowLimit: limit,
      },
    )
    let execution = await engine.wait(id, 60_000)
    while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 60_000)
    if (execution.state === 'SUCCEEDED' && execution.result) {
      const rows: Row[] = []
      for await (const batch of engine.rows(id)) rows.push(...batch)
      return { rows, more: execution.result.more }
    }
    const { error } = execution
    // Records were replaced under it: what it would have given is asked of those that there are now.
    if (error?.kind === 'changed' && tries < MOST_TRIES) {
      await engine.refresh(application)
      continue
    }
    if (error?.kind === 'user' || error?.kind === 'masked') throw new InputError(error.message)
    throw new OperatorError(`What belongs to a hold could not be found: ${error?.message ?? execution.state}`)
  }
}
