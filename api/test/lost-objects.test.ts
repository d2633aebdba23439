import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { openHome } from '@muniment/archive/home'
import { loadApplication } from '@muniment/archive/model/load'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApplicationSummary, Export, Search } from '../src/contract.ts'
import { noticeThen } from '../src/shared/incomplete.ts'
import { tables, writeLending } from './support/lending.ts'
import { emptySnapshot, openWorld } from './support/world.ts'

const casts = tables.loans.columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(', ')
const loansOf = (state: string, first: number) => `SELECT ${casts} FROM (SELECT 'L-' || lpad(CAST(i AS VARCHAR), 6, '0')
  AS loan_number, 'Holder' AS holder, '${state}' AS state, 1 AS amount, 'EUR' AS currency, DATE '2001-01-01' AS opened,
  NULL AS changed, i AS serial, 0 AS rate, true AS secured, '' AS note FROM range(${first}, ${first + 3}) AS r(i))`
const payments = `SELECT 'L-000001' AS loan_number, DATE '2018-01-01' AS paid_on, CAST(100 AS DECIMAL(12,2)) AS paid`

/** The app over a local catalog and DuckDB, with a committed load of three objects. */
async function openArchive() {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-lost-'))
  const templates = join(folder, 'templates')
  await writeLending(templates)
  const home = await openHome(join(folder, 'home'), { mode: 'owner' })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const objects = await Promise.all(
    [
      { table: 'loans', part: '1', sql: loansOf('A', 1) },
      { table: 'loans', part: '2', sql: loansOf('Z', 4) },
      { table: 'payments', part: '1', sql: payments },
    ].map(async ({ table, part, sql }) => {
      const file = join(folder, `${table}-${part}.parquet`)
      await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`)
      const made = await home.store.createFromFile(`archive/lending/loans/${table}/part-${part}.parquet`, file)
      return { key: made.key, etag: made.etag, size: made.size, rows: 3, table, partition: {} }
    }),
  )
  connection.closeSync()
  instance.closeSync()
  const counts = { read: 3, written: 3, refused: 0 }
  await home.store.create(
    'loads/lending/l1/load.json',
    JSON.stringify({ load: 'l1', application: 'lending', tables: { loans: counts, payments: counts }, objects }),
  )
  const catalog = createLocalCatalog({ store: home.store, home, templatesRoot: templates })
  await catalog.crawl('lending')
  const loadModel = (application: string) => loadApplication(templates, application)
  const limits = { searchWorkers: 1, memory: 512 * 1024 ** 2 }
  const engine = await createDuckdbEngine({ home, catalog, loadModel, limits })
  const world = await openWorld({ engine, catalog, folder })
  const [first = '', second = '', paid = ''] = objects.map(({ key }) => join(home.path, key))
  return {
    ...world,
    catalog,
    objects: { first, second, paid },
    async close() {
      await world.settled()
      await engine.close()
      await home.close()
      await world.close()
    },
  }
}

describe('records that are lost', () => {
  let world: Awaited<ReturnType<typeof openArchive>>
  beforeAll(async () => {
    world = await openArchive()
  })
  afterAll(() => world.close())

  const allStates = { state: ['A', 'Z'] }
  const summary = async () => ((await (await world.get('/api/applications')).json()) as ApplicationSummary[])[0]
  const noticesOf = (search: Search) => search.panels.map(({ name, notice }) => [name, notice])
  async function fileOf(made: Export, what: 'file' | 'companion') {
    const see = await world.get(`/api/exports/${made.id}/${what}`)
    return world.get(see.headers.get('location') ?? '')
  }

  it('are not spoken of while every object is there', async () => {
    const search = await world.search('find-loan', allStates)
    expect(search.panels[0]).toMatchObject({ state: 'done', rows: 6 })
    expect(search.panels[0]).not.toHaveProperty('notice')
    expect(await summary()).not.toHaveProperty('problem')
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(await (await fileOf(made, 'companion')).json()).not.toHaveProperty('notice')
  })

  it('are said at each panel that reads their table, at the application, in the record and in what is exported', async () => {
    const before = await world.search('find-loan', allStates)
    const bytes = await readFile(world.objects.second)
    await rm(world.objects.second)
    await world.catalog.crawl('lending')

    const search = await world.search('find-loan', { state: 'Z' })
    expect(search.panels[0]).toMatchObject({ state: 'done', rows: 0 })
    const notice = search.panels[0]?.notice ?? ''
    expect(notice).toMatch(
      /^"Loans" is not whole in the archive: .* may lack rows.* operator has to restore .* and crawl\.$/,
    )
    expect((await summary())?.problem).toBe(notice)
    const again = (await (await world.get(`/api/searches/${search.id}`)).json()) as Search
    expect(again.panels[0]?.notice).toBe(notice)

    const made = await world.exported(before.id, { panel: 'loans', format: 'csv' })
    expect(await (await fileOf(made, 'companion')).json()).toMatchObject({ rows: 3, notice })
    const workbook = new ExcelJS.Workbook()
    const book = await world.exported(before.id, { panel: 'loans', format: 'xlsx' })
    await workbook.xlsx.load(await (await fileOf(book, 'file')).arrayBuffer())
    const about: unknown[] = []
    workbook.getWorksheet('About this export')?.eachRow(({ values }) => about.push(values))
    expect(about).toContainEqual([undefined, 'Incomplete', notice])

    await writeFile(world.objects.second, bytes)
    await world.catalog.crawl('lending')
    const whole = await world.search('find-loan', { state: 'Z' })
    expect(whole.panels[0]).toMatchObject({ rows: 3 })
    expect(whole.panels[0]).not.toHaveProperty('notice')
    expect(await summary()).not.toHaveProperty('problem')
    // What the person was told then is on record.
    expect(noticesOf((await (await world.get(`/api/searches/${search.id}`)).json()) as Search)).toEqual([
      ['loans', notice],
    ])
  })

  it('of one table are not said at a panel that reads another', async () => {
    const bytes = await readFile(world.objects.paid)
    await writeFile(world.objects.paid, Buffer.concat([bytes, bytes]))
    await world.catalog.crawl('lending')
    const file = await world.search('loan-file', { loan_number: 'L-000001' })
    const [loan, ...others] = noticesOf(file)
    expect(loan).toEqual(['loan', undefined])
    expect(others.map(([, notice]) => notice)).toContainEqual(expect.stringMatching(/^"Payments" is not whole/))
    expect(file.panels.map(({ state }) => state)).toEqual(file.panels.map(() => 'done'))

    await rm(world.objects.first)
    await rm(world.objects.second)
    await world.catalog.crawl('lending')
    const nothing = await world.search('find-loan', allStates)
    expect(nothing.panels[0]).toMatchObject({ state: 'done', rows: 0 })
    expect(nothing.panels[0]?.notice).toMatch(/^"Loans" is not whole/)
    expect((await summary())?.problem).toMatch(/^"Loans" and "Payments" are not whole/)
  })
})

describe('what is said of a search that ran by another catalog than it was begun with', () => {
  const now = emptySnapshot('v2')
  it.each([
    ['by the one there is now: what that one says', 'old', 'v2', 'new', 'new'],
    ['by the one there is now, which is whole: nothing', 'old', 'v2', undefined, undefined],
    ['by one in between: what the one there is now says', undefined, 'v1b', 'new', 'new'],
    ['by one in between, and whole now: what was said before', 'old', 'v1b', undefined, 'old'],
  ])('%s', (_, before, ranBy, says, expected) => {
    expect(noticeThen(before, ranBy, now, () => says)).toBe(expected)
  })

  it('stays as it was where the catalog cannot be read', () => {
    expect(noticeThen('old', 'v2', undefined, () => 'new')).toBe('old')
  })
})
