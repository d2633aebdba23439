import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KnownApplication } from '../src/engine/athena/applications.ts'
import { athenaStatement } from '../src/engine/athena/sql/athena-statement.ts'
import { checkStatement, readStatement } from '../src/engine/dialect/check.ts'
import type { DuckdbEngine } from '../src/engine/duckdb-engine.ts'
import type { Statement } from '../src/engine/port.ts'
import { makeArchive, startOptions, statement, type TestArchive } from './engine-archive.ts'

const people = {
  domain: 'all',
  columns: { id: 'varchar', year: 'varchar' },
  partitionBy: ['year'],
  objects: [
    { select: "SELECT 7 AS _row, 'a' AS id", partition: { year: '2001' } },
    { select: "SELECT * FROM (VALUES (8, 'b'), (9, 'b')) AS t(_row, id)", partition: { year: 'x y' } },
  ],
}
const sql = 'SELECT p.id, p.year, p._object, p._row FROM people AS p ORDER BY p._object, p._row'

let archive: TestArchive
let engine: DuckdbEngine

beforeAll(async () => {
  archive = await makeArchive({ pas: { people, empty: { ...people, objects: [] } } })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

async function answer(asked: Statement) {
  const id = await engine.start(asked, startOptions())
  const execution = await engine.wait(id, 60_000)
  const rows = []
  if (execution.state === 'SUCCEEDED') for await (const batch of engine.rows(id)) rows.push(...batch)
  return { execution, rows }
}

describe('a statement that asks for places', () => {
  it('is told the key of the object and the number of each row', async () => {
    const objects = (await archive.catalog.read('pas'))?.tables.find(({ name }) => name === 'people')?.objects ?? []
    const [first, second] = objects.map(({ key }) => key)
    expect(await answer({ ...statement(sql), places: true })).toMatchObject({
      rows: [
        ['a', '2001', first, '7'],
        ['b', 'x y', second, '8'],
        ['b', 'x y', second, '9'],
      ],
    })
  })

  it('finds no row in a table without objects', async () => {
    const { execution, rows } = await answer({ ...statement('SELECT e._object, e._row FROM empty AS e'), places: true })
    expect({ state: execution.state, rows }).toEqual({ state: 'SUCCEEDED', rows: [] })
  })

  it('is refused under restrictions', async () => {
    const restrictions = { id: 'r', tables: ['people'], masks: [], rowRules: [] }
    const { execution } = await answer({ ...statement(sql), places: true, restrictions })
    expect(execution.error?.message).toContain('of a whole table only')
  })
})

describe('a template', () => {
  it('is never told them, whatever was asked before', async () => {
    await answer({ ...statement(sql), places: true })
    const { execution } = await answer(statement(sql))
    expect(execution.error).toMatchObject({ kind: 'user' })
    expect(execution.error?.message).toContain('There is no column "p._object"')
  })

  it('that names them is a finding', async () => {
    const [finding] = await checkStatement(sql, { application: archive.model('pas') })
    expect(finding?.message).toContain('There is no column "p._object"')
  })
})

describe('for Athena', () => {
  const known = async (): Promise<KnownApplication> => {
    const model = archive.model('pas')
    const catalog = await archive.catalog.read('pas')
    return {
      name: 'pas',
      version: 'v',
      tables: new Map(model.tables.map((table) => [table.name, table])),
      held: new Map(catalog?.tables.map((table) => [table.name, table])),
      absent: new Set(),
      rowRules: new Set(),
      types: new Map(),
    }
  }
  const wanted = async () => ({ application: await known(), database: 'pas', records: 's3://bucket/', objectsNamed: 9 })

  it('they come from the path without the bucket', async () => {
    const reading = await readStatement({ sql, values: [], places: true }, archive.model('pas'))
    expect(reading.used.people).toEqual(['_object', '_row', 'id', 'year'])
    const made = athenaStatement({ ...statement(sql), places: true, reading }, await wanted())
    expect(made.sql).toContain('substr("$path", 13) AS "_object", CAST("_row" AS BIGINT) AS "_row" FROM "pas"."people"')
    expect('s3://bucket/archive/pas/x'.slice(13 - 1)).toBe('archive/pas/x')
  })

  it('they are in no table where nobody asked, and in none under restrictions', async () => {
    const plain = 'SELECT p.id FROM people AS p ORDER BY p.id'
    const reading = await readStatement({ sql: plain, values: [] }, archive.model('pas'))
    expect(athenaStatement({ ...statement(plain), reading }, await wanted()).sql).not.toContain('_row')
    const restrictions = { id: 'r', tables: ['people'], masks: [], rowRules: [] }
    const asked = { ...statement(plain), reading, restrictions, places: true as const }
    const options = await wanted()
    expect(() => athenaStatement(asked, options)).toThrow('of a whole table only')
  })
})
