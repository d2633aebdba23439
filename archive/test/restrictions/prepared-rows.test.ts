import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Setups } from '../../src/engine/setups.ts'
import { ApplicationDatabase } from '../../src/engine/worker/application-database.ts'
import { mustRun } from '../../src/engine/worker/translated.ts'
import type { TestArchive } from '../engine-archive.ts'
import { household, restricted } from './household.ts'

let archive: Awaited<ReturnType<typeof household>>
let database: ApplicationDatabase

const setups = (from: TestArchive) =>
  new Setups({
    home: from.home,
    catalog: from.catalog,
    loadModel: async (application) => from.model(application),
    age: 0,
    changed: () => undefined,
  })

beforeEach(async () => {
  archive = await household()
  const scratch = path.join(archive.home, 'scratch')
  await mkdir(scratch, { recursive: true })
  const settings = { memory: 256 * 1024 ** 2, threads: 1, scratch, scratchLimit: 1024 ** 2 }
  database = new ApplicationDatabase(await setups(archive).get('pas'), settings)
  await database.open()
})
afterEach(async () => {
  database.close()
  await archive.close()
})

/** As a job: the keys that are left, and how often the plan joins. */
async function ask(table: keyof typeof archive.tables, key: string, rowRules = ['staff', 'terms']) {
  const sql = `SELECT ${key} FROM ${table} ORDER BY ${key}`
  const job = { id: 'x', application: 'pas', sql, values: [], restrictions: restricted({ rowRules }) }
  await database.open()
  const statement = await mustRun(database, { ...job, work: { kind: 'prepare' } })
  await database.stand(statement)
  const prepared = database.statements.take(statement) ?? (await database.connection.prepare(statement.sql))
  const rows = (await prepared.runAndReadAll()).getRows()
  database.statements.keep(statement, prepared)
  const plan = await database.connection.runAndReadAll(`EXPLAIN ${statement.sql}`)
  const joins = String(plan.getRows()[0]?.[1]).match(/HASH_JOIN/g)?.length ?? 0
  return { left: rows.map(([value]) => String(value).slice(1)).join(''), joins }
}

it('once the keys of hidden rows are there, one join hides the rows that one for each path did', async () => {
  expect(await ask('contracts', 'contract')).toEqual({ left: '0245679', joins: 2 })
  expect(await ask('claims', 'claim')).toEqual({ left: '0245679', joins: 1 })
  await database.restricted.prepared.make()
  expect(await ask('contracts', 'contract')).toEqual({ left: '0245679', joins: 1 })
  expect(await ask('claims', 'claim')).toEqual({ left: '0245679', joins: 1 })
})

it('a table without hidden rows is read as it is, although rules could hide some', async () => {
  const first = await ask('journal', 'entry', ['terms'])
  expect(first).toEqual({ left: '0123456789', joins: 1 })
  await database.restricted.prepared.make()
  expect(await ask('journal', 'entry', ['terms'])).toEqual({ left: '0123456789', joins: 0 })
})

it('keys that a hidden row shares with others hide none of those', async () => {
  const { contracts } = archive.tables
  const shared = contracts.objects.map(({ select }) => ({
    select: `${select.replace("'k' || i AS", "'k' || i // 2 AS")}`,
  }))
  await archive.put('pas', { ...archive.tables, contracts: { ...contracts, objects: shared } })
  database.replace(await setups(archive).get('pas'))
  const before = await ask('contracts', 'contract')
  expect(before.left).toBe('0122334')
  await database.restricted.prepared.make()
  expect(await ask('contracts', 'contract')).toEqual(before)
})

it('is made anew for a new version of the catalog, also where one was being made', async () => {
  const { parties } = archive.tables
  const others = parties.objects.map(({ select }) => ({ select: select.replace('i = 3 END', 'i = 4 END') }))
  expect((await ask('contracts', 'contract', ['staff'])).left).toBe('02456789')
  await database.restricted.prepared.make()
  expect((await ask('contracts', 'contract', ['staff'])).left).toBe('02456789')
  await ask('claims', 'claim', ['staff'])
  const making = database.restricted.prepared.make()
  await archive.put('pas', { ...archive.tables, parties: { ...parties, objects: others } })
  database.replace(await setups(archive).get('pas'))
  for (let times = 0; times < 2; times++) {
    expect((await ask('contracts', 'contract', ['staff'])).left).toBe('012356789')
    await making
    await database.restricted.prepared.make()
  }
})

it('is made by itself while nobody asks', async () => {
  await ask('contracts', 'contract')
  await expect.poll(async () => (await ask('contracts', 'contract')).joins, { interval: 400, timeout: 5000 }).toBe(1)
})
