import { canonicalJson } from '../audit/canonical.ts'
import { InputError, OperatorError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { checkRules, type RulesSubject, refuse } from './check-rules.ts'
import { rolesWith } from './duties.ts'
import { firstRules } from './proposals.ts'
import { rightsBy } from './rights.ts'
import type { AccessRules, Duty } from './rules.ts'
import type { Actor, Doing } from './rules-acts.ts'
import { readRules, type StoredVersion } from './versions.ts'

export class NoRulesError extends OperatorError {
  constructor() {
    super(
      'There are no access rules yet, so nobody sees any record. Whoever runs this archive puts the first in force: ' +
        'npx muniment access begin FILE (docs/access-rules.md).',
    )
  }
}

export interface Beginning extends Doing {
  reason: string
  /** Who puts them in force: the operator's account. */
  by: string
  /** What the names in them are checked against. */
  subjects?: readonly RulesSubject[] | undefined
  /** Who can sign in, with their groups; undefined where the provider alone knows. */
  people: readonly Actor[] | undefined
}

/** The first rules, and the ids of those who may change them; none where nobody here knows who signs in. */
export interface Begun {
  version: StoredVersion
  proposers: string[]
  approvers: string[]
}

/**
 * Puts an operator's first rules in force, once and for all: every later change needs two people, so two who exist have to be able to. Throws
 * InputError where there are rules, OperatorError where these would not do.
 */
export async function beginRules(store: ObjectStore, rules: AccessRules, beginning: Beginning): Promise<Begun> {
  const { subjects, people, reason, by, clock, audit } = beginning
  const there = await readRules(store)
  if (there) throw inForce(there.number)
  if (reason.trim() === '') throw new InputError('Say why these access rules come into force.', { reason: 'Say why.' })
  refuse('These access rules', checkRules(rules, subjects))
  const having = (duty: Duty) =>
    (people ?? []).filter((person) => rightsBy(rules, 1, person, clock()).has(duty)).map(({ id }) => id)
  const [proposers, approvers] = [having('propose-rules'), having('approve-rules')]
  if (people) mustBeChangeable(rules, proposers, approvers)
  const version = await firstRules(store, rules, { reason, by, clock, audit })
  // Somebody else was first in between: theirs stand.
  if (version.proposed.by !== by || canonicalJson(version.rules) !== canonicalJson(rules)) throw inForce(version.number)
  return { version, proposers, approvers }
}

const inForce = (version: number) =>
  new InputError(
    `There are access rules already: version ${version} is in force. From here on two people change them: npx muniment access propose.`,
  )

function mustBeChangeable(rules: AccessRules, proposers: string[], approvers: string[]): void {
  for (const [duty, what, those] of [
    ['propose-rules', 'propose', proposers],
    ['approve-rules', 'approve', approvers],
  ] as const) {
    if (those.length > 0) continue
    const roles = rolesWith(duty)
    const groups = [...new Set(rules.grants.flatMap((grant) => (roles.includes(grant.role) ? grant.groups : [])))]
    throw new OperatorError(
      `Nobody who signs in here might ${what} another version of these rules: nobody is in ${groups.join(' or ')} ` +
        `(${roles.join(' or ')}). npx muniment users add ... --groups ${groups[0]}`,
    )
  }
  if (new Set([...proposers, ...approvers]).size < 2)
    throw new OperatorError(
      `${proposers[0]} alone might propose and approve another version of these rules, and a change needs two people. ` +
        'npx muniment users add',
    )
}
