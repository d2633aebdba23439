import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PanelData, Templates } from '@muniment/query-templates/port'
import { type Query, QueryFile } from '@muniment/query-templates/types'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const column = (name: string, type: string, more: object = {}) => ({
  name,
  type,
  label: name,
  description: name,
  source: name.toUpperCase(),
  ...more,
})

/** A lending library: one table is enough for a language. */
export const APPLICATION = {
  name: 'library',
  title: 'Library',
  description: 'Loans of a library that closed.',
  timeZone: 'Europe/Berlin',
  domains: [{ name: 'loans', title: 'Loans', description: 'Who borrowed what.' }],
  codeLists: {
    state: {
      title: 'State of a loan',
      values: [
        { code: 'O', label: 'Out' },
        { code: 'B', label: 'Back' },
        { code: '<', label: 'Less & more' },
      ],
    },
  },
}

export const TABLE = {
  name: 'loans',
  domain: 'loans',
  title: 'Loans',
  description: 'One row a loan.',
  source: { name: 'TLOAN' },
  primaryKey: ['loan_number'],
  sortBy: ['loan_number'],
  columns: [
    column('loan_number', 'varchar', { required: true }),
    column('reader', 'varchar', { sensitivity: ['personal'] }),
    column('reader_folded', 'varchar', {
      source: undefined,
      sensitivity: ['personal'],
      derived: { from: ['reader'], function: 'fold' },
    }),
    column('state', 'varchar', { codeList: 'state' }),
    column('lent_on', 'date'),
    column('copies', 'integer'),
    column('fee', 'decimal(12,2)', { currency: 'fee_currency' }),
    column('fee_currency', 'varchar'),
  ],
}

export const QUERY = {
  title: 'Loans',
  domain: 'loans',
  parameters: [
    { name: 'loan_number', type: 'string', label: 'Loan number' },
    { name: 'reader', type: 'string', label: 'Reader', transform: 'fold' },
    { name: 'states', type: 'code', codeList: 'state', list: true, label: 'States' },
    { name: 'since', type: 'date', label: 'Lent since' },
  ],
  columns: [
    { name: 'loan_number', type: 'varchar', label: 'Loan', format: 'identifier' },
    { name: 'state', type: 'varchar', label: 'State', codeList: 'state', states: { O: 'open', B: 'ended' } },
    { name: 'lent_on', type: 'date', label: 'Lent on' },
    { name: 'fee', type: 'decimal(12,2)', label: 'Fee', currency: 'fee_currency' },
    { name: 'fee_currency', type: 'varchar', label: 'Currency', hidden: true },
  ],
  sorts: [
    { name: 'newest', label: 'Newest first', by: ['-lent_on'] },
    { name: 'by-fee', label: 'By fee', by: ['fee', '-lent_on'] },
  ],
  requireOneOf: [['loan_number', 'reader']],
  examples: [{ title: 'A loan', inputs: { loan_number: 'L1' }, expect: { rows: 1 } }],
}

export const SQL = `SELECT loan_number, state, lent_on, fee, fee_currency
FROM loans
WHERE 1 = 1
{% if loan_number %}  AND loan_number = {{ loan_number }}
{% endif %}{% if reader %}  AND reader_folded = {{ reader }}
{% endif %}{% if states %}  AND state IN ({{ states }})
{% endif %}{% if since %}  AND lent_on >= {{ since }}
{% endif %}ORDER BY {{ sort }}, loan_number
`

export const USE_CASE = {
  title: 'Find a loan',
  description: 'By number or reader.',
  domain: 'loans',
  kind: 'search',
  panels: [{ name: 'loans', query: 'loans', title: 'Loans' }],
}

type Files = Record<string, string | object>

export const FILES: Files = {
  'library/application.json': APPLICATION,
  'library/tables/loans.json': TABLE,
  'library/queries/loans/query.json': QUERY,
  'library/queries/loans/query.sql.njk': SQL,
  'library/use-cases/find-loan.json': USE_CASE,
}

/** A templates folder with these files in place of or beside the library's; null takes one away. */
export function templatesFolder(changed: Record<string, string | object | null> = {}): string {
  const root = join(mkdtempSync(join(tmpdir(), 'muniment-templates-')), 'query-templates')
  folders.push(dirname(root))
  for (const [path, content] of Object.entries({ ...FILES, ...changed }))
    if (content !== null) write(root, path, content)
  return root
}

export function write(root: string, path: string, content: string | object): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
}

/** The loans query with its SQL, view or properties replaced; nothing is read from disk. */
export function query(changed: { sql?: string; view?: string; file?: Partial<typeof QUERY> | object } = {}): Query {
  return {
    ...QueryFile.parse({ ...QUERY, ...changed.file }),
    name: 'loans',
    sql: changed.sql ?? SQL,
    view: changed.view ?? '{% import "components.njk" as ui %}{{ ui.panel(panel) }}',
    files: { json: 'query.json', sql: 'query.sql.njk', view: 'view.html.njk' },
  }
}

export const panelData = (loans: Query, rows: PanelData['rows'], changed: Partial<PanelData> = {}): PanelData => ({
  title: 'Loans',
  layout: 'table',
  columns: loans.columns.filter(({ hidden }) => !hidden),
  rows,
  total: rows.length,
  more: false,
  page: 1,
  pageSize: 50,
  inputs: {},
  empty: 'No loan was found.',
  honours: [],
  ...changed,
})

export const templatesOf = (loans: Query): Templates => ({
  application: { ...APPLICATION, legalEntities: [], tables: [] } as unknown as Templates['application'],
  queries: new Map([[loans.name, loans]]),
  useCases: new Map(),
  hash: '',
  hashOf: () => '',
})
