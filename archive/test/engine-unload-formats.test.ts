import { readFile } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openUnloads, type Unloads } from './unloads.ts'

let world: Unloads
const unload: Unloads['unload'] = (...asked) => world.unload(...asked)
beforeAll(async () => {
  world = await openUnloads()
})
afterAll(() => world.close())

async function readBack(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return (await connection.runAndReadAll(sql)).getRowsJson()
}

const columns = [
  { name: 'id', heading: 'Number' },
  { name: 'cell', heading: 'What was "written", there' },
]

describe('CSV', () => {
  it('has headings, quotes by RFC 4180, and ends lines with CR LF', async () => {
    const { execution, file } = await unload(
      "SELECT id, cell FROM cells WHERE cell LIKE '%a%' OR id > 12 ORDER BY id",
      { format: 'csv', columns },
    )
    expect(execution).toMatchObject({ state: 'SUCCEEDED', result: { rows: 8, more: false } })
    const content = await readFile(file, 'utf8')
    expect(content.split('\r\n').slice(0, 4)).toEqual([
      'Number,"What was ""written"", there"',
      '13,plain',
      '14,"a,b"',
      '15,"say ""hi"""',
    ])
    expect(content).toContain('16,"two\nlines"\r\n')
    expect(content.endsWith('\r\n20,\r\n')).toBe(true)
  })

  it.each([
    [1, "'=1+1"],
    [2, "'+1"],
    [3, "'-1"],
    [4, "'@x"],
    [5, "'\tx"],
    [6, '"\'\rx"'],
    [7, '"\'\nx"'],
    [8, "'\0x"],
    [9, "'＝1"],
    [10, "'＋1"],
    [11, "'－1"],
    [12, "'＠1"],
    [13, 'plain'],
    [17, '""'],
    [19, "'quoted"],
  ])('makes the formula in cell %i harmless, and leaves others as they are', async (id, expected) => {
    const { file } = await unload(
      'SELECT cell FROM cells WHERE id = ?',
      { format: 'csv', columns: [{ name: 'cell', heading: 'c' }] },
      [{ type: 'integer', value: String(id) }],
    )
    expect(await readFile(file, 'utf8')).toBe(`c\r\n${expected}\r\n`)
  })

  it('leaves negative numbers and dates untouched, and writes timestamps to the millisecond', async () => {
    const { file } = await unload('SELECT amount, day, moment, big FROM cells WHERE id = 1', {
      format: 'csv',
      columns: ['amount', 'day', 'moment', 'big'].map((name) => ({ name, heading: name })),
    })
    expect(await readFile(file, 'utf8')).toBe(
      'amount,day,moment,big\r\n-1.50,2024-01-02,2024-01-01 10:00:00.120,9007199254740994\r\n',
    )
  })

  it('writes a code column twice, as it is and in words', async () => {
    const { file } = await unload('SELECT id, code FROM cells WHERE id IN (1, 2, 3) ORDER BY id', {
      format: 'csv',
      columns: [
        { name: 'code', heading: 'Code' },
        { name: 'code', heading: 'In words', words: { A: '=Alpha', C: "Cee's" } },
      ],
    })
    expect(await readFile(file, 'utf8')).toBe("Code,In words\r\nB,B\r\n,\r\nA,'=Alpha\r\n")
  })
})

describe('JSON and Parquet', () => {
  const all = ['id', 'cell', 'amount', 'day', 'moment', 'big'].map((name) => ({ name, heading: name }))

  it('writes one JSON array; decimals as text, so that no digit is lost', async () => {
    const { file } = await unload(
      'SELECT id, cell, amount, day, moment, big FROM cells WHERE id IN (8, 20) ORDER BY id',
      {
        format: 'json',
        columns: all,
      },
    )
    const content = await readFile(file, 'utf8')
    expect(JSON.parse(content)).toMatchObject([
      { id: 8, cell: '\0x', amount: '-12.00', day: '2024-01-09', moment: '2024-01-01 10:00:00.120' },
      { id: 20, cell: null, amount: null, day: null, moment: null },
    ])
    expect(content).toContain('9007199254741001')
  })

  it('keeps types in Parquet: decimals, dates, milliseconds, sums as whole numbers', async () => {
    const { file } = await unload('SELECT id, cell, amount, day, moment, big FROM cells ORDER BY id', {
      format: 'parquet',
      columns: all,
    })
    const schema = await readBack(
      `SELECT name, type, converted_type FROM parquet_schema('${file}') WHERE name <> 'duckdb_schema'`,
    )
    expect(schema).toEqual([
      ['id', 'INT32', 'INT_32'],
      ['cell', 'BYTE_ARRAY', 'UTF8'],
      ['amount', 'INT64', 'DECIMAL'],
      ['day', 'INT32', 'DATE'],
      ['moment', 'INT64', 'TIMESTAMP_MILLIS'],
      ['big', 'INT64', 'INT_64'],
    ])
    const total = await unload('SELECT sum(big) AS big FROM cells WHERE id < 3', {
      format: 'parquet',
      columns: [{ name: 'big', heading: 'big' }],
    })
    expect(await readBack(`SELECT typeof(big), big FROM '${total.file}'`)).toEqual([['BIGINT', '18014398509481989']])
  })

  it('keeps the order and all rows', async () => {
    const { execution, file } = await unload(
      'SELECT policy_number FROM policies ORDER BY policy_number DESC',
      { format: 'parquet', columns: [{ name: 'policy_number', heading: 'policy_number' }] },
      [],
      { rowLimit: 10_000 },
    )
    expect(execution.result).toMatchObject({ rows: 10_000, more: false })
    const rows = await readBack(`SELECT policy_number FROM '${file}'`)
    expect(rows[0]).toEqual(['P009999'])
    expect(rows.at(-1)).toEqual(['P000000'])
  })
})
