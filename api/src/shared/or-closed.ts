import type { AuditLog } from '@muniment/archive/audit/port'
import type { Logger } from 'pino'
import { logFault, newIncident } from './problem.ts'

/** Does what an entry was opened for; where that fails, the entry is closed as failed and the failure goes on. */
export async function orClosed<T>(
  { audit, log }: { audit: AuditLog; log: Logger },
  entry: string,
  act: () => T | Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    // What was opened and never closed is closed by the next upkeep.
    await audit
      .close(entry, { outcome: 'failed' })
      .catch((unwritten: unknown) => logFault(log, newIncident(), unwritten, { entry }))
    throw error
  }
}
