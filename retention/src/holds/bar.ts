import type { HoldDeps, Late } from '@muniment/archive/holds/deps'
import type { LateHold } from '@muniment/archive/holds/types'
import { approvalKey, certificateKey, objectDecisionKey, RUNS_PREFIX } from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { Approval, type DispositionRow, ObjectDecision, type Plan, type RowRanges } from '../run/types.ts'

export interface PlanReader {
  /** Throws where the plan is missing or was altered. */
  readPlan(store: ObjectStore, run: string): Promise<Plan>
  readList(store: ObjectStore, run: string, table: string): AsyncIterable<DispositionRow[]>
  /** Of each class of the plan's schedules its own table. */
  classTables(plan: Plan): Promise<ReadonlyMap<string, string>>
}

type Placed = Parameters<NonNullable<HoldDeps['bar']>>[0]

/** Row and key of what the hold covers, by object. */
type Covered = Map<string, { row: number; table: string; key: string[] }[]>

const within = (rows: RowRanges, row: number) => rows.some(([from, many]) => row >= from && row < from + many)

async function* runsOf(store: ObjectStore): AsyncIterable<string> {
  for await (const name of store.names(RUNS_PREFIX)) if (name.endsWith('/')) yield name.slice(0, -1)
}

async function isSentBack(store: ObjectStore, run: string): Promise<boolean> {
  const object = await store.get(approvalKey(run))
  // Whoever approves later, and executes then, reads a register that has the hold.
  if (!object) return true
  const approval = Approval.safeParse(parseJson(object.body))
  return approval.success && approval.data.outcome === 'sent-back'
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

async function coveredBy({ covers }: Placed, reader: PlanReader, store: ObjectStore, plan: Plan): Promise<Covered> {
  const covered: Covered = new Map()
  const recordTables = await reader.classTables(plan)
  for (const table of Object.keys(plan.lists))
    for await (const rows of reader.readList(store, plan.run, table))
      for (const row of rows) {
        const record = recordTables.get(row.class)
        if (record === undefined) throw new Error(`The schedules of run ${plan.run} have no class ${row.class}.`)
        if (!covers(table, row.key, { table: record, key: row.record })) continue
        const there = covered.get(row.object)
        const found = { row: row.row, table, key: row.key }
        if (there) there.push(found)
        else covered.set(row.object, [found])
      }
  return covered
}

/** The decision to destroy that stands; undefined once there can be none that does not know of the hold. */
async function settle(
  store: ObjectStore,
  run: string,
  object: number,
  { hold, register }: Placed,
  clock: () => Date,
): Promise<Extract<ObjectDecision, { kind: 'destroy' }> | undefined> {
  for (let attempt = 1; ; attempt++) {
    const key = objectDecisionKey(run, object, attempt)
    let there = await store.get(key)
    if (!there) {
      const bars: ObjectDecision = { kind: 'void', run, object, attempt, hold, register, at: clock().toISOString() }
      try {
        await store.create(key, `${JSON.stringify(ObjectDecision.parse(bars))}\n`)
        return undefined
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error
        there = await store.get(key)
      }
    }
    const decision = ObjectDecision.safeParse(there && parseJson(there.body))
    if (!decision.success) throw new Error(`${key} cannot be read.`)
    if (decision.data.kind === 'destroy') return decision.data
  }
}

/**
 * What placing a hold does about runs, once the register has it: each object with rows that it covers gets a void decision, unless one
 * stands; rows that a decision destroys are told as late, executed or not. A run of which anything cannot be read is told as unchecked.
 */
export function createBar(
  { store, clock }: Pick<HoldDeps, 'store' | 'clock'>,
  reader: PlanReader,
): NonNullable<HoldDeps['bar']> {
  async function barRun(run: string, placed: Placed): Promise<LateHold[]> {
    if (await store.head(certificateKey(run))) return []
    if (await isSentBack(store, run)) return []
    const plan = await reader.readPlan(store, run)
    if (plan.application !== placed.application) return []
    const covered = await coveredBy(placed, reader, store, plan)
    const late: LateHold[] = []
    for (const [object, planned] of plan.objects.entries()) {
      const rows = covered.get(planned.key)
      if (!rows) continue
      const decided = await settle(store, run, object, placed, clock)
      if (decided) for (const { row, table, key } of rows) if (within(decided.rows, row)) late.push({ run, table, key })
    }
    return late
  }

  return async (placed) => {
    const told: Late = { late: [], unchecked: [] }
    for await (const run of runsOf(store))
      try {
        told.late.push(...(await barRun(run, placed)))
      } catch (error) {
        told.unchecked.push({ run, why: error instanceof Error ? error.message : String(error) })
      }
    return told
  }
}
