import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStatement } from '../../src/engine/dialect/check.ts'
import { restrictedSelect } from '../../src/engine/restrictions/restricted-select.ts'
import { asSubquery, type RowRules } from '../../src/engine/restrictions/visible-rows.ts'
import type { TestArchive } from '../engine-archive.ts'
import { type Engine, household, mask, restricted, see } from './household.ts'

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

const all = restricted({
  masks: [mask('parties.iban', 'partial'), mask('parties.born'), mask('claims.amount')],
  rowRules: ['staff', 'terms'],
})

/** A table under `all` as an engine without tables of its own for keys is given it. */
function athena(name: string): { sql: string; ruled: boolean } {
  const tables = new Map(archive.model('pas').tables.map((table) => [table.name, table]))
  const table = tables.get(name)
  if (!table) throw new Error(`no ${name}`)
  const rules: RowRules = { tables, inForce: new Set(all.rowRules), everything: (of) => `"${of}"`, keys: asSubquery }
  return restrictedSelect(table, all.masks, rules)
}

describe.each(['parties', 'contracts', 'claims', 'journal', 'codes'])(
  '%s under restrictions, without tables for keys,',
  (name) => {
    it('is what the checks for Athena take', async () => {
      expect(await checkStatement(athena(name).sql, { application: archive.model('pas') })).toEqual([])
    })

    it('has the same rows and values', async () => {
      const key = archive.model('pas').tables.find((table) => table.name === name)?.primaryKey[0]
      const sorted = `SELECT x.* FROM (${athena(name).sql}) AS x ORDER BY x.${key}`
      const { rows } = await see(engine, sorted)
      expect(rows).toEqual((await see(engine, `SELECT x.* FROM ${name} AS x ORDER BY x.${key}`, all)).rows)
      expect(rows.length).toBeGreaterThan(0)
    })
  },
)

it('says of which tables rows may be missing', () => {
  expect(['parties', 'contracts', 'claims', 'journal', 'codes'].map((name) => athena(name).ruled)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ])
})

describe('paths', () => {
  const column = (name: string) => ({ name, type: 'varchar' })
  const step = (from: string, table: string, to: string) => ({ columns: [from], table, to: [to] })
  const ring = new Map(
    [
      {
        name: 'a',
        primaryKey: ['k'],
        columns: [column('k'), column('b')],
        persons: [{ role: 'holder' as const, steps: [step('b', 'b', 'k')] }],
      },
      {
        name: 'b',
        primaryKey: ['k'],
        columns: [column('k'), column('a'), { ...column('s'), rowRule: { name: 'r', hides: ['x'] } }],
        persons: [{ role: 'holder' as const, steps: [step('a', 'a', 'k')] }],
      },
    ].map((table) => [table.name, table]),
  )

  it('that lead round in a circle come to an end', () => {
    const rules: RowRules = { tables: ring, inForce: new Set(['r']), everything: (of) => of, keys: asSubquery }
    for (const table of ring.values())
      expect(restrictedSelect(table, [], rules).sql.match(/NOT IN|IN \('x'\)/g)?.length).toBeGreaterThan(0)
  })
})
