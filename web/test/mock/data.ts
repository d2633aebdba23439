import type { UseCaseDescription } from '@muniment/api/contract'
import type { MockColumn, MockRow } from './html.ts'

const names = [
  'Müller, Anna-Sophie',
  "O'Brien, Seán",
  'Nguyễn Thị Hương',
  'Łukasz Żółć',
  'Παπαδόπουλος, Νίκος',
  'Иванова, Ольга',
  'Schmidt, Karl-Heinz',
  'Fernández-García, José',
  'García & Söhne GmbH',
  '<script>alert(1)</script>',
]
const products = ['Motor comprehensive', 'Household contents', 'Term life', 'Private liability', 'Legal expenses']
const states = ['Active', 'Lapsed', 'Cancelled', 'Active', 'Disputed']
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item
const day = (at: number) =>
  new Date(Date.UTC(1984 + (at % 38), (at * 7) % 12, 1 + ((at * 13) % 28))).toISOString().slice(0, 10)
const story =
  'Insured called to say that the vehicle had been damaged while parked; {{ policy.number }} was quoted, a witness was named, and the file "was left with a note": it\'s to be looked at again by the regional office before any payment is made to the garage in question.'

const policy = (at: number): MockRow => ({
  policy_number: `PV-${1984 + (at % 38)}-${String(100417 + at * 7).padStart(6, '0')}`,
  holder: pick(names, at),
  product: pick(products, at),
  status: pick(states, at),
  begin: day(at),
  end: at % 3 === 0 ? null : day(at + 9),
  premium: `${(at % 11 === 0 ? -1 : 1) * (120.5 + at * 17.25)}`,
  agent: `A-${4000 + (at % 90)}`,
  plate: at % 4 === 0 ? 'M-XY 1234' : null,
})

export const policyColumns: MockColumn[] = [
  {
    name: 'policy_number',
    label: 'Policy number',
    type: 'id',
    link: { useCase: 'policy-file', input: 'policy_number' },
  },
  { name: 'holder', label: 'Holder', type: 'text' },
  { name: 'product', label: 'Product', type: 'code' },
  { name: 'status', label: 'State', type: 'tag' },
  { name: 'begin', label: 'Begins', type: 'date' },
  { name: 'end', label: 'Ends', type: 'date' },
  { name: 'premium', label: 'Yearly premium', type: 'money' },
  { name: 'agent', label: 'Agent', type: 'id', hidden: true },
  { name: 'plate', label: 'Licence plate', type: 'id', hidden: true },
]

const text = (name: string, label: string, rest: Partial<UseCaseDescription['parameters'][number]> = {}) => ({
  name,
  label,
  type: 'string' as const,
  list: false,
  required: false,
  maxLength: 200,
  ...rest,
})
const validOn = text('valid_on', 'Valid on', { type: 'date', hint: 'The contract as it stood on this day.' })
const knownOn = text('known_on', 'Known on', { type: 'date', hint: 'Only what the system knew by this day.' })

const caseOf = (
  name: string,
  title: string,
  domain: string,
  kind: UseCaseDescription['kind'],
  rest: Partial<UseCaseDescription>,
): UseCaseDescription => ({
  name,
  application: 'pas',
  title,
  description: `${title}.`,
  keywords: [],
  domain,
  kind,
  parameters: [],
  requireOneOf: [],
  tables: ['policies'],
  examples: [],
  panels: [{ name: 'list', title, query: name, layout: 'table' }],
  ...rest,
})

