import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestArchive } from '../engine-archive.ts'
import { type Engine, errorOf, household, restricted, see } from './household.ts'

let archive: TestArchive
let engine: Engine

beforeAll(async () => {
  archive = await household()
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const keys = async (table: string, key: string, rowRules: string[]) => {
  const { rows } = await see(engine, `SELECT ${key} FROM ${table} ORDER BY ${key}`, restricted({ rowRules }))
  return rows.map(([value]) => value?.slice(1)).join('')
}

describe('a row rule in force hides', () => {
  it.each([
    ['rows with the value, not those that say nothing', 'parties', 'party', ['staff'], '012456789'],
    ['rows about a hidden person in any role, not those about nobody', 'contracts', 'contract', ['staff'], '02456789'],
    [
      'rows that a path reaches through a hidden row, not those that lead nowhere',
      'claims',
      'claim',
      ['staff'],
      '02456789',
    ],
    ['rows by another rule', 'contracts', 'contract', ['terms'], '012345679'],
    ['rows by both', 'contracts', 'contract', ['terms', 'staff'], '0245679'],
    ['rows behind both', 'claims', 'claim', ['terms', 'staff'], '0245679'],
    ['rows by a key of two columns, where both agree', 'journal', 'entry', ['terms'], '0123456789'],
    ['rows by a key of two columns', 'journal', 'entry', ['staff'], '02456789'],
    ['nothing where it is not in force', 'claims', 'claim', [], '0123456789'],
    ['nothing of a table that leads to nobody', 'codes', 'code', ['terms', 'staff'], ''],
  ])('%s', async (_, table, key, rowRules, left) => {
    expect(await keys(table, key, rowRules)).toBe(left)
  })

  it('rows in counts, sums, joins, subqueries and the size of the result', async () => {
    const staff = restricted({ rowRules: ['staff'] })
    expect((await see(engine, 'SELECT count(*) AS n, sum(worth) AS s FROM parties', staff)).rows).toEqual([['9', '42']])
    const joined = 'SELECT c.claim FROM claims c JOIN contracts k ON k.contract = c.contract ORDER BY c.claim'
    expect((await see(engine, joined, staff)).count).toBe(7)
    expect((await see(engine, joined)).count).toBe(9)
    const inside = "SELECT code FROM codes WHERE EXISTS (SELECT 1 FROM parties WHERE party = 'p3')"
    expect((await see(engine, inside, staff)).rows).toEqual([])
    expect((await see(engine, inside)).rows).toEqual([['A']])
    expect((await see(engine, "SELECT party FROM parties WHERE party = 'p3'", staff)).rows).toEqual([])
  })
})

it('refuses a rule that the model does not know, since it could not keep it', async () => {
  expect(await errorOf(engine, 'SELECT claim FROM claims', restricted({ rowRules: ['vip'] }))).toContain('vip')
})

describe('an attacker who provokes errors', () => {
  const staff = restricted({ rowRules: ['staff'] })

  it.each([
    [
      'casts what only a hidden row has',
      'SELECT contract FROM contracts WHERE CAST(text AS integer) >= 0 ORDER BY contract',
    ],
    ['casts it in SELECT', 'SELECT contract, CAST(text AS integer) AS n FROM contracts ORDER BY contract'],
    [
      'casts it in a CASE',
      "SELECT contract FROM contracts WHERE CASE WHEN text LIKE 'no%' THEN 1 / 0 ELSE 1 END = 1 ORDER BY contract",
    ],
    [
      'casts it while joining',
      'SELECT k.contract FROM contracts k JOIN codes c ON CAST(k.text AS integer) >= length(c.code) - 1 ORDER BY k.contract',
    ],
    ['casts it while sorting', 'SELECT contract FROM contracts ORDER BY CAST(text AS integer)'],
  ])('%s, and learns nothing', async (_, sql) => {
    expect(await errorOf(engine, sql)).not.toBe('')
    const { rows } = await see(engine, sql, staff)
    expect(rows.map(([key]) => key)).toEqual(['k0', 'k2', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9'])
  })

  it('divides by what is 0 in a hidden row alone, and learns nothing', async () => {
    const sql = 'SELECT party FROM parties WHERE 6 / (worth - 3) > 1 ORDER BY party'
    expect(await errorOf(engine, sql)).toContain('by zero')
    expect((await see(engine, sql, staff)).rows).toEqual([['p4'], ['p5'], ['p6']])
  })

  it('is told of an error that rows one sees have caused', async () => {
    expect(await errorOf(engine, 'SELECT party FROM parties WHERE 6 / (worth - 4) > 1', staff)).toContain('by zero')
  })
})
