import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { CatalogTable } from '@muniment/archive/catalog/port'
import { ask } from './answer.ts'
import { openAthena, type Places } from './both-engines.ts'

/** By which number a record of a table is looked up. */
export const pointLookups = [
  { table: 'policies', column: 'policy_number' },
  { table: 'parties', column: 'party_number' },
  { table: 'parties', column: 'customer_number' },
  { table: 'claims', column: 'claim_number' },
] as const

export interface LookupBytes {
  table: string
  column: string
  /** Rows of the table. */
  rows: number
  /** Bytes of the table's objects. */
  tableBytes: number
  /** Bytes that the engine read for each lookup. */
  read: number[]
}

/** What the engine behind Athena reads to give all columns of one row by its number, for numbers from all over each table. */
export async function lookupBytes(places: Places, count = 10): Promise<LookupBytes[]> {
  const work = await mkdtemp(join(tmpdir(), 'lookups-'))
  const { athena, snapshot, templates, read, close } = await openAthena(places, work)
  try {
    const found: LookupBytes[] = []
    for (const { table: name, column } of pointLookups) {
      const table = snapshot.tables.find((candidate) => candidate.name === name)
      const model = templates.application.tables.find((candidate) => candidate.name === name)
      if (!table || !model) throw new Error(`The archive holds no table ${name}.`)
      const columns = model.columns.map((each) => `"${each.name}"`).join(', ')
      const sql = `SELECT ${columns} FROM ${name} WHERE ${column} = ?`
      const bytes: number[] = []
      for (const value of await numbersOf(places.home, table, column, count)) {
        const values = [{ type: 'varchar', value }]
        const answer = await ask(athena, await read({ application: templates.application.name, sql, values }))
        if (answer.rows.length !== 1) throw new Error(`${name} has ${answer.rows.length} rows of one ${column}.`)
        bytes.push(answer.bytesScanned)
      }
      const tableBytes = table.objects.reduce((sum, { size }) => sum + size, 0)
      found.push({ table: name, column, rows: table.rows, tableBytes, read: bytes })
    }
    return found
  } finally {
    await close()
    await rm(work, { recursive: true, force: true })
  }
}

/** Always the same ones. */
async function numbersOf(home: string, table: CatalogTable, column: string, count: number): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const files = table.objects.map(({ key }) => `'${join(home, key).replaceAll("'", "''")}'`).join(', ')
  const reader = await connection.runAndReadAll(
    `SELECT ${column} FROM read_parquet([${files}]) WHERE ${column} IS NOT NULL ORDER BY hash(${column} || 'bench') LIMIT ${count}`,
  )
  connection.closeSync()
  instance.closeSync()
  return reader.getRows().map(([value]) => String(value))
}
