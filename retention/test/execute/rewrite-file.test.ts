import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countRows, NONCE, rewriteFile } from '../../src/execute/rewrite-file.ts'
import { openSessions, type Session, type Sessions } from '../../src/execute/session.ts'
import type { RowRanges } from '../../src/run/types.ts'

let folder: string
let sessions: Sessions
let session: Session
let from: string
let to: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muniment-rewrite-'))
  sessions = await openSessions(join(folder, 'spill'))
  session = await sessions.open()
  from = join(folder, "it's [before].parquet")
  to = join(folder, 'after.parquet')
})
afterEach(async () => {
  session.close()
  sessions.close()
  await rm(folder, { recursive: true })
})

const write = (select: string, more = '') =>
  session.run(
    `COPY (${select}) TO '${from.replaceAll("'", "''")}' (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 8192, KV_METADATA {application: 'app', "table": 'it''s', load: 'l'}${more})`,
  )

const EVERY_TYPE = `SELECT i AS _row, CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'Weiß 😀' WHEN 3 THEN 'a''b"c' ELSE 'x' || i END AS s,
  CAST(i * 7 % 100000 AS DECIMAL(12,2)) / 100 AS d12, CAST(-i AS DECIMAL(30,4)) AS d30,
  CASE i % 4 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN -0.0::DOUBLE WHEN 2 THEN 0.0::DOUBLE ELSE i / 3.0 END AS f,
  CASE WHEN i % 3 > 0 THEN TIMESTAMP_MS '1955-03-04 05:06:07.089' + to_milliseconds(i) END::TIMESTAMP_MS AS t,
  DATE '1890-01-01' + i::INTEGER AS dt, i % 2 = 0 AS b, i::INTEGER AS n FROM range(30000) r(i)`

const query = (file: string) =>
  session.rows(`SELECT * FROM read_parquet('${file.replaceAll("'", "''").replaceAll('[', '[[]')}')`)

describe('a rewrite', () => {
  it('keeps every value, order, schema, unit, codec and metadata of what stays, in row groups that are no larger', async () => {
    await write(EVERY_TYPE)
    const before = await query(from)
    const ranges: RowRanges = [
      [0, 1],
      [77, 500],
      [20_000, 3],
      [29_999, 1],
    ]
    const { rows } = await rewriteFile(session, { from, to, ranges, nonce: 'abc' })
    expect(rows).toEqual({ before: 30_000, destroyed: 505, kept: 29_495 })
    const gone = (row: number) => ranges.some(([first, count]) => row >= first && row < first + count)
    expect(await query(to)).toEqual(before.filter(({ _row }) => !gone(Number(_row))))
    const [schema] = await session.rows(`SELECT converted_type AS c FROM parquet_schema('${to}') WHERE name = 't'`)
    expect(schema?.c).toBe('TIMESTAMP_MILLIS')
    const groups = await session.row(`SELECT max(row_group_num_rows) AS m FROM parquet_metadata('${to}')`)
    expect(Number(groups.m)).toBeLessThanOrEqual(8192)
    const told = await session.rows(
      `SELECT decode(key) AS k, decode(value) AS v FROM parquet_kv_metadata('${to}') ORDER BY 1`,
    )
    expect(told).toContainEqual({ k: NONCE, v: 'abc' })
    expect(told).toContainEqual({ k: 'table', v: "it's" })
  })

  it('can be rewritten once more, and bears the last nonce alone', async () => {
    await write(EVERY_TYPE)
    await rewriteFile(session, { from, to, ranges: [[5, 5]], nonce: 'one' })
    const third = join(folder, 'third.parquet')
    await rewriteFile(session, { from: to, to: third, ranges: [[1, 2]], nonce: 'two' })
    const told = await session.rows(
      `SELECT decode(value) AS v FROM parquet_kv_metadata('${third}') WHERE decode(key) = '${NONCE}'`,
    )
    expect(told).toEqual([{ v: 'two' }])
  })

  it('keeps a row without a number, and refuses rows that are not there or there twice', async () => {
    await write('SELECT * FROM (VALUES (0::BIGINT, 1), (1, 2), (NULL, 3)) v(_row, n)')
    expect(await countRows(session, from, [[0, 2]])).toEqual({ before: 3, destroyed: 2, kept: 1 })
    await expect(countRows(session, from, [[0, 3]])).rejects.toThrow('Of 3 rows that are to go it has 2')
    await write('SELECT * FROM (VALUES (0::BIGINT, 1), (1, 2), (1, 3)) v(_row, n)')
    await expect(countRows(session, from, [[0, 2]])).rejects.toThrow('Of 2 rows that are to go it has 2, 3 times')
  })

  it.each([
    ['a value', "SELECT * REPLACE (CASE WHEN _row = 4000 THEN 'other' ELSE s END AS s) FROM"],
    ['the sign of a zero', 'SELECT * REPLACE (CASE WHEN _row = 4001 THEN 0.0::DOUBLE ELSE f END AS f) FROM'],
    ['an empty text for none', "SELECT * REPLACE (coalesce(s, '') AS s) FROM"],
    ['a row that stays', 'SELECT * FROM (FROM'],
  ])('is refused where what is written differs in %s', async (what, select) => {
    await write(EVERY_TYPE)
    // A writer that is at fault: the statement that writes gets another source.
    const faulty: Session = {
      ...session,
      run: (sql) =>
        session.run(
          sql.includes('CODEC')
            ? sql.replace(/FROM (read_parquet\([^)]*\))/, (_, source: string) =>
                what === 'a row that stays'
                  ? `FROM (SELECT * FROM ${source} WHERE _row <> 4000)`
                  : `FROM (${select} ${source})`,
              )
            : sql,
        ),
    }
    await expect(rewriteFile(faulty, { from, to, ranges: [[5, 5]], nonce: 'n' })).rejects.toThrow(
      'the rows that stay would be others',
    )
  })

  it('refuses a file whose rows are out of order, whatever wrote it', async () => {
    await write('SELECT * FROM (VALUES (0::BIGINT, 1), (2, 2), (1, 3)) v(_row, n)')
    await expect(rewriteFile(session, { from, to, ranges: [[0, 1]], nonce: 'n' })).rejects.toThrow('not in the order')
  })

  it('refuses what it cannot write as it was', async () => {
    await write('SELECT 0::BIGINT AS _row, [1, 2] AS nested UNION ALL SELECT 1, [3]')
    await expect(rewriteFile(session, { from, to, ranges: [[0, 1]], nonce: 'n' })).rejects.toThrow('nested')
  })
})
