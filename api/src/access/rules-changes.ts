import type { RulesSubject } from '@muniment/archive/access/check-rules'
import { refuseProposal, withdrawProposal } from '@muniment/archive/access/end-proposal'
import {
  approveProposal,
  listProposals,
  type Proposal,
  proposeRules,
  readProposal,
} from '@muniment/archive/access/proposals'
import { AccessRules } from '@muniment/archive/access/rules'
import { readRules, type StoredVersion } from '@muniment/archive/access/versions'
import { OperatorError } from '@muniment/archive/errors'
import type { AccessProposal, AccessVersion, ProposeRules } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import type { Acting } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'

/** The access rules as two people change them. Whose duty it is was asked before; the archive asks again. */
export function createRulesChanges(services: Services) {
  const { store, audit, clock, templates } = services

  async function subjects(): Promise<RulesSubject[]> {
    const all = await Promise.all((await templates.list()).map((name) => templates.get(name)))
    return all.map(({ application, useCases }) => ({ model: application, useCases: [...useCases.keys()] }))
  }

  return {
    async inForce(): Promise<AccessVersion> {
      const version = await readRules(store)
      if (!version) throw nothingHere()
      return presentVersion(version)
    },

    list: async (): Promise<AccessProposal[]> => (await listProposals(store)).map(presentProposal),

    read: async (id: string): Promise<AccessProposal> => presentProposal(await readProposal(store, id)),

    async propose({ person }: Acting, { rules, reason }: ProposeRules): Promise<AccessProposal> {
      const parsed = AccessRules.safeParse(rules)
      if (!parsed.success) throw unusable(parsed.error.issues)
      try {
        const doing = { clock, audit, subjects: await subjects() }
        return presentProposal(await proposeRules(store, parsed.data, reason, person, doing))
      } catch (error) {
        const findings = error instanceof OperatorError ? error.detail.findings : undefined
        throw Array.isArray(findings) ? unusable(findings) : error
      }
    },

    approve: async ({ person }: Acting, id: string): Promise<AccessVersion> =>
      presentVersion(await approveProposal(store, id, person, { clock, audit })),

    withdraw: async ({ person }: Acting, id: string): Promise<AccessProposal> =>
      presentProposal(await withdrawProposal(store, id, person, { clock, audit })),

    refuse: async ({ person }: Acting, id: string, reason: string): Promise<AccessProposal> =>
      presentProposal(await refuseProposal(store, id, reason, person, { clock, audit })),
  }
}

function unusable(findings: readonly { path: PropertyKey[]; message: string; hint?: string }[]): ProblemError {
  const fields: Record<string, string> = {}
  for (const { path, message, hint } of findings)
    fields[path.map(String).join('.') || 'rules'] ??= hint === undefined ? message : `${message} (${hint})`
  const sentences = Object.entries(fields).map(([name, message]) => `${name}: ${message}`)
  return new ProblemError('invalid-input', `These access rules would not do. ${sentences.join('; ')}.`, { fields })
}

const signed = ({ by, at }: { by: string; at: string }) => ({ by, at })

const presentVersion = ({ number, reason, proposed, approved, rules }: StoredVersion): AccessVersion => ({
  number,
  reason,
  proposed: signed(proposed),
  ...(approved && { approved: signed(approved) }),
  rules,
})

const presentProposal = ({ id, state, ended, against, reason, proposed, rules }: Proposal): AccessProposal => ({
  id,
  state,
  ...(ended && { ended: { ...signed(ended.signed), ...(ended.reason !== undefined && { reason: ended.reason }) } }),
  against: against.number,
  reason,
  proposed: signed(proposed),
  rules,
})
