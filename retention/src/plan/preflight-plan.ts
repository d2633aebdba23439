import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import type { RetentionDeps } from '../deps.ts'
import type { Plan } from '../run/types.ts'
import { readSchedules } from '../schedule/versions.ts'
import { localDay } from './days.ts'
import { freeze } from './frozen.ts'

/** Days after which a plan is too old to be approved or begun. */
export const PLAN_DAYS = 30
const DAY = 86_400_000
/** Milliseconds by which clocks of several machines may differ. */
const SKEW = 5 * 60_000

/**
 * Why a plan may not be begun, as sentences; none: it may. A new hold is no reason: what it covers drops out when objects are decided. For
 * before the run's first decision: afterwards its own rewrites are what changed.
 */
export async function preflightPlan(
  deps: Pick<RetentionDeps, 'store' | 'catalog' | 'loadModel' | 'clock'>,
  plan: Plan,
): Promise<string[]> {
  const reasons: string[] = []
  const now = deps.clock()
  const age = now.getTime() - Date.parse(plan.planned)
  if (!(age >= -SKEW)) reasons.push(`The plan is of ${plan.planned}, and the clock of this machine says ${tell(now)}.`)
  if (!(age <= PLAN_DAYS * DAY)) reasons.push(`The plan is more than ${PLAN_DAYS} days old: plan again.`)
  const { application, domain } = plan
  const before = reasons.length
  try {
    const schedules = await readSchedules(deps.store, application, domain)
    if (!schedules || schedules.hash !== plan.schedules.sha256 || schedules.number !== plan.schedules.version)
      reasons.push(`Other schedules are in force than version ${plan.schedules.version}, by which it was planned.`)
    const model = await deps.loadModel(application)
    if (sha256Hex(canonicalJson(model)) !== plan.model) reasons.push('The model of the application changed since.')
    if (!(plan.asOf <= localDay(now, model.timeZone))) reasons.push(`${plan.asOf} is still to come.`)
    if (reasons.length > before) return reasons
    const frozen = await freeze(deps, application, domain)
    if (frozen.statementsHash !== plan.statements)
      reasons.push('Something was said of a record since: a statement is new.')
    if (frozen.ledger !== plan.ledger) reasons.push('Something was loaded or destroyed since.')
    if (frozen.catalog.version !== plan.catalog) reasons.push('The catalog names other objects or columns than then.')
    const objects = new Map(frozen.catalog.tables.flatMap((table) => table.objects).map((one) => [one.key, one]))
    const changed = plan.objects.filter(({ key, etag, rows }) => {
      const found = objects.get(key)
      return found?.etag !== etag || found.rows !== rows
    })
    if (changed.length > 0)
      reasons.push(`${changed.length} of its ${plan.objects.length} objects are not as they were.`)
    for (const table of new Set(plan.objects.map((one) => one.table)))
      if (!plan.lists[table]) reasons.push(`It has no list for ${table}.`)
  } catch (error) {
    // Whatever cannot be read is a reason, and never an assurance.
    reasons.push(error instanceof Error ? error.message : 'Something that it depends on cannot be read.')
  }
  return reasons
}

const tell = (at: Date) => (Number.isNaN(at.getTime()) ? 'no time' : at.toISOString())
