import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  asSubquery,
  hiddenRows,
  type RowRules,
  type RuledTable,
  visibleRows,
} from '../../src/engine/restrictions/visible-rows.ts'

let connection: DuckDBConnection
let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

type Persons = RuledTable['persons']
const step = (columns: string[], table: string, to: string[]) => ({ columns, table, to })
const varchar = (name: string) => ({ name, type: 'varchar' })

const person: RuledTable = {
  name: 'person',
  primaryKey: ['p'],
  columns: [varchar('p'), { ...varchar('kind'), rowRule: { name: 'kind', hides: ['x', 'y'] } }],
  persons: [{ role: 'subject', steps: [] }],
}
const contract: RuledTable = {
  name: 'contract',
  primaryKey: ['k', 'n'],
  columns: [
    varchar('k'),
    varchar('n'),
    varchar('p'),
    varchar('q'),
    { ...varchar('terms'), rowRule: { name: 'terms', hides: ['x'] } },
  ],
  persons: [
    { role: 'holder', steps: [step(['p'], 'person', ['p'])] },
    { role: 'payer', steps: [step(['q'], 'person', ['p'])] },
  ],
}
const item: RuledTable = {
  name: 'item',
  primaryKey: ['i'],
  columns: [varchar('i'), varchar('k'), varchar('n'), varchar('p')],
  persons: [
    { role: 'holder', steps: [step(['k', 'n'], 'contract', ['k', 'n']), step(['p'], 'person', ['p'])] },
    { role: 'agent', steps: [step(['p'], 'person', ['p'])] },
  ] satisfies Persons,
}

/** Few values, so that keys repeat, lead somewhere and are missing. */
const value = (values: string[]) => fc.constantFrom(null, ...values)
const key = value(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
const rowsOf = (table: RuledTable) =>
  fc.array(fc.tuple(...table.columns.map(({ rowRule }) => (rowRule ? value(['x', 'y', 'z']) : key))), { maxLength: 12 })
const through = fc.constantFrom<Persons[number]['role'][] | undefined>(
  undefined,
  ['holder', 'subject'],
  ['payer', 'agent'],
)

const quoted = (text: string | null) => (text === null ? 'NULL' : `'${text}'`)

async function fill(table: RuledTable, rows: (string | null)[][]) {
  const names = table.columns.map(({ name }) => name)
  await connection.run(
    `CREATE OR REPLACE TABLE ${table.name} (row INTEGER, ${names.map((name) => `${name} VARCHAR`).join(', ')})`,
  )
  if (rows.length === 0) return
  const values = rows.map((row, index) => `(${[String(index), ...row.map(quoted)].join(', ')})`)
  await connection.run(`INSERT INTO ${table.name} VALUES ${values.join(', ')}`)
}

const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()

async function left(table: RuledTable, rules: RowRules) {
  const visible = visibleRows(table, 't', rules)
  const where = visible ? `${visible.joins} WHERE ${visible.where}` : ''
  return read(`SELECT t.row FROM ${table.name} AS t${where} ORDER BY t.row`)
}

it('keys of hidden rows hide the same rows as the paths do, wherever they are said to', async () => {
  const seen = { exact: 0, inexact: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(rowsOf(person), rowsOf(contract), rowsOf(item)),
      fc.subarray(['kind', 'terms'], { minLength: 1 }),
      fc.record({ kind: through, terms: through }),
      async (rows, inForce, roles) => {
        const tables = [person, contract, item].map((table) => ({
          ...table,
          columns: table.columns.map(({ rowRule, ...column }) => {
            const carried = rowRule && roles[rowRule.name as keyof typeof roles]
            return { ...column, ...(rowRule && { rowRule: { ...rowRule, ...(carried && { through: carried }) } }) }
          }),
        }))
        const rules: RowRules = {
          tables: new Map(tables.map((table) => [table.name, table])),
          inForce: new Set(inForce),
          everything: (table) => table,
          keys: asSubquery,
        }
        for (const [index, table] of tables.entries()) await fill(table, rows[index] ?? [])
        for (const table of tables) {
          const hidden = hiddenRows(table, rules)
          const by = await left(table, rules)
          if (!hidden) continue
          await connection.run(`CREATE OR REPLACE TABLE hidden AS ${hidden.keys}`)
          const [exact] = (await read(hidden.exact('hidden')))[0] ?? []
          const [count] = (await read('SELECT count(*) FROM hidden'))[0] ?? []
          const prepared = { set: 'hidden', empty: Number(count) === 0 }
          const same = await left(table, { ...rules, hiddenRows: () => prepared })
          if (exact === true) {
            seen.exact++
            expect(same).toEqual(by)
          } else {
            seen.inexact++
            expect(same).not.toEqual(by)
          }
        }
      },
    ),
    { numRuns: 80 },
  )
  expect(seen.exact).toBeGreaterThan(10)
  expect(seen.inexact).toBeGreaterThan(10)
}, 60_000)
