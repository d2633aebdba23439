import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A small retired system for these tests: loans and what was paid. */
const application = {
  name: 'lending',
  title: 'Lending',
  description: 'Loans of a small bank.',
  timeZone: 'Europe/Vienna',
  retired: '2019-12-31',
  domains: [{ name: 'loans', title: 'Loans', description: 'Loans and payments.' }],
  codeLists: {
    loan_state: {
      title: 'State of a loan',
      values: [
        { code: 'A', label: 'Running' },
        { code: 'Z', label: 'Arrears' },
        { code: 'X', label: 'Repaid' },
      ],
    },
  },
}

const text = (name: string, label: string, source: string) => ({
  name,
  type: 'varchar',
  label,
  description: `${label} of the loan.`,
  source,
})

export const tables = {
  loans: {
    name: 'loans',
    domain: 'loans',
    title: 'Loans',
    description: 'One row a loan.',
    source: { name: 'TLOAN' },
    primaryKey: ['loan_number'],
    sortBy: ['loan_number'],
    columns: [
      text('loan_number', 'Loan number', 'LNR'),
      { ...text('holder', 'Holder', 'HLD'), sensitivity: ['personal'] },
      { ...text('state', 'State', 'ST'), codeList: 'loan_state' },
      {
        name: 'amount',
        type: 'decimal(20,2)',
        label: 'Amount',
        description: 'Lent.',
        source: 'AMT',
        currency: 'currency',
      },
      text('currency', 'Currency', 'CUR'),
      { name: 'opened', type: 'date', label: 'Opened', description: 'Day of the contract.', source: 'OPN' },
      { name: 'changed', type: 'timestamp', label: 'Changed', description: 'Last change.', source: 'CHG' },
      { name: 'serial', type: 'bigint', label: 'Serial', description: 'Running number.', source: 'SER' },
      { name: 'rate', type: 'double', label: 'Rate', description: 'Interest.', source: 'RAT' },
      { name: 'secured', type: 'boolean', label: 'Secured', description: 'By a mortgage.', source: 'SEC' },
      text('note', 'Note', 'NTE'),
    ],
  },
  payments: {
    name: 'payments',
    domain: 'loans',
    title: 'Payments',
    description: 'One row a payment.',
    source: { name: 'TPAY' },
    primaryKey: ['loan_number', 'paid_on'],
    sortBy: ['loan_number', 'paid_on'],
    foreignKeys: [{ columns: ['loan_number'], references: { table: 'loans', columns: ['loan_number'] } }],
    columns: [
      text('loan_number', 'Loan number', 'LNR'),
      { name: 'paid_on', type: 'date', label: 'Paid on', description: 'Day of the payment.', source: 'PD' },
      { name: 'paid', type: 'decimal(12,2)', label: 'Paid', description: 'Amount.', source: 'PA' },
    ],
  },
}

const loanColumns = [
  {
    name: 'loan_number',
    type: 'varchar',
    label: 'Loan number',
    format: 'identifier',
    link: { useCase: 'loan-file', inputs: { loan_number: 'loan_number' } },
  },
  { name: 'holder', type: 'varchar', label: 'Holder' },
  {
    name: 'state',
    type: 'varchar',
    label: 'State',
    format: 'code',
    codeList: 'loan_state',
    states: { A: 'open', X: 'ended' },
  },
  { name: 'amount', type: 'decimal(20,2)', label: 'Amount', format: 'money', currency: 'currency' },
  { name: 'currency', type: 'varchar', label: 'Currency', hidden: true },
  { name: 'opened', type: 'date', label: 'Opened' },
  { name: 'changed', type: 'timestamp', label: 'Changed' },
  { name: 'serial', type: 'bigint', label: 'Serial' },
  { name: 'rate', type: 'double', label: 'Rate' },
  { name: 'secured', type: 'boolean', label: 'Secured' },
  { name: 'note', type: 'varchar', label: 'Note', format: 'long-text' },
]
const selected = loanColumns.map(({ name }) => name).join(', ')
const loanNumber = {
  name: 'loan_number',
  type: 'string',
  label: 'Loan number',
  required: true,
  pattern: { regex: 'L-[0-9]{6}', message: 'A loan number looks like L-000042.' },
}

