import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readLedger } from '@muniment/archive/catalog/ledger'
import { OperatorError } from '@muniment/archive/errors'
import { claimSlot, leaveSlot, readSlot, slotInWords } from '@muniment/archive/work-slot/work-slot'
import { begunKey, endedKey, executedKey } from '../run/run-keys.ts'
import { doneObjects, plannedRun, type RunEvent, readApproval, runEvents } from '../run/run-state.ts'
import type { ObjectDone, Plan, RunState } from '../run/types.ts'
import { carryOut } from './carry-out.ts'
import { decide, standingDecision } from './decide.ts'
import { createOrRead } from './files.ts'
import { createHolding } from './held-records.ts'
import { openLists } from './lists.ts'
import { classTables, type ExecuteDeps, RUN_ACTOR } from './ports.ts'
import { preflight } from './preflight.ts'
import { openSessions, type Session } from './session.ts'

export interface ExecuteOptions {
  /** Objects at once; 2 by default. */
  workers?: number
  signal?: AbortSignal
  progress?: (progress: ExecuteProgress) => void
}

export interface ExecuteProgress {
  objects: { done: number; all: number }
  /** Rows destroyed, of those on the lists. */
  rows: { done: number; all: number }
  /** Milliseconds that are left by the pace so far; absent before the first object. */
  leftMs?: number
}

export interface Executed {
  state: RunState
  /** Rows. */
  destroyed: number
  objects: number
}

/** The run stops between objects, by somebody's wish; nothing is amiss. */
class StoppedError extends Error {
  readonly state: 'paused' | 'cancelled' | 'executing'
  constructor(state: 'paused' | 'cancelled' | 'executing') {
    super(`The run is ${state}.`)
    this.name = 'StoppedError'
    this.state = state
  }
}

const wish = (events: readonly RunEvent[]): 'paused' | 'cancelled' | undefined => {
  if (events.some(({ kind }) => kind === 'cancelled')) return 'cancelled'
  return events.at(-1)?.kind === 'paused' ? 'paused' : undefined
}

/** Throws OperatorError, with every reason, where a run may not begin. */
async function mustBeReady(deps: ExecuteDeps, plan: Plan, hash: string): Promise<void> {
  const approval = await readApproval(deps.store, plan.run)
  if (!approval) throw new OperatorError(`Nobody has approved the list of run ${plan.run} yet.`)
  if (approval.outcome !== 'approved') throw new OperatorError(`The list of run ${plan.run} was sent back.`)
  if (approval.hash !== hash) throw new OperatorError(`The plan of run ${plan.run} is not the one that was approved.`)
  if (approval.signed.by === plan.by.by) throw new OperatorError(`Run ${plan.run} was approved by whoever planned it.`)
}

/**
 * Carries an approved run out, or goes on with one that was interrupted. Resolves when every object is as decided, or when the run was
 * paused or cancelled. Throws OperatorError with the reasons where it may not be carried out; what was decided before stays to be finished.
 */
export async function executeRun(deps: ExecuteDeps, run: string, options: ExecuteOptions = {}): Promise<Executed> {
  const { store } = deps
  const { plan, hash } = await plannedRun(store, run)
  await mustBeReady(deps, plan, hash)
  if (await store.head(executedKey(run))) {
    await leaveSlot(store, plan.application, run)
    return outcome(deps, plan, 'executed')
  }
  if (await store.head(endedKey(run))) {
    await leaveSlot(store, plan.application, run)
    return outcome(deps, plan, 'cancelled')
  }
  const wished = wish(await runEvents(store, run))
  const begun = (await store.head(begunKey(run))) !== undefined
  if (wished === 'paused') return outcome(deps, plan, 'paused')
  if (!begun && wished !== 'cancelled') {
    const reasons = await preflight(deps, plan)
    if (reasons.length > 0)
      throw new OperatorError(`Run ${run} may not be carried out: ${reasons.join(' ')}`, { detail: { reasons } })
  }
  const slot = await claimSlot(store, plan.application, { kind: 'run', work: run })
  if (slot !== 'ours') throw new OperatorError(`${slotInWords(plan.application, slot.slot)}.`)
  const entry = await deps.audit.open({
    action: 'destruction',
    actor: deps.actor ?? RUN_ACTOR,
    subject: { run, application: plan.application, domain: plan.domain, plan: hash },
  })
  try {
    if (!begun)
      await createOrRead(store, begunKey(run), `${JSON.stringify({ run, at: deps.clock().toISOString(), entry })}\n`)
    const state = await carryOutAll(deps, plan, options)
    const done = await outcome(deps, plan, state)
    await deps.audit.close(entry, {
      outcome: state === 'executed' ? 'done' : state === 'cancelled' ? 'cancelled' : 'interrupted',
      rows: done.destroyed,
      detail: { state, objects: done.objects },
    })
    return done
  } catch (error) {
    await deps.audit.close(entry, { outcome: 'failed' }).catch(() => undefined)
    throw error
  }
}

