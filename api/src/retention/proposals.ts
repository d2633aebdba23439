import { TemplateError } from '@muniment/archive/errors'
import type { Retention } from '@muniment/retention/retention'
import type { SchedulesProposal as Proposal } from '@muniment/retention/schedule/proposals'
import { DomainSchedules } from '@muniment/retention/schedule/types'
import type { ProposeSchedules, SchedulesProposal } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import type { Acting } from '../shared/acting.ts'
import type { Services } from '../shared/services.ts'
import { presentText } from './present-schedules.ts'

const signed = ({ by, at }: { by: string; at: string }) => ({ by, at })

/** Retention schedules as two people change them. Whose duty it is was asked before; retention asks again. */
export function createSchedulesChanges({ templates }: Services, retention: Retention) {
  async function present(proposal: Proposal): Promise<SchedulesProposal> {
    const { id, state, against, reason, proposed, ended, changes, schedules } = proposal
    const { application: model } = await templates.get(schedules.application)
    return {
      id,
      application: schedules.application,
      domain: schedules.domain,
      state,
      against: against.number,
      reason,
      proposed: signed(proposed),
      ...(ended && { ended: { ...signed(ended.signed), ...(ended.reason !== undefined && { reason: ended.reason }) } }),
      changes: changes.map((change) => ({
        ...change,
        title: schedules.classes.find(({ name }) => name === change.class)?.title ?? change.class,
      })),
      schedules: presentText(model, schedules),
    }
  }

  return {
    async list(application?: string): Promise<SchedulesProposal[]> {
      const names = (await templates.list()).filter((name) => application === undefined || name === application)
      const found = await Promise.all(names.map((name) => retention.proposals(name)))
      return Promise.all(found.flat().map(present))
    },

    read: async (id: string): Promise<SchedulesProposal> => present(await retention.proposal(id)),

    async propose({ person }: Acting, { schedules, reason }: ProposeSchedules): Promise<SchedulesProposal> {
      const parsed = DomainSchedules.safeParse(schedules)
      if (!parsed.success) throw unusable(parsed.error.issues)
      if (!(await templates.list()).includes(parsed.data.application))
        throw unusable([{ path: ['application'], message: 'there is no such application' }])
      try {
        return await present(await retention.propose({ schedules: parsed.data, reason, by: person }))
      } catch (error) {
        const findings = error instanceof TemplateError ? error.detail.findings : undefined
        throw Array.isArray(findings) ? unusable(findings) : error
      }
    },

    approve: async ({ person }: Acting, id: string): Promise<SchedulesProposal> =>
      present(await retention.approveProposal(id, person)),

    withdraw: async ({ person }: Acting, id: string): Promise<SchedulesProposal> =>
      present(await retention.endProposal(id, { kind: 'withdrawn', by: person })),

    refuse: async ({ person }: Acting, id: string, reason: string): Promise<SchedulesProposal> =>
      present(await retention.endProposal(id, { kind: 'refused', reason, by: person })),
  }
}

function unusable(findings: readonly { path?: PropertyKey[]; message: string }[]): ProblemError {
  const fields: Record<string, string> = {}
  for (const { path, message } of findings) fields[path?.map(String).join('.') || 'schedules'] ??= message
  const sentences = Object.entries(fields).map(([name, message]) => `${name}: ${message}`)
  return new ProblemError('invalid-input', `These retention schedules would not do. ${sentences.join('; ')}.`, {
    fields,
  })
}
