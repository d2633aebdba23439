import type { Actor } from '../access/rules-acts.ts'
import { InputError } from '../errors.ts'
import { type HoldDeps, inLog, mustMay } from './deps.ts'
import { appendEvent, openRelease, readEvents } from './events.ts'
import { mustBeStanding, said } from './place.ts'
import { changeRegister } from './register.ts'
import { mustBeKnown } from './stored-closures.ts'
import type { HoldEvent, RegisteredHold } from './types.ts'

type Deps = Pick<HoldDeps, 'store' | 'clock' | 'audit'>

/** Says that a hold was looked at, and until when it need not be again. Releases nothing, whatever the date. */
export async function reviewHold(
  deps: Deps,
  { hold: id, review, ...reviewing }: { hold: string; review?: string | undefined; reason: string; by: Actor },
): Promise<HoldEvent[]> {
  const { actor, signed } = await mustMay(deps, reviewing.by, ['manage-holds'], 'review a hold')
  const reason = said(reviewing.reason, 'reason', 'Say what the review found.')
  if (review !== undefined && !/^\d{4}-\d\d-\d\d$/.test(review))
    throw new InputError('The review date is a day, as 2027-06-30.', { review: 'A day, as 2027-06-30.' })
  const { application } = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'review', hold: id, application }
  return inLog(deps, { action: 'hold', actor, subject, typed: { reason } }, () =>
    appendEvent(deps.store, id, () => ({
      kind: 'reviewed',
      ...(review !== undefined && { review }),
      reason,
      signed,
    })),
  )
}

/** Proposes that a hold end. It stands until somebody else approves. */
export async function proposeRelease(
  deps: Deps,
  { hold: id, ...proposing }: { hold: string; reason: string; by: Actor },
): Promise<HoldEvent[]> {
  const { actor, signed } = await mustMay(deps, proposing.by, ['manage-holds'], 'propose to release a hold')
  const reason = said(proposing.reason, 'reason', 'Say why the hold should end.')
  const { application } = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'propose', hold: id, application }
  return inLog(deps, { action: 'hold-release', actor, subject, typed: { reason } }, () =>
    appendEvent(deps.store, id, (events) => {
      if (events.at(-1)?.kind === 'released') throw ended(id)
      const open = openRelease(events)
      if (open)
        throw new InputError(`${open.signed.by} proposed this already; somebody else must approve or refuse it.`)
      return { kind: 'release-proposed', reason, signed }
    }),
  )
}

const ended = (id: string) => new InputError(`The hold ${id} was released already.`)

const nothingProposed = () =>
  new InputError(
    'Nobody has proposed to release this hold as it is now. A proposal from before it was widened does not count.',
  )

/**
 * Releases a hold that somebody else proposed to release: the second of two people. The hold stands until the register says otherwise; where
 * this is interrupted in between, doing it again ends it.
 */
export async function approveRelease(
  deps: Deps,
  { hold: id, by }: { hold: string; by: Actor },
): Promise<RegisteredHold> {
  const { actor, signed } = await mustMay(
    deps,
    by,
    ['approve-destruction', 'manage-holds'],
    'approve the release of a hold',
  )
  const { application } = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'approve', hold: id, application }
  return inLog(deps, { action: 'hold-release', actor, subject }, async (detail) => {
    const before = await readEvents(deps.store, id)
    // Both have signed already, and the register was not changed then.
    const interrupted = before.at(-1)?.kind === 'released'
    const events = interrupted
      ? before
      : await appendEvent(deps.store, id, (all) => {
          if (all.at(-1)?.kind === 'released') throw ended(id)
          const open = openRelease(all)
          if (!open) throw nothingProposed()
          if (open.signed.by === by.id)
            throw new InputError('You proposed this yourself: releasing a hold needs a second person.')
          return { kind: 'released', reason: open.reason, proposed: open.signed, signed }
        })
    const end = events.at(-1)
    if (end?.kind !== 'released') throw ended(id)
    const { register } = await changeRegister(deps.store, ({ holds }) =>
      holds.some((each) => each.id === id && each.state === 'standing')
        ? holds.map((each) => (each.id === id ? { ...each, state: 'released', released: end.signed.at } : each))
        : undefined,
    )
    detail.register = register.version
    return mustBeKnown(deps.store, id)
  })
}

/** Lets a proposal to release end; the hold stands. By whoever might approve it, or whoever made it. */
export async function refuseRelease(
  deps: Deps,
  { hold: id, ...refusing }: { hold: string; reason: string; by: Actor },
): Promise<HoldEvent[]> {
  const { actor, signed } = await mustMay(
    deps,
    refusing.by,
    ['approve-destruction', 'manage-holds'],
    'refuse the release of a hold',
  )
  const reason = said(refusing.reason, 'reason', 'Say why it is refused.')
  const { application } = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'refuse', hold: id, application }
  return inLog(deps, { action: 'hold-release', actor, subject, typed: { reason } }, () =>
    appendEvent(deps.store, id, (events) => {
      if (!openRelease(events)) throw nothingProposed()
      return { kind: 'release-refused', reason, signed }
    }),
  )
}
