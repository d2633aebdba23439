import type { ObjectStore } from '@muniment/archive/store/port'
import { standingDecision } from '../execute/decide.ts'
import type { ListedRow, Lists } from '../execute/lists.ts'
import type { Session } from '../execute/session.ts'
import type { Plan, RowRanges } from './types.ts'

/** By object, what was decided to be destroyed of it, and what was kept because of a hold. */
export async function decisionsOf(store: ObjectStore, plan: Plan): Promise<{ rows: RowRanges; held: RowRanges }[]> {
  const found = []
  for (const index of plan.objects.keys()) {
    const decision = await standingDecision(store, plan.run, index)
    found.push(typeof decision === 'number' ? { rows: [], held: [] } : { rows: decision.rows, held: decision.held })
  }
  return found
}

/** Rows of the lists that were destroyed, object by object. */
export async function* destroyedRows(
  session: Session,
  plan: Plan,
  lists: Lists,
  decisions: readonly { rows: RowRanges }[],
): AsyncGenerator<{ object: number; table: string; rows: ListedRow[] }> {
  for (const [object, planned] of plan.objects.entries()) {
    const ranges = decisions[object]?.rows ?? []
    const listed = await lists.rowsOf(session, planned)
    let at = 0
    const rows = listed.filter(({ row }) => {
      while (at < ranges.length && row >= (ranges[at]?.[0] ?? 0) + (ranges[at]?.[1] ?? 0)) at++
      return row >= (ranges[at]?.[0] ?? Number.POSITIVE_INFINITY)
    })
    yield { object, table: planned.table, rows }
  }
}
