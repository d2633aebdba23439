import type { Person } from './port.ts'

export interface SamplePerson extends Person {
  /** What they do, in a sentence, for the page that offers them. */
  role: string
}

const sample = (id: string, name: string, group: string, role: string, records?: string[]): SamplePerson => ({
  id,
  name,
  groups: [group],
  role,
  ...(records && { records }),
})

/** The people of the demonstration: there while nobody has configured sign-in, and on loopback only. */
export const samplePeople: readonly SamplePerson[] = [
  sample(
    'lena.hart',
    'Lena Hart',
    'customer-service',
    'Customer service: has callers on the phone and looks up what they ask.',
  ),
  sample(
    'tomas.reyes',
    'Tomás Reyes',
    'claims',
    'Claims handler: answers questions about old claims and their payments.',
  ),
  sample(
    'ingrid.solberg',
    'Ingrid Solberg',
    'claims-lead',
    'Head of claims: also handles the cases that others may not see.',
  ),
  sample('paul.okafor', 'Paul Okafor', 'accounting', 'Accountant: follows invoices, receipts and payments.'),
  sample(
    'mira.kovacs',
    'Mira Kovács',
    'data-protection',
    'Data protection officer: answers people who ask what is held about them.',
    // In the sample system she is a member of staff under another name, so that opening her own file can be shown.
    ['pas:parties:P10000019'],
  ),
  sample(
    'henrik.lund',
    'Henrik Lund',
    'records-management',
    'Records manager: answers for retention, holds and the access rules.',
  ),
  sample(
    'sofia.marin',
    'Sofia Marin',
    'approval',
    'Approver: the second person, without whom nothing that binds happens.',
  ),
  sample('david.stern', 'David Stern', 'approval', 'Approver: stands in for the other one.'),
  sample('noor.aziz', 'Noor Aziz', 'internal-audit', 'Internal auditor: reads the log of who saw what.'),
  sample('emil.brandt', 'Emil Brandt', 'archive', 'Archivist: loads deliveries, keeps models and templates.'),
  sample('kim.nguyen', 'Kim Nguyen', 'it-operations', 'Operator: runs the machine and sees no records.'),
]
