import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { OperatorError } from '@muniment/archive/errors'
import { planKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { type DispositionRow, Plan, runId } from '../run/types.ts'
import { storedList } from './lists.ts'

/** What an approver approves: over all of the plan, and by their hashes over its lists. */
export const planHash = (plan: Plan): string => sha256Hex(canonicalJson(plan))

const altered = (run: string, why: string, cause?: unknown) =>
  new OperatorError(`The plan of the run ${run} ${why}. Nothing of it is destroyed.`, { cause })

/** Throws OperatorError where there is none, or it is not as it was written. */
export async function readPlan(store: ObjectStore, run: string): Promise<Plan> {
  if (!runId.safeParse(run).success) throw new OperatorError(`"${run.slice(0, 40)}" is no run.`)
  const object = await store.get(planKey(run))
  if (!object) throw altered(run, 'is missing')
  let plan: Plan
  let hash: unknown
  try {
    const { hash: stored, ...rest } = JSON.parse(object.body.toString()) as Record<string, unknown>
    hash = stored
    plan = Plan.parse(rest)
  } catch (error) {
    throw altered(run, 'cannot be read', error)
  }
  if (plan.run !== run || hash !== planHash(plan)) throw altered(run, 'is not as it was written')
  return plan
}

/** A table's disposition list, batch by batch, by object and row. Throws OperatorError where it is missing or altered. */
export async function* readList(store: ObjectStore, run: string, table: string): AsyncIterable<DispositionRow[]> {
  const { lists } = await readPlan(store, run)
  const list = lists[table]
  if (!list) return
  let rows = 0
  for await (const batch of storedList(store, run, table, list)) {
    rows += batch.length
    yield batch
  }
  if (rows !== list.rows) throw altered(run, `counted ${list.rows} rows of ${table}, and its list has ${rows}`)
}
