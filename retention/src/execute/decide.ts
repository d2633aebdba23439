import { randomBytes } from 'node:crypto'
import { OperatorError } from '@muniment/archive/errors'
import { objectDecisionKey } from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { readRecord } from '../run/run-state.ts'
import { ObjectDecision, type Plan } from '../run/types.ts'
import type { Holding } from './held-records.ts'
import { type ListedRow, rangesOf } from './lists.ts'

export type Destroying = Extract<ObjectDecision, { kind: 'destroy' }>

/** The decision about an object that stands, or the number of the attempt that comes next. */
export async function standingDecision(store: ObjectStore, run: string, object: number): Promise<Destroying | number> {
  for (let attempt = 1; ; attempt++) {
    const decision = await readRecord(store, objectDecisionKey(run, object, attempt), ObjectDecision)
    if (!decision) return attempt
    if (decision.run !== run || decision.object !== object || decision.attempt !== attempt)
      throw new OperatorError(`${objectDecisionKey(run, object, attempt)} is of another object.`)
    if (decision.kind === 'destroy') return decision
  }
}

export interface Deciding {
  store: ObjectStore
  plan: Plan
  object: number
  /** Of the list. */
  rows: readonly ListedRow[]
  now: () => Date
  /** Reads the register, just before. */
  holding: () => Promise<Holding>
  /** Throws where the run may not go on: asked before each attempt. */
  mayGoOn: () => Promise<void>
}

/** Writes the decision about an object, create-only, and gives the one that stands, whoever wrote it. */
export async function decide(work: Deciding): Promise<Destroying> {
  const { store, plan, object, rows } = work
  for (let tries = 0; tries < 100; tries++) {
    const stands = await standingDecision(store, plan.run, object)
    if (typeof stands !== 'number') return stands
    await work.mayGoOn()
    const { register, isHeld } = await work.holding()
    const decision: Destroying = {
      kind: 'destroy',
      run: plan.run,
      object,
      attempt: stands,
      nonce: randomBytes(16).toString('hex'),
      register,
      rows: rangesOf(rows.filter((row) => !isHeld(row)).map(({ row }) => row)),
      held: rangesOf(rows.filter(isHeld).map(({ row }) => row)),
      at: work.now().toISOString(),
    }
    try {
      await store.create(
        objectDecisionKey(plan.run, object, stands),
        `${JSON.stringify(ObjectDecision.parse(decision))}\n`,
      )
    } catch (error) {
      // Somebody decided first, or a hold voided it: what stands there counts.
      if (!(error instanceof ConflictError)) throw error
    }
  }
  throw new OperatorError(
    `No decision about an object of run ${plan.run} could be made: holds are being placed all the time. Go on later.`,
  )
}
