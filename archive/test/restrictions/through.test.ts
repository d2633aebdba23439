import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeArchive, type TableDefinition, type TestArchive } from '../engine-archive.ts'
import { type Engine, restricted, see } from './household.ts'

const step = (column: string, table: string) => ({ columns: [column], table, to: [column] })

/** p1 is staff and sold k1, holds k2; k3 is under terms that hide it whoever asks by whatever role. */
const tables = {
  parties: {
    domain: 'people',
    columns: { party: 'varchar', staff: 'boolean' },
    access: { staff: { rowRule: { name: 'staff', hides: ['true'], through: ['holder', 'third-party'] } } },
    persons: [{ role: 'subject', steps: [] }],
    objects: [{ select: "SELECT 'p' || i AS party, i = 1 AS staff FROM range(4) t(i)" }],
  },
  agents: {
    domain: 'people',
    columns: { agent: 'varchar', party: 'varchar' },
    persons: [{ role: 'agent', steps: [step('party', 'parties')] }],
    objects: [{ select: "SELECT 'a' || i AS agent, 'p' || i AS party FROM range(4) t(i)" }],
  },
  contracts: {
    domain: 'contracts',
    columns: { contract: 'varchar', party: 'varchar', agent: 'varchar', terms: 'varchar' },
    access: { terms: { rowRule: { name: 'terms', hides: ['S'] } } },
    persons: [
      { role: 'holder', steps: [step('party', 'parties')] },
      { role: 'agent', steps: [step('agent', 'agents'), step('party', 'parties')] },
    ],
    objects: [
      {
        select: `SELECT 'k' || i AS contract, CASE i WHEN 2 THEN 'p1' ELSE 'p0' END AS party, CASE i WHEN 1 THEN 'a1' ELSE 'a0' END AS agent,
              CASE i WHEN 3 THEN 'S' ELSE 'N' END AS terms FROM range(5) t(i)`,
      },
    ],
  },
  commissions: {
    domain: 'contracts',
    columns: { commission: 'varchar', contract: 'varchar', agent: 'varchar' },
    persons: [
      { role: 'agent', steps: [step('contract', 'contracts'), step('agent', 'agents'), step('party', 'parties')] },
    ],
    objects: [{ select: "SELECT 'c' || i AS commission, 'k' || i AS contract, 'a1' AS agent FROM range(5) t(i)" }],
  },
  // Reaches the agent's party, in another role than the contract itself does.
  orders: {
    domain: 'contracts',
    columns: { order_id: 'varchar', contract: 'varchar' },
    persons: [
      { role: 'holder', steps: [step('contract', 'contracts'), step('agent', 'agents'), step('party', 'parties')] },
    ],
    objects: [{ select: "SELECT 'o' || i AS order_id, 'k' || i AS contract FROM range(5) t(i)" }],
  },
  // Reaches the party by the contract's holder, in another role than the contract itself does.
  letters: {
    domain: 'contracts',
    columns: { letter: 'varchar', contract: 'varchar' },
    persons: [{ role: 'third-party', steps: [step('contract', 'contracts'), step('party', 'parties')] }],
    objects: [{ select: "SELECT 'l' || i AS letter, 'k' || i AS contract FROM range(5) t(i)" }],
  },
} satisfies Record<string, TableDefinition>

let archive: TestArchive
let engine: Engine
beforeAll(async () => {
  archive = await makeArchive({ pas: tables })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

it.each([
  ['rows with the value itself', 'parties', 'party', ['staff'], '023'],
  ['nothing by a path of another role', 'agents', 'agent', ['staff'], '0123'],
  ['what is held, and not what was sold', 'contracts', 'contract', ['staff'], '0134'],
  [
    'nothing behind what is held, where the path there is of another role',
    'commissions',
    'commission',
    ['staff'],
    '01234',
  ],
  [
    'what is behind it, where the path there is of a role that carries the rule',
    'letters',
    'letter',
    ['staff'],
    '0134',
  ],
  ['by the role of the path, not of those that it passes', 'orders', 'order_id', ['staff'], '034'],
  ['behind a rule that names no roles everything', 'commissions', 'commission', ['terms', 'staff'], '0124'],
  ['by both', 'letters', 'letter', ['terms', 'staff'], '014'],
])('a rule that only some roles carry hides %s', async (_, table, key, rowRules, left) => {
  const restrictions = restricted({ tables: Object.keys(tables), rowRules })
  const { rows } = await see(engine, `SELECT ${key} FROM ${table} ORDER BY ${key}`, restrictions)
  expect(rows.map(([value]) => value?.slice(1)).join('')).toBe(left)
})
