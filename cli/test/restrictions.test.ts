import type { Restrictions, Row, Statement } from '@muniment/archive/engine/port'
import { bind } from '@muniment/query-templates/bind'
import { runWith } from '@muniment/query-templates/examples'
import { checkInputs } from '@muniment/query-templates/inputs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SampleArchive, sampleArchive } from './sample-archive.ts'

let archive: SampleArchive
beforeAll(async () => {
  archive = await sampleArchive({ policies: 1000 })
})
afterAll(() => archive?.close())

function restricted(rest: Partial<Restrictions> = {}): Restrictions {
  const tables = archive.templates.application.tables.map(({ name }) => name)
  return { id: '', tables, masks: [], rowRules: [], ...rest }
}

const columnsOf = (which: 'all' | 'sensitive'): Restrictions['masks'] =>
  archive.templates.application.tables.flatMap((table) =>
    table.columns
      .filter(({ sensitivity }) => which === 'all' || sensitivity.length > 0)
      .map(({ name }) => ({ table: table.name, column: name, mask: 'hidden' as const })),
  )

/** What the examples of queries are run with, one for each query. */
const statements = (): [string, Statement][] =>
  [...archive.templates.queries.values()].map((query) => {
    const inputs = checkInputs(query, query.examples[0]?.inputs ?? {}, archive.templates.application)
    return [query.name, bind(archive.templates, query, inputs)]
  })

/** Counts, and what a query itself writes out. */
const madeOfNoColumn = [
  'agent-commissions.entries',
  'claim-timeline.kind_order',
  'claim-timeline.what',
  'customer-policies.first_role',
  'customer-policies.roles',
  'insured-objects.kind',
  'insured-objects.kind_order',
  'open-items-totals.invoices',
  'policy-timeline.kind_order',
  'policy-timeline.what',
  'subject-inventory.area',
  'subject-inventory.nth',
  'subject-inventory.number_of_records',
  'subject-inventory.records',
  'subject-inventory.role',
  'subject-payments.kind_order',
]

it('the engine knows of which columns every column of every query is made', async () => {
  const without: string[] = []
  const restrictions = restricted({ masks: columnsOf('all') })
  for (const [name, statement] of statements()) {
    const columns = await archive.engine.prepare({ ...statement, restrictions })
    expect(columns.map((column) => column.name)).toEqual(
      archive.templates.queries.get(name)?.columns.map((column) => column.name),
    )
    without.push(...columns.filter(({ masked }) => !masked).map((column) => `${name}.${column.name}`))
  }
  expect(without.sort()).toEqual(madeOfNoColumn)
})

const valuesOf = (rows: Row[], index: number) => rows.map((row) => row[index] ?? null).sort()

/** `masked` with the columns where the engine does not run it, for it would choose rows by them. */
async function answer(statement: Statement) {
  const id = await archive.engine.start(statement, {
    token: `masks-${crypto.randomUUID()}`,
    lane: 'search',
    person: 'tests',
    timeLimit: 60_000,
    rowLimit: 10_000,
  })
  const { state, result, error } = await archive.engine.wait(id, 60_000)
  if (error?.kind === 'masked') return { masked: error.columns ?? [] }
  if (!result) throw new Error(`${state}: ${error?.message}`)
  const rows: Row[] = []
  for await (const batch of archive.engine.rows(id)) rows.push(...batch)
  return { columns: result.columns, rows }
}

it('a mask removes no row and changes no value of a column that is not marked as masked, or nothing is shown', {
  timeout: 240_000,
}, async () => {
  const run = runWith(archive.engine)
  const changed = new Set<string>()
  const refused = new Set<string>()
  const compared = { values: 0, marked: 0 }
  for (const [name, statement] of statements()) {
    const plain = await run(statement)
    const names = (word: string) => new RegExp(`\\b${word}\\b`).test(statement.sql)
    for (const mask of columnsOf('sensitive').filter(({ table, column }) => names(table) && names(column))) {
      const result = await answer({ ...statement, restrictions: restricted({ masks: [mask] }) })
      const without = `without ${mask.table}.${mask.column}`
      if (result.masked) {
        expect(result.masked).toEqual([`${mask.table}.${mask.column}`])
        refused.add(`${name} ${without}`)
        continue
      }
      if (result.rows.length !== plain.rows.length) changed.add(`rows of ${name} ${without}`)
      for (const [index, column] of result.columns.entries()) {
        if (column.masked) compared.marked++
        else {
          compared.values += plain.rows.length
          if (String(valuesOf(result.rows, index)) !== String(valuesOf(plain.rows, index)))
            changed.add(`${name}.${column.name} ${without}`)
        }
      }
    }
  }
  expect([...changed]).toEqual([])
  expect(refused).toContain('open-items-totals without allocations.amount')
  expect(refused).toContain('find-customer without party_names.surname_folded')
  // What only shows values is shown without them.
  for (const shown of [
    'statement-of-account',
    'policy-summary',
    'claim-summary',
    'customer-summary',
    'policy-timeline',
  ])
    expect([...refused].filter((each) => each.startsWith(`${shown} `))).toEqual([])
  expect(compared.values).toBeGreaterThan(10_000)
  expect(compared.marked).toBeGreaterThan(100)
})

