import { type Decision, decide, decidedAlready, decisionHash, readDecision } from '@muniment/archive/access/decisions'
import { Signature } from '@muniment/archive/access/rules'
import { sha256Hex } from '@muniment/archive/audit/canonical'
import { InputError, NotFoundError, OperatorError } from '@muniment/archive/errors'
import { inLog, mustMay } from '@muniment/archive/holds/deps'
import {
  schedulesDecisionKey,
  schedulesKey,
  schedulesProposalKey,
  schedulesProposalsPrefix,
} from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import type { Acting, RetentionDeps } from '../deps.ts'
import { dryRun } from '../plan/dry-run.ts'
import { checkSchedules } from './check-schedules.ts'
import { refuseFindings } from './first-schedules.ts'
import { DomainSchedules } from './types.ts'
import {
  inForceFrom,
  readSchedules,
  readSchedulesChain,
  type SchedulesVersion,
  type StoredSchedules,
  schedulesText,
} from './versions.ts'

/** Records of a class on the day of the proposal, by the schedules in force and by those proposed. */
export const ClassChange = z.strictObject({
  class: z.string(),
  dueNow: z.int().nonnegative(),
  dueThen: z.int().nonnegative(),
})
export type ClassChange = z.infer<typeof ClassChange>

const Stored = z.strictObject({
  /** The version in force when it was made, which it would replace. */
  against: z.strictObject({ number: z.int().positive(), hash: z.string() }),
  schedules: DomainSchedules,
  /** What would become due, or cease to be. */
  changes: z.array(ClassChange),
  asOf: z.iso.date(),
  reason: z.string().min(1),
  proposed: Signature,
})
type Stored = z.infer<typeof Stored>

export interface SchedulesProposal extends Stored {
  /** From the sha-256 of its bytes: whoever approves an id approves exactly these schedules. */
  id: string
  /** `void`: another version came in between. */
  state: 'open' | 'approved' | 'void' | 'withdrawn' | 'refused'
  ended?: Pick<Decision, 'reason' | 'signed'>
}

export interface SchedulesOf {
  application: string
  domain: string
}

const ID_LENGTH = 32
const MOST_REASON = 2000

function said(reason: string, what: string): string {
  const text = reason.trim()
  if (text === '' || text.length > MOST_REASON) throw new InputError(what, { reason: what })
  return text
}

async function current(store: ObjectStore, { application, domain }: SchedulesOf): Promise<StoredSchedules> {
  const version = await readSchedules(store, application, domain)
  if (version) return version
  throw new OperatorError(
    `There are no retention schedules of ${application}, domain ${domain}, that could be changed.`,
  )
}

/** What would become due or cease to be due, by class, on a day: today where nothing is said. */
export async function schedulesChanges(
  deps: Omit<RetentionDeps, 'audit' | 'work'>,
  schedules: DomainSchedules,
  asOf?: string,
): Promise<{ asOf: string; changes: ClassChange[] }> {
  const { application, domain } = schedules
  const now = await dryRun(deps, { application, domain, asOf })
  const then = await dryRun(deps, { application, domain, asOf: now.asOf, schedules })
  const names = [...new Set([...Object.keys(now.counts), ...Object.keys(then.counts)])]
  return {
    asOf: now.asOf,
    changes: names.map((name) => ({
      class: name,
      dueNow: now.counts[name]?.due ?? 0,
      dueThen: then.counts[name]?.due ?? 0,
    })),
  }
}

/**
 * Proposes schedules in place of those in force, with what would become due. Throws TemplateError with `detail.findings` where they would
 * not do, NotFoundError where `by` may not propose.
 */