async function outcome(deps: ExecuteDeps, plan: Plan, state: RunState): Promise<Executed> {
  const done = [...(await doneObjects(deps.store, plan)).values()]
  return { state, destroyed: done.reduce((sum, { destroyed }) => sum + destroyed, 0), objects: done.length }
}

/** What executions that were killed left: copies of objects. */
export async function sweepLocal({ work }: Pick<ExecuteDeps, 'work'>, run: string): Promise<void> {
  for (const name of await readdir(work).catch(() => []))
    if (name.startsWith(`${run}-`)) await rm(join(work, name), { recursive: true, force: true })
}

/** Catalog and engine brought to what is there; calls that come while one is under way share the next. */
function createRenewal({ catalog, engine }: ExecuteDeps, application: string) {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const renew = async () => {
    await catalog.crawl(application)
    await engine.refresh(application)
  }
  return (): Promise<void> => {
    next ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        next = undefined
        running = renew()
        return running
      })
    return next
  }
}

async function carryOutAll(deps: ExecuteDeps, plan: Plan, options: ExecuteOptions): Promise<RunState> {
  const { store } = deps
  // Of this execution alone: another one of the same run may still be at work.
  const folder = join(deps.work, `${plan.run}-${randomBytes(4).toString('hex')}`)
  const sessions = await openSessions(join(folder, 'spill'))
  const workers = Math.max(1, Math.min(options.workers ?? 2, 16))
  const open: Session[] = []
  try {
    for (let worker = 0; worker < workers; worker++) open.push(await sessions.open())
    return await inStages(deps, plan, options, { folder, open })
  } finally {
    for (const session of open) session.close()
    sessions.close()
    await rm(folder, { recursive: true, force: true })
    // Nobody else's work is looked at any more.
    if (
      (await store.head(executedKey(plan.run)).catch(() => undefined)) ||
      (await store.head(endedKey(plan.run)).catch(() => undefined))
    )
      await leaveSlot(store, plan.application, plan.run).catch(() => undefined)
  }
}

