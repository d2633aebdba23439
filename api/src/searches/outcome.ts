import { createHash } from 'node:crypto'
import type { Execution, QueryEngine } from '@muniment/archive/engine/port'
import type { Problem } from '../contract.ts'
import { newIncident, problem } from '../shared/problem.ts'
import type { PanelResult } from '../shared/results.ts'
import type { PanelOutcome, RecordedPanel } from '../shared/search-record.ts'

/** What an ended execution came to, with its rows when it succeeded. */
export async function outcomeOf(
  engine: QueryEngine,
  panel: RecordedPanel,
  execution: Execution,
  chosenByMasked: (columns: readonly string[]) => Problem,
): Promise<{ outcome: PanelOutcome; result?: PanelResult }> {
  const { bytesScanned, queueMs, engineMs } = execution.statistics
  const statistics = { bytesScanned, queueMs, engineMs }
  if (execution.state === 'CANCELLED') return { outcome: { state: 'cancelled', ...statistics } }
  if (execution.state !== 'SUCCEEDED' || !execution.result) return { outcome: failed(execution, chosenByMasked) }

  const { columns, more } = execution.result
  const absent = panel.columns.filter(({ name }) => !columns.some((column) => column.name === name))
  if (absent.length > 0) {
    const names = absent.map(({ name }) => name).join(', ')
    const detail = `The query of "${panel.title}" gives no ${names}, which it declares. Whoever writes the templates can mend it.`
    return { outcome: { state: 'failed', ...statistics, problem: problem('template-fault', detail) } }
  }

  const rows: PanelResult['rows'] = []
  const hash = createHash('sha256')
  for await (const batch of engine.rows(execution.id)) {
    let text = ''
    for (const row of batch) {
      rows.push(row)
      text += `${JSON.stringify(row)}\n`
    }
    hash.update(text)
  }
  const outcome = { state: 'done' as const, rows: rows.length, more, resultHash: hash.digest('hex'), ...statistics }
  return { outcome, result: { columns, rows } }
}

function failed(
  { error, statistics }: Execution,
  chosenByMasked: (columns: readonly string[]) => Problem,
): PanelOutcome {
  const { bytesScanned, queueMs, engineMs } = statistics
  return {
    state: 'failed',
    bytesScanned,
    queueMs,
    engineMs,
    problem: error?.kind === 'masked' ? chosenByMasked(error.columns ?? []) : failureProblem(error),
    ...(error && { engineMessage: error.message }),
  }
}

/** What the engine says of limits and of itself is written for the person who searches; of a statement, for its author. */
function failureProblem(error: Execution['error']): Problem {
  switch (error?.kind) {
    case 'user': {
      const detail =
        'The archive could not answer this as it was asked. Check what was typed; if it is right, tell whoever writes the templates.'
      return problem('query-failed', detail)
    }
    case 'limit':
      return problem('over-limit', error.message)
    case 'changed':
      return problem('changed', error.message)
    default: {
      const detail = error?.message ?? 'The part that reads the archive stopped in the middle. Run the search again.'
      return problem('interrupted', detail, { instance: newIncident() })
    }
  }
}
