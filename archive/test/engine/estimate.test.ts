import { describe, expect, it } from 'vitest'
import type { CatalogSnapshot, CatalogTable } from '../../src/catalog/port.ts'
import { tokensOf } from '../../src/engine/athena/sql/tokens.ts'
import { objectsRead } from '../../src/engine/estimate/partitions.ts'
import { scansOf } from '../../src/engine/estimate/scans.ts'
import { readers, tableBytes } from '../../src/engine/estimate/table-bytes.ts'
import { estimate } from '../../src/engine/estimate.ts'
import type { BoundValue, Restrictions } from '../../src/engine/port.ts'

const MB = 1_000_000

function tableOf(name: string, columns: Record<string, number>, rest: Partial<CatalogTable> = {}): CatalogTable {
  const bytes = Object.values(columns).reduce((sum, one) => sum + one, 0)
  const object = { key: name, etag: '', size: bytes, rows: 1, partition: {}, load: 'l' }
  return {
    name,
    domain: 'd',
    columns: Object.entries(columns).map(([column, bytes]) => ({ name: column, type: 'varchar', bytes })),
    partitionBy: [],
    objects: [object],
    rows: 1,
    bytes,
    ...rest,
  }
}

describe('how often a statement reads a table', () => {
  const times = (sql: string) => scansOf(tokensOf(sql), ['t']).get('t')

  it.each([
    ['SELECT a FROM t', 1],
    ['SELECT t.a FROM t WHERE t.b = 1 ORDER BY t.a', 1],
    ['SELECT x.a FROM t x JOIN t y ON x.a = y.a', 2],
    ['SELECT a FROM T UNION ALL SELECT a FROM "t"', 2],
    ['SELECT a FROM s WHERE a IN (SELECT a FROM t)', 1],
    ['WITH w AS (SELECT a FROM t) SELECT 1 FROM w', 1],
    ['WITH w AS (SELECT a FROM t) SELECT 1 FROM w x JOIN w y ON x.a = y.a', 2],
    ['WITH w (a) AS (SELECT a FROM t), v AS (SELECT x.a FROM w x JOIN w y ON x.a = y.a) SELECT 1 FROM v, v z', 4],
    ['WITH w AS (SELECT a FROM t) SELECT 1 FROM (WITH w AS (SELECT a FROM s) SELECT a FROM w) x', 1],
    ['SELECT count(DISTINCT a), count(DISTINCT b) FROM t', 2],
    ["SELECT 'from t' /* FROM t */ FROM t -- FROM t", 1],
  ])('%s: %i', (sql, count) => {
    expect(times(sql)).toBe(count)
  })
})

describe('objects of a partitioned table', () => {
  const years = ['2019', '2020', '2021', '__HIVE_DEFAULT_PARTITION__']
  const table = tableOf(
    't',
    { a: 10, year: 0 },
    {
      partitionBy: ['year'],
      objects: years.map((year) => ({ key: year, etag: '', size: 10, rows: 1, partition: { year }, load: 'l' })),
    },
  )
  const some = (sql: string, ...values: (string | BoundValue)[]) =>
    objectsRead(
      tokensOf(sql),
      values.map((value): BoundValue => (typeof value === 'string' ? { type: 'varchar', value } : value)),
      table,
    ).flatMap(({ partition }) => (partition.year?.startsWith('2') ? [partition.year] : []))

  it('are those that a comparison in WHERE leaves', () => {
    expect(some('SELECT a FROM t WHERE year = ?', '2020')).toEqual(['2020'])
    expect(some('SELECT a FROM t AS x WHERE x.a = ? AND x.year IN (?, ?) ORDER BY a', 'a', '2019', '2021')).toEqual([
      '2019',
      '2021',
    ])
    const year: BoundValue = { type: 'integer', value: '2020' }
    expect(some('SELECT a FROM t x WHERE x.year >= ?', year)).toEqual(['2020', '2021'])
    expect(some('SELECT a FROM t x JOIN s ON s.a = ? WHERE x.year < ?', 'a', year)).toEqual(['2019'])
  })

  it('are all of them where it is not plain that rows of others are left out', () => {
    for (const sql of [
      'SELECT a FROM t WHERE year = ? OR a = ?',
      'SELECT a FROM t WHERE a BETWEEN ? AND year = ?',
      'SELECT a FROM t WHERE NOT (year = ?)',
      'SELECT a FROM t WHERE CASE WHEN year = ? THEN true END',
      'SELECT s.a FROM s LEFT JOIN t x ON s.a = x.a WHERE x.year = ?',
      'SELECT s.a FROM t x RIGHT JOIN s ON s.a = x.a WHERE x.year = ?',
      'SELECT s.a FROM s JOIN t x ON x.year = ?',
      'SELECT x.a FROM t x JOIN t y ON x.a = y.a WHERE x.year = ?',
      'SELECT s.a FROM t, s WHERE year = ?',
      'SELECT s.a FROM t x, s WHERE s.year = ?',
      'SELECT a FROM t WHERE year <> ?',
      'SELECT a FROM t WHERE year < ?',
    ])
      expect(some(sql, '2020', '2020'), sql).toEqual(['2019', '2020', '2021'])
  })
})