export async function proposeSchedules(
  deps: RetentionDeps,
  { schedules, reason, by }: { schedules: DomainSchedules; reason: string; by: Acting },
): Promise<SchedulesProposal> {
  const { application, domain } = schedules
  const { actor, signed } = await mustMay(deps, by, ['propose-schedules'], 'propose retention schedules')
  const why = said(reason, 'Say why the schedules should change.')
  const model = await deps.loadModel(application)
  const version = await current(deps.store, schedules)
  const others: DomainSchedules[] = []
  for (const other of model.domains)
    if (other.name !== domain) {
      const found = await readSchedules(deps.store, application, other.name)
      if (found) others.push(found.schedules)
    }
  refuseFindings(checkSchedules(DomainSchedules.parse(schedules), model, { others }))
  const changed = await schedulesChanges(deps, schedules)
  const against = { number: version.number, hash: version.hash }
  const stored = Stored.parse({ against, schedules, ...changed, reason: why, proposed: signed })
  const text = `${JSON.stringify(stored, null, 2)}\n`
  const id = sha256Hex(text).slice(0, ID_LENGTH)
  const subject = { application, domain, proposal: id, against: version.number }
  const opening = { action: 'schedules-proposal' as const, actor, subject, typed: { reason: why } }
  return inLog(deps, opening, async () => {
    await deps.store.create(schedulesProposalKey(application, domain, id), text)
    return { ...stored, id, state: 'open' as const }
  })
}

async function readStored(store: ObjectStore, { application, domain }: SchedulesOf, id: string): Promise<Stored> {
  const known = /^[0-9a-f]{32}$/.test(id)
  const object = known ? await store.get(schedulesProposalKey(application, domain, id)) : undefined
  if (!object) throw new NotFoundError(`There is no proposal "${id.slice(0, 64)}".`)
  if (sha256Hex(object.body).slice(0, ID_LENGTH) !== id)
    throw new OperatorError(`The proposal ${id} is not as it was written; it cannot be approved. Propose it again.`)
  const parsed = Stored.safeParse(JSON.parse(object.body.toString()))
  if (!parsed.success || parsed.data.schedules.application !== application || parsed.data.schedules.domain !== domain)
    throw new OperatorError(`The proposal ${id} is none of these schedules.`, { cause: parsed.error })
  return parsed.data
}

/** Throws NotFoundError for an id that is none, OperatorError for one that was altered. */
export async function readSchedulesProposal(
  store: ObjectStore,
  of: SchedulesOf,
  id: string,
): Promise<SchedulesProposal> {
  const stored = await readStored(store, of, id)
  const chain = await readSchedulesChain(store, of.application, of.domain)
  if (chain.some(({ proposal }) => proposal === id)) return { ...stored, id, state: 'approved' }
  const decision = await readDecision(store, id, schedulesDecisionKey(of.application, of.domain, id))
  if (decision && decision.kind !== 'approved') {
    const { kind, reason, signed } = decision
    return { ...stored, id, state: kind, ended: { ...(reason !== undefined && { reason }), signed } }
  }
  // One whose approval was interrupted before its version stood is open: whoever approves it next ends that.
  return { ...stored, id, state: chain.at(-1)?.hash === stored.against.hash ? 'open' : 'void' }
}

/** All of a domain, newest first. One that was altered is left out: it cannot be approved. */
export async function listSchedulesProposals(store: ObjectStore, of: SchedulesOf): Promise<SchedulesProposal[]> {
  const prefix = schedulesProposalsPrefix(of.application, of.domain)
  const found: SchedulesProposal[] = []
  for await (const { key } of store.list(prefix)) {
    const proposal = await readSchedulesProposal(store, of, key.slice(prefix.length).replace(/\.json$/, '')).catch(
      () => undefined,
    )
    if (proposal) found.push(proposal)
  }
  return found.sort((one, other) => other.proposed.at.localeCompare(one.proposed.at))
}

const overtaken = (against: number) =>
  new InputError(
    `This proposal is void: it was made against version ${against} of the schedules, and another is in force. Propose it again.`,
  )

