import { randomUUID } from 'node:crypto'
import type { FailureKind, QueryEngine, ResultColumn, Row, Statement } from '@muniment/archive/engine/port'

/** What an engine says to a statement. */
export interface Answer {
  columns: ResultColumn[]
  rows: Row[]
  more: boolean
  bytesScanned: number
  failure?: { kind: FailureKind; columns: string[]; message: string }
}

const options = (lane: 'search' | 'export') =>
  ({ token: `agree-${randomUUID()}`, lane, person: 'agree', timeLimit: 120_000, rowLimit: 10_000 }) as const

/** Runs a statement to its end, as a panel does. */
export async function ask(engine: QueryEngine, statement: Statement): Promise<Answer> {
  const id = await engine.start(statement, options('search'))
  let execution = await engine.wait(id, 1000)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 1000)
  const { state, result, error, statistics } = execution
  const { bytesScanned } = statistics
  if (state !== 'SUCCEEDED' || !result) {
    const { kind = 'system', columns = [], message = state } = error ?? {}
    return { columns: [], rows: [], more: false, bytesScanned, failure: { kind, columns, message } }
  }
  const rows: Row[] = []
  for await (const batch of engine.rows(id)) rows.push(...batch)
  return { columns: result.columns, rows, more: result.more, bytesScanned }
}

const spelt = ({ name, type, masked, from }: ResultColumn) => JSON.stringify([name, type, masked ?? '', from ?? ''])

/** In what two answers are not the same, whatever was read for them, the first thing only; undefined where they are. Failures are the same by their kind. */
export function difference(embedded: Answer, athena: Answer): string | undefined {
  const [one, other] = [kindOf(embedded), kindOf(athena)]
  if (one !== other) return `embedded: ${one}; Athena: ${other}`
  if (embedded.columns.length !== athena.columns.length)
    return `${embedded.columns.length} columns embedded, ${athena.columns.length} of Athena`
  for (const [index, column] of embedded.columns.entries()) {
    const found = athena.columns[index]
    if (!found || spelt(column) !== spelt(found))
      return `column ${index + 1} (name, type, mask, source): embedded ${spelt(column)}, Athena ${found && spelt(found)}`
  }
  for (const [index, row] of embedded.rows.entries()) {
    const found = athena.rows[index]
    const at = found ? row.findIndex((value, place) => value !== found[place]) : 0
    if (found && row.length === found.length && at < 0) continue
    const name = embedded.columns[at]?.name
    return `row ${index + 1}, ${name}: embedded ${JSON.stringify(row[at])}, Athena ${found ? JSON.stringify(found[at]) : 'has no such row'}`
  }
  if (embedded.rows.length !== athena.rows.length)
    return `${embedded.rows.length} rows embedded, ${athena.rows.length} of Athena`
  return embedded.more === athena.more ? undefined : `more rows: embedded ${embedded.more}, Athena ${athena.more}`
}

const kindOf = ({ failure }: Answer): string =>
  failure ? `fails (${[failure.kind, ...failure.columns].join(' ')})` : 'answers'
