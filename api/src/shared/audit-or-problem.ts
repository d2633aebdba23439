import type { AuditLog } from '@muniment/archive/audit/port'
import type { Logger } from 'pino'
import { ProblemError } from '../errors.ts'
import { logFault, newIncident } from './problem.ts'

/** The log as the API uses it: where it cannot be written, whoever asked is told so, and that nothing was done. */
export function auditOrProblem(audit: AuditLog, log: Logger): AuditLog {
  async function told<T>(write: Promise<T>): Promise<T> {
    try {
      return await write
    } catch (cause) {
      const instance = newIncident()
      logFault(log, instance, cause, { audit: 'unwritable' })
      const detail =
        'The audit log cannot be written, and nothing is done or shown that would not stand in it. ' +
        'Try again in a moment; if it stays so, tell whoever runs the archive the id below.'
      throw new ProblemError('log-unavailable', detail, { cause, instance, headers: { 'Retry-After': '5' } })
    }
  }
  return {
    open: (opening) => told(audit.open(opening)),
    close: (id, closing) => told(audit.close(id, closing)),
    note: (opening, closing) => told(audit.note(opening, closing)),
  }
}
