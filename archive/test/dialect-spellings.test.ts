import { mkdtemp, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStatement } from '../src/engine/dialect/check.ts'
import type { QueryEngine } from '../src/engine/port.ts'
import { makeArchive, run, startOptions, statement, type TestArchive } from './engine-archive.ts'

let archive: TestArchive
let engine: QueryEngine

beforeAll(async () => {
  const columns = { i: 'integer', s: 'varchar', d: 'decimal(12,2)', share: 'decimal(2,2)', dt: 'date' }
  const select = `SELECT 1::INTEGER AS i, 'a' AS s, 1.50::DECIMAL(12,2) AS d, 0.25::DECIMAL(2,2) AS share, DATE '2024-01-31' AS dt`
  archive = await makeArchive({ pas: { t: { domain: 'all', columns, objects: [{ select }] } } })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const messages = async (sql: string) =>
  (await checkStatement(sql, { application: archive.model('pas') })).map(({ message }) => message)

describe('what DuckDB reads and its tree no longer shows', () => {
  it.each([
    ["SELECT DECIMAL '1.2345' AS x", 'A decimal without precision'],
    ['SELECT CAST(d AS decimal) AS x FROM t', 'A decimal without precision'],
    ['SELECT CAST(i AS int8) AS x FROM t', 'Athena has no type int8'],
    ['SELECT CAST(s AS numeric(3,1)) AS x FROM t', 'Athena has no type numeric'],
    ["SELECT date_part('year', dt) AS x FROM t", 'There is no function date_part'],
    ["SELECT like_escape(s, 'a', 'b') AS x FROM t", 'There is no function like_escape'],
    ['SELECT main.lower(s) AS x FROM t', 'A function is called by its name alone'],
    ['SELECT "~~"(s, \'a\') AS x FROM t', 'An operator is not called as a function'],
    ['SELECT 0x10', '0x10 is no number'],
    ['SELECT 1_000 AS x', '1_000 is no number'],
    ['SELECT 1e400 AS x', 'A number is larger than Athena reads'],
    ['SELECT DISTINCT s FROM t ORDER BY i', 'After SELECT DISTINCT'],
    ['SELECT lag(i, 1, 2.5) OVER (ORDER BY s) AS x FROM t', 'lag gives integer'],
    ["SELECT lag(s, '1') OVER (ORDER BY i) AS x FROM t", 'The offset of lag'],
  ])('is refused: %s', async (sql, expected) => {
    expect(await messages(sql)).toEqual([expect.stringContaining(expected)])
  })

  it.each([
    'SELECT CAST(d AS decimal(5,1)) AS x, CAST(i AS int) AS y, extract(year FROM dt) AS z FROM t',
    "SELECT 1.5 AS a, 1.5e3 AS b, 2e-1 AS c, s AS d FROM t WHERE s LIKE 'a!%' ESCAPE '!' AND t.i IN (1, 2)",
    'SELECT DISTINCT lower(s) AS x, i FROM t ORDER BY lower(t.s), t.i',
    "SELECT lag(d, 1, 0) OVER (ORDER BY i) AS x, lead(s, 2, '-') OVER (ORDER BY i) AS y FROM t",
  ])('is taken where both answer alike: %s', async (sql) => {
    expect(await messages(sql)).toEqual([])
  })
})

describe('a decimal without a digit before the point', () => {
  it('is cast to a text with the 0 that Athena writes', async () => {
    expect((await run(engine, 'SELECT CAST(share AS varchar) AS x FROM t')).rows).toEqual([['0.25']])
  })

  it.each(['csv', 'json'] as const)('is exported with it as %s', async (format) => {
    const folder = await mkdtemp(path.join(archive.home, 'out-'))
    const columns = [{ name: 'share', heading: 'share' }]
    const id = await engine.unload(
      statement('SELECT share FROM t'),
      { folder, format, columns },
      startOptions({ lane: 'export', timeLimit: 60_000 }),
    )
    expect((await engine.wait(id, 30_000)).state).toBe('SUCCEEDED')
    expect(await readFile(path.join(folder, `result.${format}`), 'utf8')).toMatch(/(^|[^\d])0\.25/)
  })
})
