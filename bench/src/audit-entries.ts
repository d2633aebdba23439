import type { Opening } from '@muniment/archive/audit/port'

/** As a search has it: about 700 bytes with its closing. */
export const searchOpening = (number: number): Opening => ({
  action: 'search',
  actor: { id: `person-${number % 50}`, roles: ['searcher'], groups: ['claims-department', 'everybody'], rules: 7 },
  purpose: { reason: 'customer-request', note: 'The customer asked for a copy of the policy.' },
  subject: { application: 'pas', useCase: 'policy-dossier', template: 'a'.repeat(64) },
  typed: { policyNumber: `POL-${number}` },
})
