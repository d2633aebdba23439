import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStatement } from '../src/engine/dialect/check.ts'
import { refused } from '../src/engine/dialect/functions/refused.ts'
import { allowedFunctions } from '../src/engine/dialect/functions/table.ts'
import type { QueryEngine } from '../src/engine/port.ts'
import { makeArchive, policies, rowsOf, type TestArchive } from './engine-archive.ts'

let archive: TestArchive
let engine: QueryEngine

beforeAll(async () => {
  archive = await makeArchive({ pas: { policies } })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const check = (sql: string, parameters?: string[]) =>
  checkStatement(sql, { application: archive.model('pas'), ...(parameters ? { parameters } : {}) })

describe('the check of a statement', () => {
  it('finds nothing in what both answer alike', async () => {
    const sql = `WITH latest AS (
        SELECT p.policy_number, p.begins, row_number() OVER (PARTITION BY p.holder ORDER BY p.begins DESC, p.policy_number) AS n
        FROM policies p
        WHERE p.premium > ? AND (p.note IS NULL OR p.note LIKE '%' || ? || '%'))
      SELECT l.policy_number, date_diff('month', l.begins, ?) AS months, coalesce(q.note, '–') AS note
      FROM latest l
      LEFT JOIN policies q ON q.policy_number = l.policy_number
      WHERE l.n = 1 AND EXISTS (SELECT 1 FROM policies r WHERE r.policy_number = l.policy_number)
      ORDER BY months DESC, l.policy_number
      OFFSET ? LIMIT ?`
    expect(await check(sql, ['decimal(12,2)', 'varchar', 'date', 'bigint', 'bigint'])).toEqual([])
    expect(await check(sql)).toEqual([])
  })

  it.each([
    [
      'LIMIT before OFFSET',
      'SELECT units FROM policies ORDER BY 1\nLIMIT 1 OFFSET 1',
      { line: 2, column: 9, hint: 'OFFSET comes before LIMIT.' },
    ],
    ['SELECT after FROM', 'FROM policies SELECT units', { line: 1, column: 1 }],
    ['a comma too many', 'SELECT units, FROM policies', { line: 1 }],
    ['IS TRUE', 'SELECT units FROM policies WHERE active IS TRUE', { line: 1, column: 44 }],
    ['a name that is reserved', 'SELECT units AS table FROM policies', { line: 1 }],
  ])('refuses by Athena’s grammar what DuckDB would read: %s', async (_, sql, expected) => {
    expect(await check(sql)).toMatchObject([expected])
  })

  it('tells everything that is wrong at once, each with its place', async () => {
    const found = await check("SELECT unts,\n  now() AS t\nFROM policies\nWHERE begins = '2024-01-01'")
    expect(found).toEqual([
      expect.objectContaining({ line: 4, column: 14, message: 'Athena does not compare date with varchar.' }),
      expect.objectContaining({ line: 1, column: 8, hint: 'Did you mean units?' }),
      expect.objectContaining({ line: 2, column: 3, message: expect.stringContaining('now is not allowed') }),
    ])
  })

  it('holds parameters against what they are compared with', async () => {
    expect(await check('SELECT units FROM policies WHERE begins = ?', ['varchar'])).toMatchObject([
      { message: 'Athena does not compare date with varchar.' },
    ])
    expect(await check('SELECT units FROM policies WHERE begins = ?', ['date'])).toEqual([])
    expect(await check('SELECT units FROM policies LIMIT ?', ['varchar'])).toMatchObject([
      { message: expect.stringContaining('LIMIT takes an integer') },
    ])
  })

  it('counts parameters where their types are given', async () => {
    expect(await check('SELECT units FROM policies WHERE units = ?', [])).toMatchObject([
      { message: 'The query has 1 parameters, and 0 values were given.' },
    ])
  })

  it('counts columns in characters, not bytes', async () => {
    expect(await check("SELECT 'ä€😀' AS a, wrong FROM policies")).toMatchObject([{ line: 1, column: 21 }])
  })

  it('knows a table that was never delivered from one that does not exist', async () => {
    const application = archive.model('pas')
    const missing = await checkStatement('SELECT units FROM policies', { application, catalogTables: [] })
    expect(missing[0]?.message).toContain('was never delivered')
    expect((await check('SELECT units FROM polices'))[0]).toMatchObject({ hint: 'Did you mean policies?' })
  })
})

describe('a relation that is none', () => {
  it.each([
    [
      'misspelt',
      'SELECT v.units, v.nothing FROM polices v WHERE v.x = 1 ORDER BY v.x, v.y',
      { line: 1, column: 32, message: 'There is no table "polices".', hint: 'Did you mean policies?' },
    ],
    ['misspelt and not qualified', 'SELECT units, nothing FROM polices WHERE x = 1 ORDER BY 2', { column: 28 }],
    ['misspelt beside another', 'SELECT p.units, v.x FROM policies p JOIN polices v ON v.y = p.units', { column: 42 }],
    ['misspelt and joined by USING', 'SELECT x FROM policies p JOIN polices q USING (policy_number)', { column: 31 }],
    [
      'misspelt in a subquery',
      "SELECT t.a FROM (SELECT v.* FROM polices v) t WHERE t.b = 'x' ORDER BY t.c",
      { column: 34 },
    ],
    ['misspelt in WITH', 'WITH w(a, b) AS (SELECT * FROM polices) SELECT w.a FROM w WHERE w.b = 1', { column: 32 }],
    [
      'misspelt in a UNION',
      'SELECT units, units FROM policies UNION SELECT * FROM polices ORDER BY 1, 2',
      { column: 55 },
    ],
    ['misspelt after IN', 'SELECT units FROM policies WHERE units IN (SELECT * FROM polices)', { column: 58 }],
    [
      'a file',
      "SELECT v.a FROM read_csv('x') v WHERE v.b = 1",
      { message: expect.stringContaining('FROM read_csv(...)') },
    ],
    [
      'a function of the engine',
      'SELECT v.name FROM duckdb_settings() v ORDER BY v.value',
      { message: expect.stringContaining('is not allowed: a query sees the tables') },
    ],
    [
      'a schema of the engine',
      'SELECT v.table_name FROM information_schema.tables v',
      { message: expect.stringContaining('"information_schema.tables" is no table of the application') },
    ],
    ['named with a schema', 'SELECT v.units FROM main.policies v', { column: 21, hint: 'Write policies.' }],
  ])('is told once, and nothing of its columns: %s', async (_, sql, expected) => {
    const found = await check(sql)
    expect(found).toEqual([expect.objectContaining(expected)])
  })

  it('does not hide what is wrong with the tables beside it', async () => {
    const sql = 'SELECT p.unts, v.x FROM policies p JOIN polices v ON v.y = p.units WHERE z.a = 1'
    expect((await check(sql)).map(({ message }) => message)).toEqual([
      'There is no table "polices".',
      'Nothing in FROM is called "z".',
      'There is no column "p.unts".',
    ])
  })
})

describe('what the engine’s parser cannot read', () => {
  it('is said without the engine’s own settings where it is nested too deeply', async () => {
    for (const sql of [`SELECT 1${' + 1'.repeat(3000)} AS a`]) {
      const [found, ...more] = await check(sql)
      expect(found?.message).toContain('nested too deeply')
      expect(JSON.stringify(found)).not.toMatch(/SET|max_expression_depth/)
      expect(more).toEqual([])
    }
  })

  it('names what to write for LISTAGG ... WITHIN GROUP, and its place', async () => {
    const found = await check("SELECT count(*),\n listagg(p.note, ',') WITHIN GROUP (ORDER BY p.note) FROM policies p")
    expect(found).toEqual([
      {
        line: 2,
        column: 2,
        message: expect.stringContaining('listagg is not allowed'),
        hint: "Use array_join(array_agg(x ORDER BY y), ', ').",
      },
    ])
  })
})

describe('the tables of functions', () => {
  it('have a reason in every row and no name twice', () => {
    const names = allowedFunctions.map((row) => row.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(70)
    for (const row of [...allowedFunctions, ...refused]) expect(row.because.length).toBeGreaterThan(5)
  })

  it('do not refuse what they allow', () => {
    const allowed = new Set(allowedFunctions.map((row) => row.name))
    expect(refused.flatMap((row) => row.names).filter((name) => allowed.has(name))).toEqual([])
  })
})

describe('calculations', () => {
  /** Exact, on whole numbers: digits and scale of a decimal, rounded half away from zero. */
  const divide = (a: bigint, b: bigint) => {
    const sign = a < 0n === b < 0n ? 1n : -1n
    const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
    return sign * (x / y + ((x % y) * 2n >= y ? 1n : 0n))
  }
  const written = (value: bigint, scale: number) => {
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
    return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  }
  const cents = fc.bigInt({ min: -99_999_999n, max: 99_999_999n })

  it('divide decimals exactly', async () => {
    await fc.assert(
      fc.asyncProperty(
        cents,
        cents.filter((value) => value !== 0n),
        async (a, b) => {
          const values = [a, b].map((value) => ({ type: 'decimal(12,2)', value: written(value, 2) }))
          const [row] = await rowsOf(engine, 'SELECT ? / ? AS q', values)
          expect(row?.[0]).toBe(written(divide(a * 100n, b), 2))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('divide whole numbers towards zero', async () => {
    const whole = fc.integer({ min: -1000, max: 1000 })
    await fc.assert(
      fc.asyncProperty(
        whole,
        whole.filter((value) => value !== 0),
        async (a, b) => {
          const values = [a, b, a, b].map((value) => ({ type: 'integer', value: String(value) }))
          const [row] = await rowsOf(engine, 'SELECT ? / ? AS q, ? % ? AS r', values)
          expect(row).toEqual([String(Math.trunc(a / b) + 0), String((a % b) + 0)])
        },
      ),
      { numRuns: 60 },
    )
  })

  /** Athena's rule: the most units that can be added to the earlier date, the day cut to the end of the month, without passing the later. */
  const monthsBetween = (from: Date, to: Date): number => {
    if (to < from) return -monthsBetween(to, from)
    const added = (n: number) => {
      const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n + 1, 0)).getUTCDate()
      return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n, Math.min(from.getUTCDate(), last)))
    }
    let months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
    if (added(months) > to) months--
    return months
  }

  it('count complete months and years over month ends and leap days', async () => {
    const day = fc
      .date({ min: new Date('1996-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
      .map((one) => one.toISOString().slice(0, 10))
    const end = fc.constantFrom(
      '2020-02-29',
      '2021-02-28',
      '2024-02-29',
      '2023-01-31',
      '2023-03-31',
      '2023-04-30',
      '2024-12-31',
      '2023-02-28',
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(day, end), fc.oneof(day, end), async (a, b) => {
        const months = monthsBetween(new Date(a), new Date(b))
        const values = [a, b, a, b, a, b].map((value) => ({ type: 'date', value }))
        const [row] = await rowsOf(
          engine,
          "SELECT date_diff('month', ?, ?) AS m, date_diff('year', ?, ?) AS y, date_diff('quarter', ?, ?) AS q",
          values,
        )
        expect(row).toEqual([months, Math.trunc(months / 12), Math.trunc(months / 3)].map((one) => String(one + 0)))
      }),
      { numRuns: 150 },
    )
  })

  it('cut texts as substr in Athena does', async () => {
    const athena = (value: string, start: number, length: number) => {
      const points = [...value]
      if (start === 0 || length <= 0 || -start > points.length || start > points.length) return ''
      const from = start > 0 ? start - 1 : points.length + start
      return points.slice(from, from + length).join('')
    }
    const around = fc.integer({ min: -6, max: 6 })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 5 }), around, around, async (value, start, length) => {
        const values = [
          { type: 'varchar', value },
          { type: 'integer', value: String(start) },
          { type: 'integer', value: String(length) },
        ]
        const [row] = await rowsOf(engine, 'SELECT substr(?, ?, ?) AS s', values)
        expect(row?.[0]).toBe(athena(value, start, length))
      }),
      { numRuns: 100 },
    )
  })
})
