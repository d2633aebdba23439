import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf, text } from './engine-archive.ts'
import { openUnloads, type Unloads } from './unloads.ts'

let world: Unloads
const unload: Unloads['unload'] = (...asked) => world.unload(...asked)
beforeAll(async () => {
  world = await openUnloads()
})
afterAll(() => world.close())

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
    const rows = (await rowsOf(world.engine, sql)).filter((row) => !row.includes(null))
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