async function inStages(
  deps: ExecuteDeps,
  plan: Plan,
  options: ExecuteOptions,
  { folder, open }: { folder: string; open: Session[] },
): Promise<RunState> {
  const { store } = deps
  const lists = await openLists(store, plan, join(folder, 'lists'))
  const model = await deps.loadModel(plan.application)
  const commits = await readLedger(store, plan.application)
  const holdingNow = createHolding(deps, plan, lists, await classTables(deps, plan))
  const renew = createRenewal(deps, plan.application)
  const done = await doneObjects(store, plan)
  const tell = progressOf(plan, done, options)
  let turn: Promise<unknown> = Promise.resolve()
  /** Decisions one after the other: each reads what the one before found held. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = turn.then(act, act)
    turn = mine.catch(() => undefined)
    return mine
  }

  async function mayGoOn(): Promise<void> {
    if (options.signal?.aborted) throw new StoppedError('executing')
    const wished = wish(await runEvents(store, plan.run))
    if (wished) throw new StoppedError(wished)
    const slot = await readSlot(store, plan.application)
    if (slot?.slot?.kind !== 'run' || slot.slot.work !== plan.run)
      throw new OperatorError(
        `Run ${plan.run} does not have the work slot of ${plan.application} any more; nothing further is destroyed.`,
      )
  }

  async function one(object: number, session: Session, decided: boolean): Promise<void> {
    const planned = plan.objects[object]
    if (!planned) return
    const stands = await standingDecision(store, plan.run, object)
    if (typeof stands === 'number' && decided) return
    const rows = await lists.rowsOf(session, planned)
    const decision =
      typeof stands !== 'number'
        ? stands
        : await inTurn(() =>
            decide({ store, plan, object, rows, now: deps.clock, holding: () => holdingNow(session), mayGoOn }),
          )
    mustBeOfList(decision.rows, rows)
    const mark = await carryOut({
      deps,
      plan,
      model,
      commits,
      lists,
      session,
      folder: join(folder, `object-${object}`),
      object,
      decision,
      withdraw: renew,
    })
    done.set(object, mark)
    tell()
  }

  /** With `decided`, only what was decided before. */
  async function stage(objects: readonly number[], decided: boolean): Promise<void> {
    const waiting = objects.filter((object) => !done.has(object))
    const failed: unknown[] = []
    await Promise.all(
      open.map(async (session) => {
        for (let object = waiting.shift(); object !== undefined && failed.length === 0; object = waiting.shift())
          await one(object, session, decided).catch((error: unknown) => failed.push(error))
      }),
    )
    const fault = failed.find((error) => !(error instanceof StoppedError)) ?? failed[0]
    if (fault !== undefined) throw fault instanceof Error ? fault : new Error('An object failed.', { cause: fault })
  }

  await mkdir(folder, { recursive: true })
  const stages = [...new Set(plan.objects.map((object) => object.stage))].sort((a, b) => a - b)
  try {
    for (const number of stages) {
      await stage(
        plan.objects.flatMap((object, index) => (object.stage === number ? [index] : [])),
        false,
      )
      await renew()
    }
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error
    if (error.state !== 'cancelled') return error.state
    await stage(
      plan.objects.map((_, index) => index),
      true,
    )
    await renew()
    await createOrRead(
      store,
      endedKey(plan.run),
      `${JSON.stringify({ run: plan.run, at: deps.clock().toISOString() })}\n`,
    )
    return 'cancelled'
  }
  if (stages.length === 0) await renew()
  await sweepLocal(deps, plan.run)
  await createOrRead(
    store,
    executedKey(plan.run),
    `${JSON.stringify({ run: plan.run, at: deps.clock().toISOString() })}\n`,
  )
  return 'executed'
}

/** A decision, whoever wrote it, takes nothing that is not on the list. */
function mustBeOfList(ranges: readonly (readonly [number, number])[], rows: readonly { row: number }[]): void {
  const listed = new Set(rows.map(({ row }) => row))
  for (const [first, count] of ranges)
    for (let row = first; row < first + count; row++)
      if (!listed.delete(row))
        throw new OperatorError('A decision names a row that is not on the approved list; nothing is destroyed.')
}

function progressOf(plan: Plan, done: ReadonlyMap<number, ObjectDone>, { progress }: ExecuteOptions) {
  const started = performance.now()
  const bytes = (indexes: Iterable<number>) =>
    [...indexes].reduce((sum, index) => sum + (plan.objects[index]?.size ?? 0), 0)
  const atStart = bytes(done.keys())
  const all = plan.objects.reduce((sum, { size }) => sum + size, 0)
  return () => {
    const now = bytes(done.keys())
    const pace = (now - atStart) / Math.max(1, performance.now() - started)
    progress?.({
      objects: { done: done.size, all: plan.objects.length },
      rows: {
        done: [...done.values()].reduce((sum, { destroyed }) => sum + destroyed, 0),
        all: plan.objects.reduce((sum, { due }) => sum + due, 0),
      },
      ...(pace > 0 && { leftMs: Math.round((all - now) / pace) }),
    })
  }
}
