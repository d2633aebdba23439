import { sha256Hex } from '@muniment/archive/audit/canonical'
import type { Actor } from '@muniment/archive/audit/port'
import { OperatorError } from '@muniment/archive/errors'
import { type HeldCheck, heldBy } from '@muniment/archive/holds/held-by'
import { schedulesKey } from '@muniment/archive/layout'
import type { SealSecrets } from '@muniment/archive/seals/secrets'
import type { RetentionDeps } from '../deps.ts'
import type { Plan } from '../run/types.ts'
import { SchedulesVersion } from '../schedule/versions.ts'

/** What executing a run works with besides what all of retention has. */
export interface ExecuteDeps extends RetentionDeps {
  /** Absent where loads were never sealed: then no leaf hashes are kept. */
  sealSecrets?: SealSecrets
  /** Reads the hold register itself, each time it is called. */
  held?: (application: string) => Promise<HeldCheck>
  /** Of each class of the plan's schedules its own table; by default from the version that the plan names. */
  classTables?: (plan: Plan) => Promise<ReadonlyMap<string, string>>
  /** Reasons why the plan may not be carried out (any more), asked once before it begins; preflightPlan by default. */
  preflight?: (plan: Plan) => Promise<string[]>
  /** Who acts, as the log is to have it; absent: the run itself. */
  actor?: Actor
  /** Bytes free where `work` lies; for tests. */
  freeBytes?: () => Promise<number>
}

export const heldNow = (deps: ExecuteDeps, application: string): Promise<HeldCheck> =>
  (deps.held ?? ((name: string) => heldBy(deps.store, name, deps.clock)))(application)

export const RUN_ACTOR: Actor = { id: 'retention', roles: [], groups: [], rules: 0 }

/** The schedules by which a run was planned. Throws OperatorError where they are not there as they were. */
export async function plannedSchedules({ store }: Pick<ExecuteDeps, 'store'>, plan: Plan): Promise<SchedulesVersion> {
  const key = schedulesKey(plan.application, plan.domain, plan.schedules.version)
  const object = await store.get(key)
  const broken = (cause?: unknown) =>
    new OperatorError(
      `${key}, by which run ${plan.run} was planned, is not there as it was; nothing is destroyed by it.`,
      { cause },
    )
  if (!object || sha256Hex(object.body) !== plan.schedules.sha256) throw broken()
  try {
    const { digest: _, ...version } = JSON.parse(object.body.toString())
    return SchedulesVersion.parse(version)
  } catch (error) {
    throw broken(error)
  }
}

export async function classTables(deps: ExecuteDeps, plan: Plan): Promise<ReadonlyMap<string, string>> {
  if (deps.classTables) return deps.classTables(plan)
  const { schedules } = await plannedSchedules(deps, plan)
  return new Map(schedules.classes.map(({ name, table }) => [name, table]))
}
