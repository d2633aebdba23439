import type { Duty, Role } from './rules.ts'

/**
 * What each role does besides seeing records. Who proposes does not approve; who says what the records mean (and how sensitive they
 * are) does not say who sees them; who reads the log does nothing that stands in it; who runs the machine has nothing else.
 */
const DUTIES: Record<Role, readonly Duty[]> = {
  searcher: [],
  'case-officer': ['make-statements'],
  'records-manager': ['propose-rules', 'manage-holds', 'plan-destruction', 'propose-schedules', 'make-statements'],
  approver: ['approve-rules', 'approve-destruction', 'approve-schedules', 'approve-statements'],
  auditor: ['read-log'],
  archivist: ['load', 'publish-templates'],
  operator: ['operate'],
}

export const dutiesOf = (role: Role): readonly Duty[] => DUTIES[role]

export const rolesWith = (duty: Duty): Role[] =>
  (Object.keys(DUTIES) as Role[]).filter((role) => DUTIES[role].includes(duty))

/** Pairs of duties that no group may hold at once, and why. */
export const APART: readonly [Duty, Duty, string][] = [
  ['propose-rules', 'approve-rules', 'who proposes a change does not approve it'],
  ['read-log', 'propose-rules', 'who reads the log does not make what stands in it'],
  ['read-log', 'approve-rules', 'who reads the log does not make what stands in it'],
  ['read-log', 'manage-holds', 'who reads the log does not make what stands in it'],
  ['read-log', 'load', 'who reads the log does not make what stands in it'],
  ['publish-templates', 'propose-rules', 'who says what is sensitive does not say who sees it'],
  ['publish-templates', 'approve-rules', 'who says what is sensitive does not say who sees it'],
]
