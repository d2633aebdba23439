import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limited, withQueries } from '../../../src/engine/athena/sql/splice.ts'
import { tokensOf } from '../../../src/engine/athena/sql/tokens.ts'

const queries = [{ name: 'loans', select: 'SELECT 1 AS a' }]

describe('WITH queries before a statement', () => {
  it.each([
    ['SELECT 1', 'WITH "loans" AS (SELECT 1 AS a)\nSELECT 1'],
    ['-- with\nSELECT 1', 'WITH "loans" AS (SELECT 1 AS a)\n-- with\nSELECT 1'],
    ['with x AS (SELECT 2) SELECT 1', 'with "loans" AS (SELECT 1 AS a),\n x AS (SELECT 2) SELECT 1'],
    ['/* c */ WITH x AS (SELECT 2) SELECT 1', '/* c */ WITH "loans" AS (SELECT 1 AS a),\n x AS (SELECT 2) SELECT 1'],
    [
      'WITH RECURSIVE x AS (SELECT 2) SELECT 1',
      'WITH RECURSIVE "loans" AS (SELECT 1 AS a),\n x AS (SELECT 2) SELECT 1',
    ],
  ])('%s', (sql, expected) => {
    expect(withQueries(sql, queries)).toBe(expected)
  })

  it.each(['WITH loans AS (SELECT 1) SELECT 2', 'WITH x AS (SELECT 1), "LOANS" (a) AS (SELECT 1) SELECT 2'])(
    '%s: a name that both have is refused',
    (sql) => {
      expect(() => withQueries(sql, queries)).toThrow('"loans"')
    },
  )

  it('a name that only an inner WITH has is left to it', () => {
    const sql = 'SELECT * FROM (WITH loans AS (SELECT 1) SELECT * FROM loans)'
    expect(withQueries(sql, queries)).toContain(sql)
    expect(withQueries('WITH x AS (SELECT 1) SELECT a, loans FROM x', queries)).toContain('x AS (SELECT 1)')
  })

  it.each(['SELECT * FROM pas.loans', 'SELECT * FROM "PAS" . loans', 'SELECT * FROM x, "pas"."loans"'])(
    '%s: a way round restrictions by the database is refused',
    (sql) => {
      expect(() => withQueries(sql, queries, ['pas'])).toThrow('by their names alone')
      expect(() => withQueries(sql.replaceAll(/"?pas"?/gi, 'information_schema'), queries)).toThrow('alone')
    },
  )

  it('what stands in quotes and comments is no SQL', () => {
    const sql = `SELECT 'pas.x' AS a /* pas.x */, "b" -- pas.x LIMIT 1`
    expect(withQueries(sql, queries, ['pas'])).toContain(sql)
    expect(limited(sql, 5)).toBe(`${sql}\nLIMIT 5`)
  })
})

describe('a LIMIT', () => {
  it.each([
    'SELECT a FROM t LIMIT 3',
    'SELECT a FROM t ORDER BY a OFFSET 2 limit ?',
    'SELECT a FROM t FETCH FIRST 3 ROWS ONLY',
    'SELECT a FROM t UNION SELECT b FROM u LIMIT 3',
  ])('%s keeps its own', (sql) => {
    expect(limited(sql, 9)).toBe(sql)
  })

  it.each(['SELECT a FROM (SELECT a FROM t LIMIT 3)', "SELECT 'LIMIT 3' FROM t", '(SELECT a FROM t LIMIT 3)'])(
    '%s gets one',
    (sql) => {
      expect(limited(sql, 9)).toBe(`${sql}\nLIMIT 9`)
    },
  )
})

it('tokens are those of the text, in order, with nothing but blanks and comments between', () => {
  const part = fc.constantFrom(
    "'a''b'",
    '"x""y"',
    '-- c\n',
    '/* ( */',
    '(',
    ')',
    'word',
    '1.5e3',
    '<>',
    ',',
    '?',
    ' ',
    '\n',
    "'--'",
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const sql = parts.join(' ')
      let end = 0
      for (const token of tokensOf(sql)) {
        expect(sql.slice(end, token.start)).toMatch(/^(\s|--[^\n]*\n|\/\*.*?\*\/)*$/)
        end = token.end
      }
      const written = parts.filter((one) => one.trim() !== '' && !one.startsWith('--') && !one.startsWith('/*'))
      expect(
        tokensOf(sql)
          .map(({ start, end }) => sql.slice(start, end))
          .join(''),
      ).toBe(written.join(''))
    }),
    { numRuns: 500 },
  )
})
