import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogTable } from '../../../src/catalog/port.ts'
import type { KnownApplication } from '../../../src/engine/athena/applications.ts'
import { athenaStatement } from '../../../src/engine/athena/sql/athena-statement.ts'
import { committed } from '../../../src/engine/athena/sql/committed.ts'
import { tinyModel } from '../../catalog/glue-world.ts'

const RECORDS = 's3://bucket/'
const LOAD = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
const keyOf = (number: number) => `archive/tiny/people/people/part-${LOAD}-${String(number).padStart(5, '0')}.parquet`
const tableWith = (keys: readonly string[]): CatalogTable => ({
  name: 'people',
  domain: 'people',
  columns: [{ name: 'person_id', type: 'varchar', bytes: 1 }],
  partitionBy: [],
  rows: keys.length,
  bytes: keys.length,
  objects: keys.map((key) => ({ key, etag: 'e', size: 1, rows: 1, load: LOAD, partition: {} })),
})

function written(objects: number, objectsNamed = 500): string {
  const { tables } = tinyModel()
  const application: KnownApplication = {
    name: 'tiny',
    version: 'v',
    tables: new Map(tables.map((table) => [table.name, table])),
    held: new Map([['people', tableWith(Array.from({ length: objects }, (_, number) => keyOf(number)))]]),
    absent: new Set(),
    rowRules: new Set(),
    types: new Map(),
  }
  const reading = { used: { people: ['person_id'] }, chosenBy: [], columns: [] }
  const statement = { application: 'tiny', sql: 'SELECT person_id FROM people', values: [], reading }
  return athenaStatement(statement, { application, database: 'db', records: RECORDS, objectsNamed }).sql
}

/** As Athena judges a path: `substr(sha256(to_utf8("$path")), 1, 8) IN (...)`. */
function letsIn(condition: string, path: string): boolean {
  const named = [...condition.matchAll(/X'([0-9a-f]+)'/g)].map(([, hex]) => hex)
  expect(condition.replace(/X'[0-9a-f]{16}',?/g, '')).toBe('substr(sha256(to_utf8("$path")), 1, 8) IN ()')
  return named.includes(createHash('sha256').update(path, 'utf8').digest().subarray(0, 8).toString('hex'))
}

describe('the objects of a table in Athena', () => {
  it('are each named while they are few', () => {
    expect(written(500)).toContain(`"$path" IN ('${RECORDS}${keyOf(0)}', `)
  })

  it('are told by digests where they are many, in a text that Athena takes', () => {
    const sql = written(12_000)
    expect(sql.match(/X'[0-9a-f]{16}'/g)).toHaveLength(12_000)
    expect(Buffer.byteLength(sql)).toBeLessThanOrEqual(262_144)
    expect(sql).not.toContain('regexp_like')
  })

  it('are told by their loads where digests are too many as well', () => {
    const sql = written(20_000)
    expect(sql).toContain(`regexp_like("$path", '/(part-${LOAD}-[0-9]+\\.parquet)$')`)
    expect(Buffer.byteLength(sql)).toBeLessThan(2_000)
  })

  it('let in by digest are those that the catalog names, and none that is named as a load names its own', () => {
    const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.uniqueArray(segment, { minLength: 2, maxLength: 20 }), (names) => {
        const [foreign = '', ...keys] = names.map((name) => `archive/tiny/people/people/${name}`)
        const condition = committed(tableWith(keys), RECORDS, 'digested')
        for (const key of keys) expect(letsIn(condition, `${RECORDS}${key}`)).toBe(true)
        expect(letsIn(condition, `${RECORDS}${foreign}`)).toBe(false)
      }),
    )
    const condition = committed(tableWith([keyOf(0), keyOf(1)]), RECORDS, 'digested')
    expect([0, 1, 2].map((number) => letsIn(condition, `${RECORDS}${keyOf(number)}`))).toEqual([true, true, false])
  })
})
