import type { Restrictions } from '../../src/engine/port.ts'
import { makeArchive, run, type TableDefinition, type TestArchive } from '../engine-archive.ts'

const step = (columns: string[], table: string, to: string[]) => ({ columns, table, to })
const party = step(['party'], 'parties', ['party'])
const contract = step(['contract'], 'contracts', ['contract'])

/**
 * Parties p0 to p9, of whom p3 is staff; contracts of theirs, of which k8 is under staff terms; claims of contracts; notes whose key
 * is a pair; and an iban that stays readable in part.
 */
const delivered = {
  parties: {
    domain: 'people',
    columns: {
      party: 'varchar',
      name: 'varchar',
      born: 'date',
      iban: 'varchar',
      staff: 'boolean',
      worth: 'integer',
    },
    access: { iban: { partly: { last: 4 } }, staff: { rowRule: { name: 'staff', hides: ['true'] } } },
    persons: [{ role: 'subject', steps: [] }],
    objects: [
      {
        select: `SELECT 'p' || i AS party, 'Name ' || i AS name, DATE '1950-01-01' + CAST(i AS INTEGER) AS born,
              CASE i WHEN 5 THEN 'X12' WHEN 6 THEN NULL ELSE 'DE0012345678' || (1000 + i) END AS iban,
              CASE WHEN i < 9 THEN i = 3 END AS staff, CAST(i AS INTEGER) AS worth FROM range(10) t(i)`,
      },
    ],
  },
  contracts: {
    domain: 'contracts',
    columns: { contract: 'varchar', party: 'varchar', payer: 'varchar', terms: 'varchar', text: 'varchar' },
    access: { terms: { rowRule: { name: 'terms', hides: ['S', "O'H"] } } },
    persons: [
      { role: 'holder', steps: [party] },
      { role: 'payer', steps: [step(['payer'], 'parties', ['party'])] },
    ],
    objects: [
      {
        select: `SELECT 'k' || i AS contract, CASE WHEN i <> 7 THEN 'p' || i END AS party, CASE WHEN i = 1 THEN 'p3' END AS payer,
              CASE WHEN i = 8 THEN 'S' WHEN i < 8 THEN 'N' END AS terms, CASE WHEN i = 3 THEN 'no number' ELSE CAST(i AS VARCHAR) END AS text
              FROM range(10) t(i)`,
      },
    ],
  },
  claims: {
    domain: 'claims',
    columns: { claim: 'varchar', contract: 'varchar', amount: 'decimal(12,2)' },
    persons: [{ role: 'holder', steps: [contract, party] }],
    objects: [
      {
        select: `SELECT 'c' || i AS claim, CASE WHEN i <> 0 THEN 'k' || i END AS contract, CAST(i AS DECIMAL(12,2)) AS amount FROM range(10) t(i)`,
      },
    ],
  },
  journal: {
    domain: 'claims',
    columns: { entry: 'varchar', contract: 'varchar', party: 'varchar', line: 'varchar' },
    persons: [{ role: 'holder', steps: [step(['contract', 'party'], 'contracts', ['contract', 'party'])] }],
    objects: [
      {
        select: `SELECT 'j' || i AS entry, 'k' || i AS contract, 'p' || (i + i // 8) AS party, 'x' AS line FROM range(10) t(i)`,
      },
    ],
  },
  codes: {
    domain: 'people',
    columns: { code: 'varchar', word: 'varchar' },
    objects: [{ select: "SELECT 'A' AS code, 'Active' AS word" }],
  },
} satisfies Record<string, TableDefinition>

export const household = async () => ({ ...(await makeArchive({ pas: delivered })), tables: delivered })

const tables = ['claims', 'codes', 'contracts', 'journal', 'parties']

export const restricted = (rest: Partial<Omit<Restrictions, 'id'>> = {}): Restrictions => ({
  id: 'the id is not relied on',
  tables,
  masks: [],
  rowRules: [],
  ...rest,
})

export const mask = (name: string, kind: 'hidden' | 'partial' = 'hidden'): Restrictions['masks'][number] => {
  const [table = '', column = ''] = name.split('.')
  return { table, column, mask: kind }
}

export type Engine = Awaited<ReturnType<TestArchive['engine']>>

/** Rows and columns of a statement that must succeed. */
export async function see(
  engine: Engine,
  sql: string,
  restrictions?: Restrictions,
  values: Parameters<typeof run>[2] = [],
) {
  const { execution, rows } = await run(engine, sql, values, restrictions ? { restrictions } : {})
  if (!execution.result) throw new Error(`${execution.state}: ${execution.error?.message}`)
  return { rows, columns: execution.result.columns, count: execution.result.rows }
}

export async function errorOf(engine: Engine, sql: string, restrictions?: Restrictions): Promise<string> {
  const { execution } = await run(engine, sql, [], restrictions ? { restrictions } : {})
  if (execution.state !== 'FAILED') throw new Error(`${sql} is ${execution.state}`)
  return execution.error?.message ?? ''
}