export const useCases: UseCaseDescription[] = [
  caseOf('find-policy', 'Find a policy', 'policies', 'search', {
    description: 'By its number, the holder, a licence plate, the insured address, the agent, or product and period.',
    keywords: ['contract', 'insurance', 'plate'],
    parameters: [
      text('policy_number', 'Policy number', {
        example: 'PV-1998-100417',
        hint: 'As on the certificate, with or without hyphens.',
        pattern: {
          regex: 'PV-?\\d{4}-?\\d{6}',
          message: 'A policy number is PV, the year and six digits, such as PV-1998-100417.',
        },
      }),
      text('holder', 'Holder’s name', { example: 'Müller', hint: 'Spelling variants and sound-alikes are found too.' }),
      text('product', 'Product', { type: 'code', options: products.map((label, at) => ({ value: `P${at}`, label })) }),
      text('begins_from', 'Begins from', { type: 'date' }),
      text('agents', 'Agents', { list: true, example: 'A-4000' }),
      text('states', 'States', {
        list: true,
        type: 'choice',
        options: ['Active', 'Lapsed', 'Cancelled'].map((label) => ({ value: label, label })),
      }),
    ],
    requireOneOf: [['policy_number', 'holder', 'product', 'agents']],
    examples: [
      { title: 'A holder called Müller', inputs: { holder: 'Müller' } },
      { title: 'One policy by its number', inputs: { policy_number: 'PV-1984-100417' } },
    ],
  }),
  caseOf('policy-file', 'Policy file', 'policies', 'file', {
    description: 'Everything about one policy, as of a date where the records allow it.',
    parameters: [
      text('policy_number', 'Policy number', { required: true, example: 'PV-1998-100417' }),
      validOn,
      knownOn,
    ],
    panels: [
      'summary:Key facts',
      'timeline:What happened',
      'table:Versions',
      'table:Coverages',
      'table:Claims',
      'table:Receipts',
      'table:Correspondence',
      'table:Beneficiaries',
    ].map((one) => {
      const [layout = 'table', title = ''] = one.split(':')
      return { name: title.toLowerCase().replaceAll(' ', '-'), title, query: 'x', layout: layout as 'table' }
    }),
    examples: [{ title: 'A motor policy with two claims', inputs: { policy_number: 'PV-1998-100417' } }],
  }),
  caseOf('find-customer', 'Find a customer', 'customers', 'search', {
    keywords: ['person', 'name', 'holder'],
    parameters: [text('name', 'Name', { example: 'Müller' }), text('born', 'Date of birth', { type: 'date' })],
    requireOneOf: [['name', 'born']],
  }),
  caseOf('customer-file', 'Customer file', 'customers', 'file', {
    parameters: [text('customer_number', 'Customer number', { required: true, example: 'C-004711' })],
  }),
  caseOf('data-subjects-copy', 'Data subject’s copy', 'customers', 'file', {
    keywords: ['GDPR', 'access'],
    parameters: [text('customer_number', 'Customer number', { required: true, example: 'C-004711' })],
  }),
  caseOf('complaints', 'Complaints', 'customers', 'report', { parameters: [text('from', 'From', { type: 'date' })] }),
  caseOf('find-claim', 'Find a claim', 'claims', 'search', {
    parameters: [text('claim_number', 'Claim number', { example: 'S-2004-88123', required: true })],
  }),
  caseOf('claim-file', 'Claim file', 'claims', 'file', {
    parameters: [text('claim_number', 'Claim number', { example: 'S-2004-88123', required: true })],
  }),
  caseOf('large-losses', 'Large losses of a period', 'claims', 'report', {
    parameters: [
      text('from', 'From', { type: 'date', required: true }),
      text('at_least', 'At least', { type: 'decimal', default: '100000' }),
    ],
  }),
  caseOf('open-items', 'Open items at a date', 'receipts', 'report', {
    parameters: [text('at', 'At', { type: 'date', required: true, default: 'today' })],
  }),
  caseOf('statement', 'Statement of account', 'receipts', 'report', {
    parameters: [text('policy_number', 'Policy number', { required: true })],
  }),
]

export interface MockPanel {
  columns: MockColumn[]
  rows: MockRow[]
  honours: string[]
  /** Milliseconds until it has ended. */
  takes: number
}

export function panelOf(useCaseName: string, panel: string, inputs: Record<string, string | string[]>): MockPanel {
  const all = Array.from({ length: 128 }, (_, at) => policy(at))
  if (useCaseName === 'find-policy') {
    const rows = inputs.policy_number
      ? [{ ...policy(1), policy_number: String(inputs.policy_number) }]
      : inputs.holder === 'none'
        ? []
        : all
    return { columns: policyColumns, rows, honours: [], takes: inputs.holder === 'slow' ? 14_000 : 40 }
  }
  if (panel === 'key-facts') {
    return {
      columns: [
        ...policyColumns.map(({ link: _, ...column }) => ({ ...column, hidden: false })),
        { name: 'vat', label: 'Sum insured', type: 'money' },
      ],
      rows: [{ ...policy(3), vat: '85000' }],
      honours: ['valid_on', 'known_on'],
      takes: 30,
    }
  }
  if (panel === 'what-happened') {
    const rows = [
      'Applied for',
      'Issued',
      'Premium changed',
      'Claim reported',
      'Claim paid',
      'Lapsed for unpaid premium',
      'Reinstated',
      'Cancelled by the holder',
    ].map((what, at) => ({
      date: day(at * 3 + 2),
      what,
      text:
        at % 2
          ? 'By letter of the holder; confirmed the same week.'
          : `Recorded by the regional office, reference R-${4400 + at}`,
    }))
    return {
      columns: [
        { name: 'date', label: 'Date', type: 'date' },
        { name: 'what', label: 'What', type: 'text' },
      ],
      rows,
      honours: ['known_on'],
      takes: 300,
    }
  }
  if (panel === 'correspondence') {
    return {
      columns: [
        { name: 'begin', label: 'Date', type: 'date' },
        { name: 'agent', label: 'Document', type: 'id' },
        { name: 'story', label: 'Text', type: 'long' },
      ],
      rows: all.slice(0, 7).map((row) => ({ ...row, story })),
      honours: [],
      takes: 500,
    }
  }
  if (panel === 'beneficiaries') return { columns: policyColumns, rows: [], honours: ['valid_on'], takes: 80 }
  if (panel === 'receipts') {
    const wide: MockColumn[] = Array.from({ length: 16 }, (_, at) => ({
      name: `c${at}`,
      label: `Posted amount ${at}`,
      type: 'money',
    }))
    return {
      columns: [{ name: 'policy_number', label: 'Receipt', type: 'id' }, ...wide],
      rows: all.map((row, r) => ({
        ...row,
        ...Object.fromEntries(wide.map((column, c) => [column.name, String(r * 1234.5 - c * 777)])),
      })),
      honours: [],
      takes: 900,
    }
  }
  return {
    columns: policyColumns.slice(panel === 'versions' ? 0 : 1, 7).map(({ link: _, ...column }) => column),
    rows: all.slice(0, panel === 'claims' ? 3 : 9),
    honours: panel === 'claims' ? [] : ['valid_on'],
    takes: 150,
  }
}
