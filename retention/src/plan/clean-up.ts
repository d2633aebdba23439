import { planKey, RUNS_PREFIX, runPrefix } from '@muniment/archive/layout'
import type { RetentionDeps } from '../deps.ts'

/** Milliseconds after which lists without a plan are nobody's work any more. */
const ABANDONED = 24 * 3_600_000

/** Removes the lists of plans that were never finished: without `plan.json` there is nothing that anybody could approve. */
export async function removeOrphans({ store, clock }: Pick<RetentionDeps, 'store' | 'clock'>): Promise<string[]> {
  const removed: string[] = []
  for await (const name of store.names(RUNS_PREFIX)) {
    if (!name.endsWith('/')) continue
    const run = name.slice(0, -1)
    if (await store.head(planKey(run))) continue
    const found = []
    for await (const object of store.list(runPrefix(run))) found.push(object)
    const lists = `${runPrefix(run)}lists/`
    // Anything but lists was never written by planning: somebody has to look at it.
    if (found.some(({ key }) => !key.startsWith(lists))) continue
    if (found.some(({ modified }) => clock().getTime() - modified.getTime() < ABANDONED)) continue
    for (const { key } of found) await store.remove(key)
    if (found.length > 0) removed.push(run)
  }
  return removed
}
