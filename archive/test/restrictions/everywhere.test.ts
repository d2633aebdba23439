import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApplicationDatabase } from '../../src/engine/worker/application-database.ts'
import { translated } from '../../src/engine/worker/translated.ts'
import { startOptions, statement, type TestArchive } from '../engine-archive.ts'
import { type Engine, household, mask, restricted, see } from './household.ts'

let archive: TestArchive
let engine: Engine

beforeAll(async () => {
  archive = await household()
  engine = await archive.engine({ catalogAge: 60_000 })
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const restrictions = restricted({
  masks: [mask('parties.name'), mask('parties.iban', 'partial')],
  rowRules: ['staff'],
})

it.each(['csv', 'json', 'parquet'] as const)(
  'an export as %s obeys the restrictions of its statement',
  async (format) => {
    const folder = path.join(archive.home, `export-${format}`)
    const columns = ['party', 'name', 'iban'].map((name) => ({ name, heading: name }))
    const sql = 'SELECT party, name, iban FROM parties ORDER BY party'
    const id = await engine.unload(
      { ...statement(sql), restrictions },
      { folder, format, columns },
      startOptions({ lane: 'export' }),
    )
    const { result } = await engine.wait(id, 60_000)
    expect(result?.rows).toBe(9)
    expect(result?.columns).toEqual([
      { name: 'party', type: 'varchar', from: 'parties.party' },
      { name: 'name', type: 'varchar', from: 'parties.name', masked: 'hidden' },
      { name: 'iban', type: 'varchar', from: 'parties.iban', masked: 'partial' },
    ])
    const written = await readFile(path.join(folder, `result.${format}`), 'latin1')
    expect(written).not.toMatch(/Name|DE00|X12/)
    if (format !== 'parquet') expect(written).not.toContain('p3')
  },
)

it('an export that meets an error in a hidden row alone is written', async () => {
  const folder = path.join(archive.home, 'export-doubtful')
  const sql = 'SELECT contract, CAST(text AS integer) AS n FROM contracts ORDER BY contract'
  const columns = ['contract', 'n'].map((name) => ({ name, heading: name }))
  const id = await engine.unload(
    { ...statement(sql), restrictions },
    { folder, format: 'csv', columns },
    startOptions({ lane: 'export' }),
  )
  expect((await engine.wait(id, 60_000)).result?.rows).toBe(8)
})

it('who is hidden is worked out anew for a new version of the catalog, for what was prepared too', async () => {
  const other = await household()
  const running = await other.engine({ catalogAge: 60_000 })
  try {
    const sql = 'SELECT contract FROM contracts ORDER BY contract'
    const contracts = async () => (await see(running, sql, restrictions)).rows.map(([key]) => key?.slice(1)).join('')
    expect(await contracts()).toBe('02456789')
    await other.put('pas', {
      ...other.tables,
      parties: {
        ...other.tables.parties,
        objects: other.tables.parties.objects.map(({ select }) => ({
          select: select.replace('i = 3 END', 'i = 4 END'),
        })),
      },
    })
    await running.refresh('pas')
    // p3, who holds k3 and pays for k1, is no longer staff; p4 is.
    expect(await contracts()).toBe('012356789')
  } finally {
    await running.close()
    await other.close()
  }
})

it('in a careful run no condition of the statement is computed below what hides rows', async () => {
  const { Setups } = await import('../../src/engine/setups.ts')
  const setups = new Setups({
    home: archive.home,
    catalog: archive.catalog,
    loadModel: async (application) => archive.model(application),
    age: 60_000,
    changed: () => undefined,
  })
  const scratch = path.join(archive.home, 'scratch')
  await mkdir(scratch, { recursive: true })
  const database = new ApplicationDatabase(await setups.get('pas'), {
    memory: 256 * 1024 ** 2,
    threads: 1,
    scratch,
    scratchLimit: 1024 ** 2,
  })
  await database.open()
  try {
    const planOf = async (careful: boolean) => {
      const sql = "SELECT contract FROM contracts WHERE contract = 'k2' AND CAST(text AS integer) > 1"
      const job = {
        id: 'x',
        application: 'pas',
        sql,
        values: [],
        restrictions,
        careful,
        work: { kind: 'prepare' as const },
      }
      const made = await translated(database, job)
      await database.stand(made)
      const explained = await database.connection.runAndReadAll(`EXPLAIN ${made.sql}`)
      return String(explained.getRows()[0]?.[1])
    }
    const order = (plan: string) =>
      ["contract='k2'", "(contract = 'k2')", 'HASH_JOIN', 'LIMIT'].filter((what) => plan.includes(what))
    expect(order(await planOf(false))).toEqual(["contract='k2'", 'HASH_JOIN'])
    expect(order(await planOf(true))).toEqual(["(contract = 'k2')", 'HASH_JOIN', 'LIMIT'])
  } finally {
    database.close()
  }
})