describe('one way through a table', () => {
  const columns = { a: 10 * MB, b: 20 * MB, c: 30 * MB }
  const plain = tableOf('t', columns)
  const bytes = (table: CatalogTable, names: string[], reader: 'duckdb' | 'athena') =>
    tableBytes(table, new Set(names), table.objects, readers[reader])

  it('reads its columns, in Athena those in between too, and never more than the file but for its footer', () => {
    expect(bytes(plain, ['a'], 'duckdb')).toBe(10 * MB)
    expect(bytes(plain, ['a', 'c'], 'duckdb')).toBe(40 * MB)
    expect(bytes(plain, ['a', 'c'], 'athena')).toBe(60 * MB + 2 * 48 * 1024)
    expect(bytes(plain, [], 'duckdb')).toBe(0)
  })

  it('reads a small file as a whole in Athena', () => {
    const small = tableOf('t', { a: 10, b: 2 * MB })
    expect(bytes(small, ['a'], 'athena')).toBeGreaterThanOrEqual(2 * MB)
    expect(bytes(small, ['a'], 'duckdb')).toBe(10)
  })

  it('reads what of the files is no column', () => {
    expect(bytes({ ...plain, bytes: plain.bytes + 500 }, ['a'], 'duckdb')).toBeGreaterThanOrEqual(10 * MB + 500)
  })
})

describe('a statement', () => {
  const ruled = { name: 'secret', hides: ['y'] }
  const persons = {
    name: 'persons',
    columns: [
      { name: 'id', type: 'varchar' as const },
      { name: 'flag', type: 'varchar' as const, rowRule: ruled },
      { name: 'text', type: 'varchar' as const },
    ],
    persons: [],
    primaryKey: ['id'],
  }
  const letters = {
    name: 'letters',
    columns: [
      { name: 'id', type: 'varchar' as const },
      { name: 'person', type: 'varchar' as const },
      { name: 'text', type: 'varchar' as const },
    ],
    persons: [{ role: 'subject' as const, steps: [{ columns: ['person'], table: 'persons', to: ['id'] }] }],
    primaryKey: ['id'],
  }
  const snapshot: CatalogSnapshot = {
    application: 'app',
    version: '1',
    crawled: '',
    tables: [
      tableOf('persons', { id: 1 * MB, flag: 2 * MB, text: 4 * MB }),
      tableOf('letters', { id: 8 * MB, person: 16 * MB, text: 32 * MB }),
    ],
  }
  const bound = (rest: Partial<Restrictions> = {}, chosenBy: string[] = []) => {
    const restrictions = { id: '', tables: ['letters'], masks: [], rowRules: [], ...rest }
    const reading = { used: { letters: ['id', 'text'] }, chosenBy }
    const statement = { application: 'app', sql: 'SELECT id, text FROM letters', values: [], restrictions }
    return estimate(statement, { reading, snapshot, tables: [persons, letters], engine: 'duckdb' })
  }

  it('reads by row rules the columns that lead to hidden rows, in tables that it does not name too', () => {
    expect(bound().tables).toEqual({ letters: 40 * MB })
    expect(bound({ rowRules: ['secret'] }).tables).toEqual({ letters: 56 * MB, persons: 3 * MB })
  })

  it('reads no column that is hidden', () => {
    expect(bound({ masks: [{ table: 'letters', column: 'text', mask: 'hidden' }] }).tables).toEqual({ letters: 8 * MB })
    expect(bound({ masks: [{ table: 'letters', column: 'text', mask: 'partial' }] }).tables).toEqual({
      letters: 40 * MB,
    })
  })

  it('reads nothing where it is not run', () => {
    const masks = [{ table: 'letters', column: 'text', mask: 'hidden' as const }]
    expect(bound({ masks }, ['letters.text']).bytesAtMost).toBe(0)
  })
})
