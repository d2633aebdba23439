import type { Actor } from '@muniment/archive/audit/port'
import { type HeldCheck, heldBy } from '@muniment/archive/holds/held-by'
import type { SealSecrets } from '@muniment/archive/seals/secrets'
import type { RetentionDeps } from '../deps.ts'
import type { Plan } from '../run/types.ts'

/** What executing a run works with besides what all of retention has. */
export interface ExecuteDeps extends RetentionDeps {
  /** Absent where loads were never sealed: then no leaf hashes are kept. */
  sealSecrets?: SealSecrets
  /** Reads the hold register itself, each time it is called. */
  held?: (application: string) => Promise<HeldCheck>
  /** Of each class of the plan's schedules its own table. */
  classTables: (plan: Plan) => Promise<ReadonlyMap<string, string>>
  /** Reasons why the plan may not be carried out (any more), asked once before it begins. */
  preflight?: (plan: Plan) => Promise<string[]>
  /** Who acts, as the log is to have it; absent: the run itself. */
  actor?: Actor
  /** Bytes free where `work` lies; for tests. */
  freeBytes?: () => Promise<number>
}

export const heldNow = (deps: ExecuteDeps, application: string): Promise<HeldCheck> =>
  (deps.held ?? ((name: string) => heldBy(deps.store, name, deps.clock)))(application)

export const RUN_ACTOR: Actor = { id: 'retention', roles: [], groups: [], rules: 0 }
