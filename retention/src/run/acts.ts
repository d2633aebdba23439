import type { Duty } from '@muniment/archive/access/rules'
import { actorOf, current, needDuty } from '@muniment/archive/access/rules-acts'
import type { Actor } from '@muniment/archive/audit/port'
import { InputError } from '@muniment/archive/errors'
import { approvalKey } from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Acting, RetentionDeps } from '../deps.ts'
import { createOrRead } from '../execute/files.ts'
import { eventKey } from './run-keys.ts'
import { plannedRun, type RunEvent, readApproval, runEvents, runState } from './run-state.ts'
import { Approval } from './types.ts'

export interface Said {
  /** Of the plan, as the person saw it. */
  hash: string
  /** The number of records, typed; or why it goes back. */
  said: string
  by: Acting
}

/** Throws NotFoundError for who may not. */
async function acting(store: ObjectStore, by: Acting, now: Date, duty: Duty, what: string): Promise<Actor> {
  const version = await current(store)
  needDuty(version, by, now, duty, what)
  return actorOf(version, by, now)
}

const signed = ({ id, groups }: Acting, now: Date) => ({ by: id, at: now.toISOString(), groups })

async function judge(deps: RetentionDeps, run: string, { hash, said, by }: Said, outcome: Approval['outcome']) {
  const { store, audit, clock } = deps
  const actor = await acting(store, by, clock(), 'approve-destruction', 'decide about a list of records')
  const { plan, hash: actual } = await plannedRun(store, run)
  if (hash !== actual)
    throw new InputError('This is not the list that was planned: look at it again, and say its hash.', {
      hash: 'Another list.',
    })
  if (plan.by.by === by.id) throw new InputError('You planned this yourself: destruction needs a second person.')
  if (said.trim() === '') throw new InputError('Say why.', { said: 'Say why.' })
  const records = Object.values(plan.counts).reduce((sum, { due }) => sum + due, 0)
  if (outcome === 'approved' && said.replace(/[\s.,'’]/g, '') !== String(records))
    throw new InputError(`Type the number of records that are to be destroyed.`, { said: 'Not the number.' })
  const earlier = await readApproval(store, run)
  if (earlier)
    throw new InputError(`This list was ${earlier.outcome === 'approved' ? 'approved' : 'sent back'} already.`)
  const approval: Approval = { run, outcome, hash, said, signed: signed(by, clock()) }
  const id = await audit.open({ action: 'plan-approval', actor, subject: { run, hash, outcome } })
  try {
    const stands = Approval.parse(
      JSON.parse((await createOrRead(store, approvalKey(run), `${JSON.stringify(approval, null, 2)}\n`)).toString()),
    )
    if (stands.outcome !== outcome || stands.signed.by !== by.id)
      throw new InputError('Somebody else has decided about this list meanwhile.')
    await audit.close(id, { outcome: 'done' })
    return stands
  } catch (error) {
    await audit.close(id, { outcome: 'failed' })
    throw error
  }
}

/** Approves exactly the list with this hash. Throws NotFoundError without the right, InputError for one's own plan or another list. */
export const approveRun = (deps: RetentionDeps, run: string, said: Said): Promise<Approval> =>
  judge(deps, run, said, 'approved')

/** Refuses it, with a reason; a new plan may be made. */
export const sendBack = (deps: RetentionDeps, run: string, said: Said): Promise<Approval> =>
  judge(deps, run, said, 'sent-back')

async function tell(
  deps: RetentionDeps,
  run: string,
  kind: RunEvent['kind'],
  { by, reason }: { by: Acting; reason: string },
) {
  const { store, audit, clock } = deps
  const actor = await acting(store, by, clock(), 'plan-destruction', 'pause, resume or cancel a run')
  const { state } = await runState(store, run)
  const may = { paused: ['executing'], resumed: ['paused'], cancelled: ['approved', 'executing', 'paused'] }[kind]
  if (!may.includes(state)) throw new InputError(`A run that is ${state} cannot be ${kind}.`)
  if (reason.trim() === '') throw new InputError('Say why.', { reason: 'Say why.' })
  const event: RunEvent = { kind, reason, signed: signed(by, clock()) }
  const id = await audit.open({ action: 'destruction', actor, subject: { run, act: kind } })
  for (let tries = 0; ; tries++) {
    try {
      await store.create(eventKey(run, (await runEvents(store, run)).length + 1), `${JSON.stringify(event)}\n`)
      break
    } catch (error) {
      if (!(error instanceof ConflictError) || tries > 5) {
        await audit.close(id, { outcome: 'failed' })
        throw error
      }
    }
  }
  await audit.close(id, { outcome: 'done' })
}

/** Ends before the next object; what was decided is finished when it goes on. */
export const pauseRun = (deps: RetentionDeps, run: string, said: { by: Acting; reason: string }) =>
  tell(deps, run, 'paused', said)
export const resumeRun = (deps: RetentionDeps, run: string, said: { by: Acting; reason: string }) =>
  tell(deps, run, 'resumed', said)
/** For good: no further object is decided. executeRun carries out what was decided already, and gives the work slot back. */
export const cancelRun = (deps: RetentionDeps, run: string, said: { by: Acting; reason: string }) =>
  tell(deps, run, 'cancelled', said)