it('rules hide of each query what is about hidden persons and records, however far it is from them', async () => {
  const run = runWith(archive.engine)
  const counts = async (sql: string, rowRules: string[]) => {
    const statement = { application: 'pas', sql, values: [], restrictions: restricted({ rowRules }) }
    return (await run(statement)).rows.map(([count]) => Number(count))
  }
  // Said anew by hand, and not by the model's paths.
  const staff = `SELECT party_number FROM parties WHERE staff`
  const policies = `SELECT policy_number FROM policies WHERE staff_terms OR holder_party_number IN (${staff})
    OR payer_party_number IN (${staff})`
  const claims = `SELECT claim_number FROM claims WHERE policy_number IN (${policies})`
  const hidden: Record<string, string> = {
    parties: `party_number IN (${staff})`,
    bank_accounts: `party_number IN (${staff})`,
    policies: `policy_number IN (${policies})`,
    receipts: `policy_number IN (${policies}) OR payer_party_number IN (${staff})`,
    claims: `policy_number IN (${policies})`,
    claim_events: `claim_number IN (${claims})`,
    commissions: `policy_number IN (${policies})`,
    claim_payments: `claim_number IN (${claims}) OR payee_party_number IN (${staff})`,
  }
  for (const [table, condition] of Object.entries(hidden)) {
    const [all = 0] = await counts(`SELECT count(*) AS n FROM ${table}`, [])
    const [gone = 0] = await counts(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`, [])
    expect(await counts(`SELECT count(*) AS n FROM ${table}`, ['staff']), table).toEqual([all - gone])
    expect(gone, table).toBeGreaterThan(0)
    expect(gone, table).toBeLessThan(all)
  }
})

it.each([
  ['claim-timeline', 'claim_number', 'number', 'claim_events', 'event_no'],
  ['claim-parties', 'claim_number', 'claim_party_no', 'claim_parties', 'claim_party_no'],
  ['correspondence', 'claim_number', 'letter_no', 'correspondence', 'letter_no'],
  ['policy-beneficiaries', 'policy_number', 'beneficiary_no', 'beneficiaries', 'beneficiary_no'],
  ['insured-objects', 'policy_number', 'object_no', 'insured_lives', 'insured_no'],
] as const)(
  'the numbers that %s shows leave no gap where a row between them is hidden',
  async (name, input, column, table, number) => {
    const run = runWith(archive.engine)
    const { application, queries } = archive.templates
    const most = await run({
      application: 'pas',
      sql: `SELECT ${input} FROM ${table} WHERE ${input} IS NOT NULL GROUP BY ${input} ORDER BY count(*) DESC, ${input} LIMIT 1`,
      values: [],
      restrictions: restricted(),
    })
    const query = queries.get(name)
    if (!query) throw new Error(name)
    const statement = bind(
      archive.templates,
      query,
      checkInputs(query, { [input]: String(most.rows[0]?.[0]) }, application),
    )
    // As the engine's view of the table is where a rule hides the first.
    const sql = statement.sql.replaceAll(
      new RegExp(`FROM ${table} (\\w+)`, 'g'),
      `FROM (SELECT * FROM ${table} WHERE ${number} > 1) $1`,
    )
    const numbers = async (sql: string) => {
      const { columns, rows } = await run({ ...statement, sql, restrictions: restricted() })
      const at = (wanted: string) => columns.findIndex(({ name }) => name === wanted)
      const ofTable = rows.filter((row) => name !== 'claim-timeline' || row[at('what')] === 'event')
      return ofTable.map((row) => Number(row[at(column)])).sort((left, right) => left - right)
    }
    const whole = await numbers(statement.sql)
    expect(whole.length).toBeGreaterThan(1)
    expect(await numbers(sql)).toEqual(whole.slice(0, -1))
  },
)
