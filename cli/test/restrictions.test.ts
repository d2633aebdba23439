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

it('a mask changes no value of a column that is not marked as masked', { timeout: 240_000 }, async () => {
  const run = runWith(archive.engine)
  const changed = new Set<string>()
  const compared = { values: 0, marked: 0 }
  for (const [name, statement] of statements()) {
    const plain = await run(statement)
    const names = (word: string) => new RegExp(`\\b${word}\\b`).test(statement.sql)
    for (const mask of columnsOf('sensitive').filter(({ table, column }) => names(table) && names(column))) {
      const result = await run({ ...statement, restrictions: restricted({ masks: [mask] }) })
      // Where the query filters or groups by it, other rows come.
      if (result.rows.length !== plain.rows.length) continue
      for (const [index, column] of result.columns.entries()) {
        if (column.masked) compared.marked++
        else {
          compared.values += plain.rows.length
          if (String(valuesOf(result.rows, index)) === String(valuesOf(plain.rows, index))) continue
          changed.add(`${name}.${column.name} without ${mask.table}.${mask.column}`)
        }
      }
    }
  }
  // Both are of the rows that the query chooses by what is open of them, and the only row of its answer.
  expect([...changed]).toEqual([
    'open-items-totals.invoices without allocations.amount',
    'open-items-totals.oldest_due_on without allocations.amount',
  ])
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
    OR payer_party_number IN (${staff}) OR agent_number IN (SELECT agent_number FROM agents WHERE party_number IN (${staff}))`
  const claims = `SELECT claim_number FROM claims WHERE policy_number IN (${policies})`
  const hidden: Record<string, string> = {
    parties: `party_number IN (${staff})`,
    bank_accounts: `party_number IN (${staff})`,
    policies: `policy_number IN (${policies})`,
    receipts: `policy_number IN (${policies}) OR payer_party_number IN (${staff})`,
    claims: `policy_number IN (${policies})`,
    claim_events: `claim_number IN (${claims})`,
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
