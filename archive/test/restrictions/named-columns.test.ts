import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Setups } from '../../src/engine/setups.ts'
import { ApplicationDatabase } from '../../src/engine/worker/application-database.ts'
import { mustRun } from '../../src/engine/worker/translated.ts'
import { household, restricted } from './household.ts'

let archive: Awaited<ReturnType<typeof household>>
let database: ApplicationDatabase

beforeAll(async () => {
  archive = await household()
  const setups = new Setups({
    home: archive.home,
    catalog: archive.catalog,
    loadModel: async (application) => archive.model(application),
    age: 60_000,
    changed: () => undefined,
  })
  const scratch = path.join(archive.home, 'scratch')
  await mkdir(scratch, { recursive: true })
  const settings = { memory: 256 * 1024 ** 2, threads: 1, scratch, scratchLimit: 1024 ** 2 }
  database = new ApplicationDatabase(await setups.get('pas'), settings)
  await database.open()
})
afterAll(async () => {
  database.close()
  await archive.close()
})

async function ask(sql: string, restrictions?: ReturnType<typeof restricted>) {
  const job = { id: 'x', application: 'pas', sql, values: [], ...(restrictions && { restrictions }) }
  const statement = await mustRun(database, { ...job, work: { kind: 'prepare' } })
  await database.stand(statement)
  const reader = await database.connection.runAndReadAll(statement.sql)
  return { rows: reader.getRows().map((row) => row.map(String)), statement }
}

/** Columns of what stands for a table in the statement. */
async function brought(sql: string, rowRules: string[]) {
  const { statement } = await ask(sql, restricted({ rowRules }))
  return statement.views.map(({ table, columns }) => `${table}: ${[...columns].join(', ')}`)
}

it('what stands for a table has the columns that the statement names, whatever hides its rows', async () => {
  const sql = 'SELECT p.name FROM parties p JOIN contracts c ON c.party = p.party ORDER BY p.name'
  for (const rules of [[], ['staff', 'terms']])
    expect(await brought(sql, rules)).toEqual(['parties: party, name', 'contracts: party'])
  const { statement } = await ask(sql, restricted())
  const [view] = statement.views
  const found = await database.connection.runAndReadAll(
    `SELECT column_name FROM duckdb_columns() WHERE table_name = $1`,
    [view?.name ?? ''],
  )
  expect(new Set(found.getRows().map(([name]) => name))).toEqual(new Set(['party', 'name']))
})

it.each([
  'SELECT count(*) FROM parties',
  'SELECT * FROM parties ORDER BY party',
  'SELECT p.* FROM codes x CROSS JOIN parties p ORDER BY p.party',
  'SELECT c FROM parties AS p (a, b, c, d, e, f) ORDER BY a',
  'SELECT a.name, b.worth FROM parties a JOIN parties b ON b.party = a.party ORDER BY a.party',
  'SELECT contract, amount FROM contracts JOIN claims USING (contract) ORDER BY contract',
  'WITH parties AS (SELECT name AS born FROM parties) SELECT born FROM parties ORDER BY born',
  'SELECT name FROM parties p WHERE EXISTS (SELECT 1 FROM contracts c WHERE c.payer = p.party) ORDER BY name',
  'SELECT name AS worth FROM parties ORDER BY worth',
  'SELECT contract FROM contracts UNION SELECT contract FROM claims WHERE contract IS NOT NULL ORDER BY contract',
  'SELECT party, sum(worth) OVER (ORDER BY party) AS total FROM parties ORDER BY party',
])('gives the same of fewer columns: %s', async (sql) => {
  const { rows } = await ask(sql)
  expect(rows.length).toBeGreaterThan(0)
  expect((await ask(sql, restricted())).rows).toEqual(rows)
})

it('rows are hidden by columns that the statement does not name', async () => {
  const rules = { rowRules: ['staff', 'terms'] }
  const hidden = await ask('SELECT name FROM parties ORDER BY name', restricted(rules))
  expect(hidden.rows.flat()).not.toContain('Name 3')
  expect(hidden.rows).toHaveLength(9)
  expect((await ask('SELECT count(*) FROM contracts', restricted(rules))).rows).toEqual([['7']])
})

it('two statements that name other columns of a table do not stand in each other’s way', async () => {
  const names = 'SELECT name FROM parties ORDER BY name'
  const worth = 'SELECT worth FROM parties ORDER BY worth'
  const first = await ask(names, restricted())
  expect((await ask(worth, restricted())).rows.flat()).toContain('9')
  expect((await ask(names, restricted())).rows).toEqual(first.rows)
})
