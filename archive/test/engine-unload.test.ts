import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoundValue, Execution, QueryEngine, StartOptions, UnloadTarget } from '../src/engine/port.ts'
import { makeArchive, policies, startOptions, statement, type TestArchive, text } from './engine-archive.ts'

let archive: TestArchive
let engine: QueryEngine
let folders: string

beforeAll(async () => {
  archive = await makeArchive({
    pas: {
      policies,
      cells: {
        domain: 'cells',
        columns: {
          id: 'integer',
          cell: 'varchar',
          amount: 'decimal(12,2)',
          day: 'date',
          moment: 'timestamp',
          big: 'bigint',
          code: 'varchar',
        },
        objects: [
          {
            select: `SELECT i::INTEGER AS id, c AS cell, (-1.5 * i)::DECIMAL(12,2) AS amount, DATE '2024-01-01' + i::INTEGER AS day,
              TIMESTAMP_MS '2024-01-01 10:00:00.120' AS moment, 9007199254740993 + i AS big, CASE i % 3 WHEN 0 THEN 'A' WHEN 1 THEN 'B' END AS code
              FROM (SELECT unnest(['=1+1', '+1', '-1', '@x', chr(9) || 'x', chr(13) || 'x', chr(10) || 'x', chr(0) || 'x', '＝1', '＋1', '－1', '＠1',
              'plain', 'a,b', 'say "hi"', 'two' || chr(10) || 'lines', '', 'ünï', '''quoted']) AS c, generate_subscripts([1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19], 1) AS i)
              UNION ALL SELECT 20, NULL, NULL, NULL, NULL, NULL, NULL`,
          },
        ],
      },
    },
  })
  engine = await archive.engine()
  folders = await mkdtemp(path.join(archive.home, 'out-'))
})

afterAll(async () => {
  await engine.close()
  await archive.close()
})

let count = 0
async function unload(
  sql: string,
  target: Omit<UnloadTarget, 'folder'>,
  values: BoundValue[] = [],
  options: Partial<StartOptions> = {},
): Promise<{ execution: Execution; folder: string; file: string }> {
  const folder = path.join(folders, String(++count))
  const id = await engine.unload(
    statement(sql, values),
    { folder, ...target },
    startOptions({ lane: 'export', timeLimit: 60_000, ...options }),
  )
  return { execution: await engine.wait(id, 60_000), folder, file: path.join(folder, `result.${target.format}`) }
}

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

  it('keeps the order and all rows, whatever the row limit', async () => {
    const { execution, file } = await unload(
      'SELECT policy_number FROM policies ORDER BY policy_number DESC',
      { format: 'parquet', columns: [{ name: 'policy_number', heading: 'policy_number' }] },
      [],
      { rowLimit: 1 },
    )
    expect(execution.result).toMatchObject({ rows: 10_000, more: false })
    const rows = await readBack(`SELECT policy_number FROM '${file}'`)
    expect(rows[0]).toEqual(['P009999'])
    expect(rows.at(-1)).toEqual(['P000000'])
  })
})

describe('an export', () => {
  it('runs once for a token', async () => {
    const options = startOptions({ lane: 'export' })
    const folder = path.join(folders, 'once')
    const target = { folder, format: 'csv' as const, columns: [{ name: 'cell', heading: 'c' }] }
    const first = await engine.unload(statement('SELECT cell FROM cells'), target, options)
    await engine.wait(first, 20_000)
    expect(await engine.unload(statement('SELECT cell FROM cells'), target, options)).toBe(first)
  })

  it('refuses a folder that is not empty', async () => {
    const folder = path.join(folders, 'full')
    await mkdir(folder)
    await writeFile(path.join(folder, 'x'), '')
    const target = { folder, format: 'csv' as const, columns: [{ name: 'cell', heading: 'c' }] }
    await expect(engine.unload(statement('SELECT cell FROM cells'), target, startOptions())).rejects.toThrow(
      'not empty',
    )
  })

  it('fails for a column that the query does not give', async () => {
    const { execution } = await unload('SELECT cell FROM cells', {
      format: 'csv',
      columns: [{ name: 'nothing', heading: 'c' }],
    })
    expect(execution.error).toMatchObject({ kind: 'user', message: 'The query gives no column "nothing".' })
  })

  it('is as jailed as a search', async () => {
    const { execution } = await unload("SELECT content FROM read_text('/etc/passwd')", {
      format: 'csv',
      columns: [{ name: 'content', heading: 'c' }],
    })
    expect(execution.error).toMatchObject({ kind: 'user' })
  })

  it('does not let headings and words become SQL', async () => {
    const evil = `x" FROM read_text('/etc/passwd')) TO '/tmp/muniment-unload.csv'; --`
    const { execution, file } = await unload('SELECT code FROM cells WHERE id = 3', {
      format: 'csv',
      columns: [{ name: 'code', heading: evil, words: { A: `' || (SELECT 1) || '` } }],
    })
    expect(execution.state).toBe('SUCCEEDED')
    expect(await readFile(file, 'utf8')).toBe(`"${evil.replaceAll('"', '""')}"\r\n' || (SELECT 1) || '\r\n`)
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const folder = path.join(folders, 'cancelled')
    const sql = 'SELECT a.note || b.note AS x FROM policies a CROSS JOIN policies b'
    const id = await engine.unload(
      statement(sql),
      { folder, format: 'csv', columns: [{ name: 'x', heading: 'x' }] },
      startOptions({ lane: 'export', timeLimit: 60_000 }),
    )
    while ((await engine.status(id)).state === 'QUEUED') await sleep(10)
    await sleep(300)
    await engine.cancel(id)
    expect((await engine.status(id)).state).toBe('CANCELLED')
    expect(await readdir(folder)).toEqual([])
    const work = path.join(archive.home, '.work')
    const [own = ''] = (await readdir(work)).filter((name) => name.startsWith('engine-'))
    await sleep(50)
    expect(await readdir(path.join(work, own, 'exports'))).toEqual([])
  })

  it('tells how far it is', async () => {
    const folder = path.join(folders, 'progress')
    const sql =
      'SELECT a.note || b.note AS x FROM policies a JOIN policies b ON a.units = b.units WHERE a.note < ? ORDER BY 1'
    const id = await engine.unload(
      statement(sql, [text('Größe 3')]),
      { folder, format: 'parquet', columns: [{ name: 'x', heading: 'x' }] },
      startOptions({ lane: 'export', timeLimit: 60_000 }),
    )
    const seen: number[] = []
    for (;;) {
      const { state, progress } = await engine.status(id)
      if (progress !== undefined) seen.push(progress)
      if (state !== 'QUEUED' && state !== 'RUNNING') break
      await sleep(20)
    }
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((one) => one > 0 && one <= 1)).toBe(true)
  })
})
