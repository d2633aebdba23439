import type { Execution } from '@muniment/archive/engine/port'
import { OperatorError, TemplateError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import type { Logger } from 'pino'
import { ProblemError } from '../errors.ts'
import { maskedChoice } from '../shared/masked-choice.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import type { ExportRecord } from './export-record.ts'

export class UnloadError extends OperatorError {
  readonly execution: Execution
  constructor(execution: Execution) {
    super('The engine ended the export.')
    this.execution = execution
  }
}

/** What whoever waits for the file is told. */
export function problemOf(error: unknown, record: ExportRecord, application: Application, log: Logger) {
  const failure = error instanceof UnloadError ? error.execution.error : undefined
  if (failure?.kind === 'limit') return problem('over-limit', failure.message)
  if (failure?.kind === 'changed') return problem('changed', 'Records were replaced meanwhile. Export again.')
  if (failure?.kind === 'masked')
    return maskedChoice('export', failure.columns ?? [], application, record.inForce?.contact)
  if (error instanceof ProblemError) return problem(error.kind, error.message)
  const instance = newIncident()
  logFault(log, instance, error, { export: record.id })
  const ofQuery = failure?.kind === 'user' || error instanceof TemplateError
  const what = ofQuery ? 'The query could not be carried out.' : 'The file could not be written.'
  return problem(
    'failed',
    `${what} Nothing was kept of it. Export again; if it fails again, tell whoever runs the archive the id below.`,
    { instance },
  )
}

/** Rows that one export may have at most. */
export interface MostRows {
  /** More rows need a right that the person lacks. */
  mostRows?: number
  /** Rows that are left of the day, where it is not known before how many there are. */
  mostToday?: number
}

export const rowLimitOf = ({ mostRows, mostToday }: MostRows): number =>
  Math.min(mostRows ?? Number.MAX_SAFE_INTEGER, mostToday ?? Number.MAX_SAFE_INTEGER)

/** For an export that would have had more. */
export function tooMany(most: MostRows, contact = 'Ask whoever keeps the access rules.'): ProblemError {
  const rows = rowLimitOf(most)
  const count = rows.toLocaleString('en')
  if (rows === most.mostRows) {
    return new ProblemError('refused', `You may export ${count} rows at a time; this has more. ${contact}`)
  }
  return new ProblemError(
    'over-limit-person',
    `You may export ${count} more rows today (until midnight UTC); this has more. ${contact}`,
  )
}
