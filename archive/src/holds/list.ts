import { NotFoundError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { openRelease, readEvents, scopesOf } from './events.ts'
import { readRegister } from './register.ts'
import { union } from './resolve-scopes.ts'
import { storedClosures } from './stored-closures.ts'
import type { Closure, HoldEvent, HoldScope, RegisteredHold } from './types.ts'

type Placed = Extract<HoldEvent, { kind: 'placed' }>

/** A hold with all that was said of it: for whoever manages holds or approves, and nobody else. */
export interface HoldRecord extends RegisteredHold {
  matter: string
  authority: string
  issuer?: string
  reason: string
  /** The last one that was set; passing it releases nothing. */
  review?: string
  reviewOverdue: boolean
  scopes: HoldScope[]
  /** Waits for a second person. */
  release?: Extract<HoldEvent, { kind: 'release-proposed' }>
  /** Both have signed, and the register was not changed: approving it again ends that. */
  releaseInterrupted: boolean
  history: HoldEvent[]
  /** All that it ever protected. */
  protects: Closure['tables']
}

function reviewOf(events: readonly HoldEvent[]): string | undefined {
  let review: string | undefined
  for (const event of events) if (event.kind === 'placed' || event.kind === 'reviewed') review = event.review
  return review
}

async function recordOf(store: ObjectStore, hold: RegisteredHold, now: Date): Promise<HoldRecord> {
  const history = await readEvents(store, hold.id)
  const placed = history[0] as Placed | undefined
  const review = reviewOf(history)
  const release = openRelease(history)
  const closures = await storedClosures(store, hold)
  return {
    ...hold,
    matter: placed?.matter ?? '',
    authority: placed?.authority ?? '',
    ...(placed?.issuer !== undefined && { issuer: placed.issuer }),
    reason: placed?.reason ?? '',
    ...(review !== undefined && { review }),
    reviewOverdue: hold.state === 'standing' && review !== undefined && review < now.toISOString().slice(0, 10),
    scopes: scopesOf(history),
    ...(release && { release }),
    releaseInterrupted: hold.state === 'standing' && history.at(-1)?.kind === 'released',
    history,
    protects: closures.reduce<Closure['tables']>((tables, closure) => union(tables, closure.tables), {}),
  }
}

/** All holds, released ones too, the newest first. Throws OperatorError where the register or what it names cannot be read. */
export async function listHolds(
  store: ObjectStore,
  application?: string,
  clock: () => Date = () => new Date(),
): Promise<HoldRecord[]> {
  const { register } = await readRegister(store)
  const now = clock()
  const records: HoldRecord[] = []
  for (const hold of register.holds)
    if (application === undefined || hold.application === application) records.push(await recordOf(store, hold, now))
  return records.reverse()
}

/** Throws NotFoundError where there is none. */
export async function readHold(
  store: ObjectStore,
  id: string,
  clock: () => Date = () => new Date(),
): Promise<HoldRecord> {
  const { register } = await readRegister(store)
  const hold = register.holds.find((each) => each.id === id)
  if (!hold) throw new NotFoundError(`There is no hold "${id.slice(0, 64)}".`)
  return recordOf(store, hold, clock())
}
