import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doubleText } from '../src/engine/double-text.ts'
import { viewSelect } from '../src/engine/worker/views.ts'
import { makeArchive, policies, rowsOf, run, type TestArchive, text } from './engine-archive.ts'

let archive: TestArchive

beforeAll(async () => {
  archive = await makeArchive({ pas: { policies } })
})
afterAll(() => archive.close())

describe('a view', () => {
  const table = {
    name: 'people',
    columns: [
      { name: 'id', type: 'integer', stored: 'integer', bytes: 1 },
      { name: 'born', type: 'date', stored: 'varchar', bytes: 1 },
      { name: 'later', type: 'decimal(5,2)', bytes: 0 },
    ],
    persons: [],
    primaryKey: ['id'],
    partitionBy: [],
    files: ["/a/it's.parquet"],
    unionByName: false,
  }

  it('names exactly its objects and casts only what is stored otherwise', () => {
    expect(viewSelect(table)).toBe(
      `SELECT "id", CAST("born" AS DATE) AS "born", CAST(NULL AS DECIMAL(5,2)) AS "later" FROM read_parquet(['/a/it''s.parquet'], hive_partitioning = false)`,
    )
  })
})

describe('doubles', () => {
  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9_999_999, '9999999.0'],
    [10_000_000, '1.0E7'],
    [1.5e300, '1.5E300'],
    [0.1 + 0.2, '0.30000000000000004'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is written as Java does', (value, expected) => {
    expect(doubleText(value)).toBe(expected)
  })
})

describe('side by side', () => {
  it('gives each of many searches its own answer, exports among them', async () => {
    const engine = await archive.engine({ searchWorkers: 2 })
    try {
      const numbers = Array.from({ length: 60 }, (_, index) => `P${String(index * 97).padStart(6, '0')}`)
      const answers = await Promise.all(
        numbers.map((number, index) =>
          run(engine, 'SELECT policy_number, note FROM policies WHERE policy_number = ?', [text(number)], {
            person: `person ${index % 7}`,
            lane: index % 10 === 0 ? 'export' : 'search',
          }),
        ),
      )
      expect(answers.map(({ rows }) => rows[0]?.[0])).toEqual(numbers)
    } finally {
      await engine.close()
    }
  })

  it('removes what an engine that ended without closing has left, and nothing of one that runs', async () => {
    const work = path.join(archive.home, '.work')
    await mkdir(path.join(work, 'engine-999999999-abcdef', 'exports'), { recursive: true })
    const running = await archive.engine()
    const second = await archive.engine()
    try {
      const left = (await readdir(work)).filter((name) => name.startsWith('engine-'))
      expect(left).toHaveLength(2)
      expect(left.every((name) => name.startsWith(`engine-${process.pid}-`))).toBe(true)
      expect(await rowsOf(running, 'SELECT count(*) AS n FROM policies')).toEqual([['10000']])
    } finally {
      await running.close()
      await second.close()
    }
  })
})
