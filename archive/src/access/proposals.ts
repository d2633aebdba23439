import { z } from 'zod'
import { sha256Hex } from '../audit/canonical.ts'
import { InputError, NotFoundError, OperatorError } from '../errors.ts'
import { PROPOSALS_PREFIX, proposalKey, rulesKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { checkRules, type RulesSubject, refuse } from './check-rules.ts'
import { type Decision, decide, decidedAlready, decisionHash, readDecision } from './decisions.ts'
import { AccessRules, type RulesVersion, Signature } from './rules.ts'
import { type Actor, actorOf, current, type Doing, inLog, needDuty, signature } from './rules-acts.ts'
import { inForceFrom, readChain, readRules, type StoredVersion, versionText } from './versions.ts'

export type { Actor } from './rules-acts.ts'

const Stored = z.strictObject({
  /** The version in force when it was made, which it would replace. */
  against: z.strictObject({ number: z.int().positive(), hash: z.string() }),
  rules: AccessRules,
  reason: z.string().min(1),
  proposed: Signature,
})

export interface Proposal extends z.infer<typeof Stored> {
  /** From the sha-256 of its bytes: whoever approves an id approves exactly these rules. */
  id: string
  /** `void`: another version came in between. */
  state: 'open' | 'approved' | 'void' | 'withdrawn' | 'refused'
  /** Of one that was withdrawn or refused. */
  ended?: Pick<Decision, 'reason' | 'signed'>
}

const ID_LENGTH = 32
const isId = (id: string) => /^[0-9a-f]{32}$/.test(id)

/**
 * Puts the rules that come with a setting in force where there are none yet; else leaves what there is. Gives the version in force.
 * `by` names where they came from: "sample", or the operator's file.
 */
export async function firstRules(
  store: ObjectStore,
  rules: AccessRules,
  { reason, by, clock, audit }: Doing & { reason: string; by: string },
): Promise<StoredVersion> {
  const there = await readRules(store)
  if (there) return there
  refuse('These access rules', checkRules(rules))
  const version: RulesVersion = { number: 1, rules, reason, proposed: signature({ id: by, groups: [] }, clock()) }
  const actor = { id: by, roles: [], groups: [], rules: 0 }
  return inLog(audit, { action: 'rules-change', actor, subject: { version: 1 } }, async () => {
    try {
      await store.create(rulesKey(1), versionText(version))
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
    return current(store)
  })
}

/**
 * Proposes `rules` in place of the version in force. Throws OperatorError with `detail.findings` where they would not do, NotFoundError
 * where `by` may not propose. `subjects`: what the names in them are checked against.
 */
export async function proposeRules(
  store: ObjectStore,
  rules: AccessRules,
  reason: string,
  by: Actor,
  { clock, audit, subjects }: Doing & { subjects?: readonly RulesSubject[] | undefined },
): Promise<Proposal> {
  const now = clock()
  const version = await current(store)
  needDuty(version, by, now, 'propose-rules', 'propose access rules')
  if (reason.trim() === '') throw new InputError('Say why the access rules should change.', { reason: 'Say why.' })
  refuse('These access rules', checkRules(rules, subjects))
  const against = { number: version.number, hash: version.hash }
  const stored = Stored.parse({ against, rules, reason, proposed: signature(by, now) })
  const text = `${JSON.stringify(stored, null, 2)}\n`
  const id = sha256Hex(text).slice(0, ID_LENGTH)
  const subject = { proposal: id, against: version.number }
  return inLog(audit, { action: 'rules-proposal', actor: actorOf(version, by, now), subject }, async () => {
    await store.create(proposalKey(id), text)
    return { ...stored, id, state: 'open' as const }
  })
}

async function readStored(store: ObjectStore, id: string): Promise<z.infer<typeof Stored>> {
  const object = isId(id) ? await store.get(proposalKey(id)) : undefined
  if (!object) throw new NotFoundError(`There is no proposal "${id.slice(0, 64)}".`)
  if (sha256Hex(object.body).slice(0, ID_LENGTH) !== id)
    throw new OperatorError(
      `The proposal ${id} is not as it was written; it cannot be approved. Propose the rules again.`,
    )
  const parsed = Stored.safeParse(JSON.parse(object.body.toString()))
  if (!parsed.success) throw new OperatorError(`The proposal ${id} is none of this version's.`, { cause: parsed.error })
  return parsed.data
}

/** One whose approval was interrupted before its version stood is open: whoever approves it next ends that. */
function stateOf(
  id: string,
  against: { number: number; hash: string },
  chain: StoredVersion[],
  decision: Decision | undefined,
): Pick<Proposal, 'state' | 'ended'> {
  if (chain.some(({ proposal }) => proposal === id)) return { state: 'approved' }
  if (decision && decision.kind !== 'approved') {
    const { kind, reason, signed } = decision
    return { state: kind, ended: { ...(reason !== undefined && { reason }), signed } }
  }
  return { state: chain.at(-1)?.hash === against.hash ? 'open' : 'void' }
}

/** Throws NotFoundError for an id that is none, OperatorError for one that was altered. */
export async function readProposal(store: ObjectStore, id: string): Promise<Proposal> {
  const stored = await readStored(store, id)
  return { ...stored, id, ...stateOf(id, stored.against, await readChain(store), await readDecision(store, id)) }
}

/** All of them, newest first. One that was altered is left out: it cannot be approved. */
export async function listProposals(store: ObjectStore): Promise<Proposal[]> {
  const chain = await readChain(store)
  const found: Proposal[] = []
  for await (const { key } of store.list(PROPOSALS_PREFIX)) {
    const id = key.slice(PROPOSALS_PREFIX.length).replace(/\.json$/, '')
    const stored = await readStored(store, id).catch(() => undefined)
    if (stored) found.push({ ...stored, id, ...stateOf(id, stored.against, chain, await readDecision(store, id)) })
  }
  return found.sort((left, right) => right.proposed.at.localeCompare(left.proposed.at))
}

const overtaken = (against: number, now: number) =>
  new InputError(
    `This proposal is void: it was made against version ${against} of the access rules, and version ${now} is in force. ` +
      'Look whether it is still meant, and propose it again.',
  )

/**
 * Puts a proposal in force as the next version, for the next request of anybody. Throws NotFoundError where there is none or `by` may
 * not approve, InputError where `by` proposed it or it is void. Of two at once one wins.
 */
export async function approveProposal(
  store: ObjectStore,
  id: string,
  by: Actor,
  { clock, audit }: Doing,
): Promise<StoredVersion> {
  const now = clock()
  const version = await current(store)
  needDuty(version, by, now, 'approve-rules', 'approve access rules')
  const { against, rules, reason, proposed } = await readStored(store, id)
  if (version.proposal === id) throw new InputError(`This proposal is in force already, as version ${version.number}.`)
  if (proposed.by === by.id)
    throw new InputError('You proposed this yourself: a change of the access rules needs a second person.')
  if (against.number !== version.number || against.hash !== version.hash)
    throw overtaken(against.number, version.number)
  const earlier = await readDecision(store, id)
  if (earlier && earlier.kind !== 'approved') throw decidedAlready(earlier)
  refuse('These access rules', checkRules(rules))
  if (now < inForceFrom(version))
    throw new OperatorError(
      `The clock of this machine says ${now.toISOString()}, which is before version ${version.number} came into force. Set it right.`,
    )
  const next: RulesVersion = {
    number: version.number + 1,
    previous: version.hash,
    proposal: id,
    rules,
    reason,
    proposed,
    approved: signature(by, now),
  }
  const subject = { version: next.number, proposal: id, previous: version.hash }
  return inLog(audit, { action: 'rules-change', actor: actorOf(version, by, now), subject }, async (detail) => {
    const stands = await decide(store, { proposal: id, kind: 'approved', signed: signature(by, now) })
    detail.decision = decisionHash(stands)
    if (stands.kind !== 'approved') throw decidedAlready(stands)
    const text = versionText(next)
    try {
      await store.create(rulesKey(next.number), text)
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      throw overtaken(against.number, next.number)
    }
    return { ...next, hash: sha256Hex(text) }
  })
}