const view = '{% import "components.njk" as ui %}{{ ui.panel(panel) }}\n'

const queries = {
  'loans-found': {
    json: {
      title: 'Loans',
      domain: 'loans',
      parameters: [
        { name: 'holder', type: 'string', label: 'Holder' },
        { name: 'state', type: 'code', label: 'State', codeList: 'loan_state', list: true },
        { name: 'opened_from', type: 'date', label: 'Opened from' },
      ],
      columns: loanColumns,
      sorts: [
        { name: 'by-number', label: 'Number', by: ['loan_number'] },
        { name: 'largest', label: 'Largest first', by: ['-amount', 'loan_number'] },
      ],
      requireOneOf: [['holder', 'state', 'opened_from']],
      empty: 'No loan was found. Try fewer letters of the name.',
      examples: [{ title: 'By state', inputs: { state: ['A'] }, expect: { atLeast: 1 } }],
    },
    sql: `SELECT ${selected}
FROM loans
WHERE 1 = 1
{% if holder %}AND holder = {{ holder }}{% endif %}
{% if state %}AND state IN ({{ state }}){% endif %}
{% if opened_from %}AND opened >= {{ opened_from }}{% endif %}
ORDER BY {{ sort }}, loan_number
`,
  },
  loan: {
    json: {
      title: 'Loan',
      domain: 'loans',
      parameters: [loanNumber],
      columns: loanColumns,
      examples: [{ title: 'A loan', inputs: { loan_number: 'L-000001' }, expect: { rows: 1 } }],
    },
    sql: `SELECT ${selected} FROM loans WHERE loan_number = {{ loan_number }} ORDER BY loan_number\n`,
  },
  payments: {
    json: {
      title: 'Payments',
      domain: 'loans',
      parameters: [
        { ...loanNumber, name: 'number' },
        { name: 'valid_on', type: 'date', label: 'As of', default: 'today' },
      ],
      columns: [
        { name: 'paid_on', type: 'date', label: 'Paid on' },
        { name: 'paid', type: 'decimal(12,2)', label: 'Paid', format: 'number' },
      ],
      examples: [{ title: 'Payments', inputs: { number: 'L-000001' }, expect: { atLeast: 1 } }],
    },
    sql: `SELECT p.paid_on, p.paid FROM loans l JOIN payments AS p ON p.loan_number = l.loan_number
WHERE p.loan_number = {{ number }} AND p.paid_on <= {{ valid_on }} ORDER BY p.paid_on, p.paid\n`,
  },
}

const useCases = {
  'find-loan': {
    title: 'Find a loan',
    description: 'By holder, state or day.',
    keywords: ['credit'],
    domain: 'loans',
    kind: 'search',
    panels: [{ name: 'loans', query: 'loans-found', title: 'Loans' }],
    opens: { useCase: 'loan-file', inputs: { loan_number: 'loan_number' } },
  },
  'find-loan-one': {
    title: 'One loan',
    description: 'By number.',
    domain: 'loans',
    kind: 'search',
    panels: [{ name: 'loan', query: 'loan', title: 'Loan' }],
  },
  'loan-file': {
    title: 'Loan file',
    description: 'All about one loan.',
    domain: 'loans',
    kind: 'file',
    panels: [
      { name: 'loan', query: 'loan', title: 'Loan', layout: 'summary' },
      { name: 'payments', query: 'payments', title: 'Payments', inputs: { number: 'loan_number' } },
    ],
    record: { panel: 'loan', kind: 'Loan', number: 'loan_number', holder: 'holder', state: 'state' },
  },
}

/** Writes the application's templates below `root`. */
export async function writeLending(root: string): Promise<void> {
  const write = async (path: string, content: unknown): Promise<void> => {
    const file = join(root, 'lending', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
  }
  await write('application.json', application)
  for (const [name, table] of Object.entries(tables)) await write(`tables/${name}.json`, table)
  for (const [name, query] of Object.entries(queries)) {
    await write(`queries/${name}/query.json`, query.json)
    await write(`queries/${name}/query.sql.njk`, query.sql)
    await write(`queries/${name}/view.html.njk`, view)
  }
  for (const [name, useCase] of Object.entries(useCases)) await write(`use-cases/${name}.json`, useCase)
}
