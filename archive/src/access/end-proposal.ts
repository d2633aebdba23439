import type { Opening } from '../audit/port.ts'
import { InputError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { type Decision, decide, decidedAlready, decisionHash, readDecision } from './decisions.ts'
import { type Proposal, readProposal } from './proposals.ts'
import { type Actor, actorOf, current, type Doing, inLog, needDuty, signature } from './rules-acts.ts'

/** Ends a proposal that is open. Of this and an approval at once the first stands, and the other throws InputError. */
async function endProposal(
  store: ObjectStore,
  id: string,
  by: Actor,
  kind: 'withdrawn' | 'refused',
  reason: string | undefined,
  { clock, audit }: Doing,
): Promise<Proposal> {
  const now = clock()
  const version = await current(store)
  if (kind === 'withdrawn') needDuty(version, by, now, 'propose-rules', 'withdraw a proposal of access rules')
  else needDuty(version, by, now, 'approve-rules', 'refuse a proposal of access rules')
  const proposal = await readProposal(store, id)
  if (kind === 'withdrawn' && proposal.proposed.by !== by.id)
    throw new InputError(
      `Only ${proposal.proposed.by}, who made this proposal, can withdraw it. An approver can refuse it.`,
    )
  if (proposal.state === 'approved') throw new InputError('This proposal is in force: propose other rules instead.')
  const earlier = await readDecision(store, id)
  if (earlier) throw decidedAlready(earlier)
  if (proposal.state === 'void') throw new InputError('This proposal is void already: another version came in between.')
  const signed = signature(by, now)
  const opening: Opening = {
    action: kind === 'withdrawn' ? 'rules-withdrawal' : 'rules-refusal',
    actor: actorOf(version, by, now),
    subject: { proposal: id, against: proposal.against.number },
    ...(reason !== undefined && { typed: { reason } }),
  }
  return inLog(audit, opening, async (detail) => {
    const decision: Decision = { proposal: id, kind, ...(reason !== undefined && { reason }), signed }
    const stands = await decide(store, decision)
    if (stands !== decision) throw decidedAlready(stands)
    detail.decision = decisionHash(stands)
    return { ...proposal, state: kind, ended: { ...(reason !== undefined && { reason }), signed } }
  })
}

/** By the person who made it. Throws NotFoundError where there is none, InputError where it is somebody else's or not open. */
export const withdrawProposal = (store: ObjectStore, id: string, by: Actor, doing: Doing): Promise<Proposal> =>
  endProposal(store, id, by, 'withdrawn', undefined, doing)

/** By whoever might approve it, with a reason. Throws NotFoundError where there is none or `by` may not, InputError where it is not open. */
export async function refuseProposal(
  store: ObjectStore,
  id: string,
  reason: string,
  by: Actor,
  doing: Doing,
): Promise<Proposal> {
  if (reason.trim() === '') throw new InputError('Say why the proposal is refused.', { reason: 'Say why.' })
  return endProposal(store, id, by, 'refused', reason.trim(), doing)
}
