import type { AuditLog } from '@muniment/archive/audit/port'
import type { LoadOutcome, LoadSealed } from '@muniment/ingest/ingest'
import { commandActor } from './logged.ts'

/** A load is in the log, with the root of its seal, before anything of it is visible; one that was refused is in it too. */
export async function loggedLoad(
  audit: AuditLog,
  application: string,
  load: (sealed: (seal: LoadSealed) => Promise<void>) => Promise<LoadOutcome>,
): Promise<LoadOutcome> {
  const actor = await commandActor()
  let entry: string | undefined
  let outcome: LoadOutcome
  try {
    outcome = await load(async ({ load, root, deliveryHash, modelHash, rows }) => {
      const subject = { application, load, root, deliveryHash, modelHash, rows }
      entry = await audit.open({ action: 'load', actor, subject })
    })
  } catch (error) {
    if (entry === undefined)
      await audit.note({ action: 'load', actor, subject: { application } }, { outcome: 'failed' })
    else await audit.close(entry, { outcome: 'failed' })
    throw error
  }
  const tables = Object.entries(outcome.tables)
  const rows = tables.reduce((sum, [, { written }]) => sum + written, 0)
  const detail = {
    load: outcome.load,
    state: outcome.state,
    rowsByTable: tables.map(([name, { written }]) => `${name} ${written}`),
  }
  if (entry !== undefined) await audit.close(entry, { outcome: 'done', rows, detail })
  else {
    const opening = { action: 'load' as const, actor, subject: { application, load: outcome.load } }
    await audit.note(opening, { outcome: outcome.state === 'refused' ? 'refused' : 'done', rows, detail })
  }
  return outcome
}