/** Puts a proposal in force as the next version. Throws NotFoundError, InputError where `by` proposed it or it is not open. */
export async function approveSchedules(
  deps: RetentionDeps,
  { id, by, ...of }: SchedulesOf & { id: string; by: Acting },
): Promise<StoredSchedules> {
  const { application, domain } = of
  const { store, clock } = deps
  const { actor, signed } = await mustMay(deps, by, ['approve-schedules'], 'approve retention schedules')
  const stored = await readStored(store, of, id)
  const version = await current(store, of)
  if (version.proposal === id) throw new InputError(`This proposal is in force already, as version ${version.number}.`)
  if (stored.proposed.by === by.id)
    throw new InputError('You proposed this yourself: a change of the schedules needs a second person.')
  if (stored.against.hash !== version.hash) throw overtaken(stored.against.number)
  const decisionKey = schedulesDecisionKey(application, domain, id)
  const earlier = await readDecision(store, id, decisionKey)
  if (earlier && earlier.kind !== 'approved') throw decidedAlready(earlier)
  refuseFindings(checkSchedules(stored.schedules, await deps.loadModel(application)))
  if (!(clock() >= inForceFrom(version)))
    throw new OperatorError(
      `The clock of this machine is before version ${version.number} came into force. Set it right.`,
    )
  const next: SchedulesVersion = {
    number: version.number + 1,
    previous: version.hash,
    proposal: id,
    schedules: stored.schedules,
    reason: stored.reason,
    proposed: stored.proposed,
    approved: signed,
  }
  const subject = { application, domain, version: next.number, proposal: id, previous: version.hash }
  return inLog(deps, { action: 'schedules-change', actor, subject }, async (detail) => {
    const stands = await decide(store, { proposal: id, kind: 'approved', signed }, decisionKey)
    detail.decision = decisionHash(stands)
    if (stands.kind !== 'approved') throw decidedAlready(stands)
    const text = schedulesText(next)
    try {
      await store.create(schedulesKey(application, domain, next.number), text)
    } catch (error) {
      if (error instanceof ConflictError) throw overtaken(stored.against.number)
      throw error
    }
    detail.hash = sha256Hex(text)
    return { ...next, hash: sha256Hex(text) }
  })
}

/** Lets an open proposal end: withdrawn by whoever made it, or refused, with a reason, by whoever might approve it. */
export async function endSchedulesProposal(
  deps: RetentionDeps,
  {
    id,
    kind,
    reason,
    by,
    ...of
  }: SchedulesOf & { id: string; kind: 'withdrawn' | 'refused'; reason?: string; by: Acting },
): Promise<SchedulesProposal> {
  const { application, domain } = of
  const duty = kind === 'withdrawn' ? 'propose-schedules' : 'approve-schedules'
  const { actor, signed } = await mustMay(deps, by, [duty], 'end a proposal of retention schedules')
  const why = kind === 'refused' ? said(reason ?? '', 'Say why the proposal is refused.') : undefined
  const proposal = await readSchedulesProposal(deps.store, of, id)
  if (kind === 'withdrawn' && proposal.proposed.by !== by.id)
    throw new InputError(`Only ${proposal.proposed.by}, who made this proposal, can withdraw it.`)
  if (proposal.state !== 'open') throw new InputError(`This proposal is ${proposal.state} already.`)
  const subject = { application, domain, proposal: id, outcome: kind }
  const opening = {
    action: 'schedules-decision' as const,
    actor,
    subject,
    ...(why !== undefined && { typed: { reason: why } }),
  }
  return inLog(deps, opening, async (detail) => {
    const decision: Decision = { proposal: id, kind, ...(why !== undefined && { reason: why }), signed }
    const stands = await decide(deps.store, decision, schedulesDecisionKey(application, domain, id))
    if (stands !== decision) throw decidedAlready(stands)
    detail.decision = decisionHash(stands)
    return { ...proposal, state: kind, ended: { ...(why !== undefined && { reason: why }), signed } }
  })
}
