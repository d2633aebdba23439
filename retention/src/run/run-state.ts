import { InputError, NotFoundError, OperatorError } from '@muniment/archive/errors'
import { approvalKey, certificateKey, objectDoneKey, planKey, RUNS_PREFIX, runPrefix } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import { planHash, readPlan } from '../plan/read-plan.ts'
import { begunKey, endedKey, eventsPrefix, executedKey, verificationKey } from './run-keys.ts'
import { Approval, ObjectDone, type Plan, type RunState, runId } from './types.ts'

export const RunEvent = z.strictObject({
  kind: z.enum(['paused', 'resumed', 'cancelled']),
  reason: z.string(),
  signed: z.strictObject({ by: z.string().min(1), at: z.iso.datetime(), groups: z.array(z.string()) }),
})
export type RunEvent = z.infer<typeof RunEvent>

function parse<T>(key: string, body: Buffer, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw new OperatorError(
      `${key} cannot be read. Nothing is destroyed until the operator has restored it from a copy.`,
      {
        cause: error,
      },
    )
  }
}

/** Undefined where there is none; throws OperatorError for one that cannot be read. */
export async function readRecord<T>(store: ObjectStore, key: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const object = await store.get(key)
  return object && parse(key, object.body, shape)
}

/** The plan of a run and its hash. Throws NotFoundError where there is none, OperatorError where it is not as it was written. */
export async function plannedRun(store: ObjectStore, run: string): Promise<{ plan: Plan; hash: string }> {
  if (!runId.safeParse(run).success) throw new InputError(`"${run.slice(0, 40)}" is no id of a run.`)
  if (!(await store.head(planKey(run)))) throw new NotFoundError(`There is no run ${run}.`)
  const plan = await readPlan(store, run)
  return { plan, hash: planHash(plan) }
}

/** What was said of a run since it was approved, oldest first. */
export async function runEvents(store: ObjectStore, run: string): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const { key } of store.list(eventsPrefix(run))) {
    const event = await readRecord(store, key, RunEvent)
    if (event) events.push(event)
  }
  return events
}

export interface RunStatus {
  run: string
  application: string
  domain: string
  state: RunState
  approval?: Approval
  objects: { done: number; all: number }
  /** Rows. */
  destroyed: number
  /** Rows of the lists that were kept because of a hold. */
  held: number
}

export async function readApproval(store: ObjectStore, run: string): Promise<Approval | undefined> {
  const approval = await readRecord(store, approvalKey(run), Approval)
  if (approval && approval.run !== run) throw new OperatorError(`${approvalKey(run)} is of another run.`)
  return approval
}

export async function doneObjects(store: ObjectStore, plan: Plan): Promise<Map<number, ObjectDone>> {
  const done = new Map<number, ObjectDone>()
  const numbers = new Map(plan.objects.map((_, index) => [objectDoneKey(plan.run, index), index]))
  for await (const { key } of store.list(`${runPrefix(plan.run)}objects/`)) {
    const index = numbers.get(key)
    const mark = index === undefined ? undefined : await readRecord(store, key, ObjectDone)
    if (index !== undefined && mark) done.set(index, mark)
  }
  return done
}

async function stateOf(store: ObjectStore, run: string, approval: Approval | undefined): Promise<RunState> {
  if (await store.head(certificateKey(run))) return 'certified'
  if (await store.head(verificationKey(run))) return 'verified'
  if (await store.head(executedKey(run))) return 'executed'
  if (!approval) return 'planned'
  if (approval.outcome === 'sent-back') return 'sent-back'
  const events = await runEvents(store, run)
  if (events.some(({ kind }) => kind === 'cancelled') || (await store.head(endedKey(run)))) return 'cancelled'
  if (!(await store.head(begunKey(run)))) return 'approved'
  return events.at(-1)?.kind === 'paused' ? 'paused' : 'executing'
}

/** Where a run stands. Throws NotFoundError for a run that is none. */
export async function runState(store: ObjectStore, run: string): Promise<RunStatus> {
  const { plan } = await plannedRun(store, run)
  const approval = await readApproval(store, run)
  const done = await doneObjects(store, plan)
  return {
    run,
    application: plan.application,
    domain: plan.domain,
    state: await stateOf(store, run, approval),
    ...(approval && { approval }),
    objects: { done: done.size, all: plan.objects.length },
    destroyed: [...done.values()].reduce((sum, { destroyed }) => sum + destroyed, 0),
    held: [...done.values()].reduce((sum, { held = 0 }) => sum + held, 0),
  }
}

/** All runs, newest first; of one application where it is named. */
export async function listRuns(store: ObjectStore, application?: string): Promise<RunStatus[]> {
  const runs: RunStatus[] = []
  for await (const name of store.names(RUNS_PREFIX)) {
    const run = name.replace(/\/$/, '')
    if (!runId.safeParse(run).success || !(await store.head(planKey(run)))) continue
    const status = await runState(store, run)
    if (application === undefined || status.application === application) runs.push(status)
  }
  return runs.sort((one, other) => (one.run < other.run ? 1 : -1))
}
