import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoundValue, Execution, QueryEngine, StartOptions, UnloadTarget } from '../src/engine/port.ts'
import { makeArchive, policies, rowsOf, startOptions, statement, type TestArchive, text } from './engine-archive.ts'

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

describe('the keys beside a file', () => {
  const numbers = { format: 'csv' as const, columns: [{ name: 'policy_number', heading: 'n' }] }
  const keysIn = async (folder: string) =>
    (await readFile(path.join(folder, 'keys.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { t: number; k: string[] })
  const sorted = (keys: { t: number; k: string[] }[]) => keys.map(({ t, k }) => `${t} ${k.join(' ')}`).sort()

  it('are each there once, of the rows in the file, in the order of the places asked for', async () => {
    const { execution, folder } = await unload(
      'SELECT policy_number, units, holder FROM policies WHERE policy_number < ? ORDER BY policy_number DESC LIMIT 20',
      { ...numbers, keys: [[['policy_number']], [['units']]] },
      [text('P000100')],
    )
    expect(execution.result).toMatchObject({ rows: 20, keys: 27 })
    expect(sorted(await keysIn(folder))).toEqual([
      ...Array.from({ length: 20 }, (_, index) => `0 P0000${80 + index}`),
      ...Array.from({ length: 7 }, (_, index) => `1 ${index}`),
    ])
  })

  it('name what several columns refer to once, and nothing by a NULL', async () => {
    const { execution, folder } = await unload(
      "SELECT id, id + 1 AS next, code, CASE WHEN id < 3 THEN 'B' END AS other FROM cells WHERE id < 4",
      {
        format: 'csv',
        columns: [{ name: 'id', heading: 'i' }],
        keys: [
          [['code'], ['other']],
          [
            ['id', 'code'],
            ['next', 'other'],
          ],
        ],
      },
    )
    // Codes by id: 1 B, 2 none, 3 A.
    expect(sorted(await keysIn(folder))).toEqual(['0 A', '0 B', '1 1 B', '1 2 B', '1 3 A', '1 3 B'])
    expect(execution.result?.keys).toBe(6)
  })

  it('are the texts that rows have, whatever the type and the characters', async () => {
    const sql = `SELECT id, cell, amount, day, moment, big, id = 1 AS truth, CAST(amount / 10000000000 AS decimal(12,12)) AS small,
      cell || '\u{1F600} \u2028 "quoted" \\ back' AS odd FROM cells`
    const names = ['id', 'cell', 'amount', 'day', 'moment', 'big', 'truth', 'small', 'odd']
    const { execution, folder } = await unload(sql, {
      format: 'csv',
      columns: [{ name: 'id', heading: 'i' }],
      keys: [[names]],
    })
    expect(execution.error).toBeUndefined()
    const rows = (await rowsOf(engine, sql)).filter((row) => !row.includes(null))
    expect(rows.length).toBe(19)
    expect((await keysIn(folder)).map(({ k }) => JSON.stringify(k)).sort()).toEqual(
      rows.map((row) => JSON.stringify(row)).sort(),
    )
  })

  it('are of the same rows, where the order does not say which of many there are', async () => {
    const { folder, file } = await unload(
      'SELECT a.policy_number FROM policies a CROSS JOIN policies b ORDER BY a.units * b.units DESC LIMIT 100',
      { ...numbers, keys: [[['policy_number']]] },
      [],
      { rowLimit: 5_000 },
    )
    const inFile = (await readFile(file, 'utf8')).split('\r\n').slice(1, -1)
    expect(inFile).toHaveLength(100)
    expect((await keysIn(folder)).map(({ k }) => k[0]).sort()).toEqual([...new Set(inFile)].sort())
  })

  it('leave the file as it is without them, order included', async () => {
    const sql = "SELECT policy_number, note FROM policies WHERE note LIKE '%7%' ORDER BY units, policy_number DESC"
    const columns = ['policy_number', 'note'].map((name) => ({ name, heading: name }))
    const plain = await unload(sql, { format: 'json', columns })
    const named = await unload(sql, { format: 'json', columns, keys: [[['policy_number']]] })
    expect(named.execution.result?.rows).toBeGreaterThan(1_000)
    expect(await readFile(named.file, 'utf8')).toBe(await readFile(plain.file, 'utf8'))
  })

  it('make no file where there are none', async () => {
    const { execution, folder } = await unload('SELECT code FROM cells WHERE id = 2', {
      format: 'csv',
      columns: [{ name: 'code', heading: 'c' }],
      keys: [[['code']]],
    })
    expect(execution.result).toMatchObject({ rows: 1, keys: 0 })
    expect(await readdir(folder)).toEqual(['result.csv'])
  })

  it('cannot be doubles, nor columns that the query does not give', async () => {
    const rated = await unload('SELECT policy_number, rate FROM policies', { ...numbers, keys: [[['rate']]] })
    expect(rated.execution.error?.message).toBe('The column "rate" is a double, by which nothing can be named.')
    const unknown = await unload('SELECT policy_number FROM policies', { ...numbers, keys: [[['nothing']]] })
    expect(unknown.execution.error?.message).toBe('The query gives no column "nothing".')
  })

  it('do not let names become SQL', async () => {
    const evil = `x" FROM read_text('/etc/passwd')) TO '/tmp/muniment-keys.csv'; --`
    const { execution, folder } = await unload(`SELECT id AS "${evil.replaceAll('"', '""')}" FROM cells WHERE id = 1`, {
      format: 'csv',
      columns: [{ name: evil, heading: 'x' }],
      keys: [[[evil]]],
    })
    expect(execution.error).toBeUndefined()
    expect(await keysIn(folder)).toEqual([{ t: 0, k: ['1'] }])
  })
})

describe('a file of more rows than it may have', () => {
  it.each([
    ['', undefined],
    ['with keys', [[['policy_number']]]],
  ])('is not written, nor worked out to its end %s', async (_, keys) => {
    const endless = 'SELECT a.policy_number FROM policies a CROSS JOIN policies b CROSS JOIN policies c'
    const { execution, folder } = await unload(
      endless,
      { format: 'csv', columns: [{ name: 'policy_number', heading: 'n' }], ...(keys && { keys }) },
      [],
      { rowLimit: 500 },
    )
    expect(execution.error).toBeUndefined()
    expect(execution).toMatchObject({ state: 'SUCCEEDED', result: { rows: 0, more: true } })
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    [10_000, false],
    [9_999, true],
  ])('is told from one of just as many: %i', async (rowLimit, more) => {
    const { execution } = await unload(
      'SELECT policy_number FROM policies ORDER BY units LIMIT 20000',
      { format: 'csv', columns: [{ name: 'policy_number', heading: 'n' }] },
      [],
      { rowLimit },
    )
    expect(execution.result).toMatchObject({ rows: more ? 0 : 10_000, more })
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
      startOptions({ lane: 'export', timeLimit: 60_000, rowLimit: Number.MAX_SAFE_INTEGER }),
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
      startOptions({ lane: 'export', timeLimit: 60_000, rowLimit: Number.MAX_SAFE_INTEGER }),
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
