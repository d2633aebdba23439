import type { AuditLog } from '@muniment/archive/audit/port'
import { TemplateError } from '@muniment/archive/errors'
import { schedulesKey } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { checkSchedules } from './check-schedules.ts'
import type { DomainSchedules } from './types.ts'
import { readSchedules, type StoredSchedules, schedulesText } from './versions.ts'

/**
 * Puts the schedules that come with a setting in force where there are none yet; else leaves what there is. Gives the version in force.
 * `by` names where they came from: "sample", or the operator's file. Throws TemplateError where they would not do.
 */
export async function firstSchedules(
  { store, audit, clock }: { store: ObjectStore; audit?: AuditLog | undefined; clock: () => Date },
  schedules: DomainSchedules,
  { model, reason, by }: { model: Application; reason: string; by: string },
): Promise<StoredSchedules> {
  const { application, domain } = schedules
  const there = await readSchedules(store, application, domain)
  if (there) return there
  refuseFindings(checkSchedules(schedules, model))
  const signed = { by, at: clock().toISOString(), groups: [] }
  const entry = await audit?.open({
    action: 'schedules-change',
    actor: { id: by, roles: [], groups: [], rules: 0 },
    subject: { application, domain, version: 1 },
  })
  try {
    await store.create(
      schedulesKey(application, domain, 1),
      schedulesText({ number: 1, schedules, reason, proposed: signed }),
    )
  } catch (error) {
    if (!(error instanceof ConflictError)) {
      if (entry !== undefined) await audit?.close(entry, { outcome: 'failed' })
      throw error
    }
  }
  const stands = await readSchedules(store, application, domain)
  if (!stands) throw new Error('The schedules that were just written are not there.')
  if (entry !== undefined) await audit?.close(entry, { outcome: 'done', detail: { hash: stands.hash } })
  return stands
}

/** Throws TemplateError with `detail.findings` where there are any. */
export function refuseFindings(findings: readonly { message: string }[]): void {
  const [first] = findings
  if (!first) return
  const more = findings.length === 1 ? '' : ` There are ${findings.length - 1} more.`
  throw new TemplateError(`These retention schedules would not do: ${first.message}${more}`, { detail: { findings } })
}
