import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStatement } from '../src/engine/dialect/check.ts'
import { makeArchive, policies, type TestArchive } from './engine-archive.ts'

let archive: TestArchive
beforeAll(async () => {
  archive = await makeArchive({ pas: { policies } })
})
afterAll(() => archive.close())

const order = async (sql: string) => {
  const model = archive.model('pas')
  const tables = model.tables.map((table) => ({ ...table, primaryKey: ['policy_number'] }))
  return checkStatement(sql, { application: { ...model, tables }, stableOrder: true })
}

describe('an order that ties cannot shake', () => {
  it.each([
    ['the key at the end', 'SELECT note FROM policies ORDER BY note, policy_number'],
    ['the key by its number', 'SELECT note, policy_number FROM policies ORDER BY note, 2'],
    ['the key under another name', 'SELECT note, policy_number AS n FROM policies ORDER BY note, n'],
    ['one row, known by its key', 'SELECT note FROM policies WHERE policy_number = ?'],
    ['one row of all', 'SELECT count(*) AS n, max(note) AS m FROM policies'],
    ['the groups', 'SELECT note, count(*) AS n FROM policies GROUP BY note ORDER BY n DESC, note'],
    [
      'groups by an expression',
      'SELECT year(begins) AS y, count(*) AS n FROM policies GROUP BY year(begins) ORDER BY y',
    ],
    ['groups by number', 'SELECT year(begins) AS y, count(*) AS n FROM policies GROUP BY 1 ORDER BY 1'],
    ['what is distinct', 'SELECT DISTINCT note FROM policies ORDER BY note'],
    [
      'the key of the other side',
      'SELECT p.note FROM policies p JOIN policies q ON q.policy_number = p.policy_number ORDER BY q.policy_number',
    ],
    [
      'the key of what leads to the other',
      'SELECT p.note FROM policies p LEFT JOIN policies q ON q.policy_number = p.note ORDER BY p.policy_number',
    ],
    [
      'the key joined by USING',
      'SELECT p.note FROM policies p JOIN policies q USING (policy_number) ORDER BY p.policy_number',
    ],
    ['what a subquery brings', 'SELECT s.n FROM (SELECT policy_number AS n FROM policies) s ORDER BY s.n'],
    ['a number of rows', 'SELECT row_number() OVER (ORDER BY policy_number) AS n FROM policies ORDER BY n'],
    ['nothing from a table', 'SELECT 1 AS a'],
  ])('is %s', async (_, sql) => {
    expect(await order(sql)).toEqual([])
  })

  it.each([
    ['a column', 'SELECT note FROM policies ORDER BY note', 'alike in note', 'Add policies.policy_number.'],
    ['an alias', 'SELECT v.note AS n FROM policies v ORDER BY n DESC', 'alike in n', 'Add v.policy_number.'],
    [
      'an expression of the key',
      'SELECT note FROM policies ORDER BY length(policy_number)',
      'an expression',
      'Add policies.policy_number.',
    ],
    [
      'one side of a join',
      'SELECT p.note FROM policies p JOIN policies q ON q.holder = p.holder ORDER BY p.policy_number',
      'alike in',
      'Add q.policy_number.',
    ],
    [
      'a group',
      'SELECT note, holder FROM policies GROUP BY note, holder ORDER BY note',
      'alike in note',
      'Add holder.',
    ],
    ['nothing', 'SELECT note FROM policies', 'no ORDER BY', 'Write ORDER BY policies.policy_number.'],
    [
      'what many rows share',
      'SELECT note FROM policies WHERE holder = ?',
      'no ORDER BY',
      'Write ORDER BY policies.policy_number.',
    ],
  ])('is not %s', async (_, sql, message, hint) => {
    expect(await order(sql)).toEqual([expect.objectContaining({ message: expect.stringContaining(message), hint })])
  })
})
