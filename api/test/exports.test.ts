import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Export, Search } from '../src/contract.ts'
import type { About } from '../src/exports/about.ts'
import { writeWorkbook } from '../src/exports/workbook.ts'
import { openLendingArchive } from './support/lending-archive.ts'
import { answering } from './support/loans.ts'
import { logged } from './support/logged.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

const everything = { opened_from: '', state: ['A', 'Z', 'X'] }

describe('an exported file', () => {
  let world: Awaited<ReturnType<typeof openLendingArchive>>
  let search: Search
  beforeAll(async () => {
    world = await openLendingArchive()
    search = await world.search('find-loan', everything)
    expect(search.panels[0]).toMatchObject({ state: 'done', rows: 3 })
  })
  afterAll(() => world.close())

  async function fileOf(made: Export, what = 'file') {
    const see = await world.get(`/api/exports/${made.id}/${what}`)
    expect(see.status).toBe(303)
    return world.get(see.headers.get('location') ?? '')
  }

  it('is CSV in which no text is a formula, with words beside codes and all columns', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(made).toMatchObject({ state: 'done', rows: 3, progress: 1 })
    const response = await fileOf(made)
    const text = await response.text()
    const lines = text.split('\r\n')
    expect(lines[0]).toBe(
      'Loan number,Holder,State,State (in words),Amount,Currency,Opened,Changed,Serial,Rate,Secured,Note',
    )
    expect(text).toContain(`L-000001,"'=HYPERLINK(""http://x"",""y"")",A,Running,12345678901234567.89,EUR,1899-12-31`)
    expect(text).toContain(`L-000002,'@SUM(A1),Z,Arrears,-0.10,CHF,2004-02-29,,-5`)
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(Number(response.headers.get('content-length'))).toBe(made.bytes)
  })

  it('is named by use case and search, and not by anything personal', async () => {
    const hers = await world.search('loan-file', { loan_number: 'L-000001' })
    const made = await world.exported(hers.id, { panel: 'loan', format: 'csv' })
    const name = `lending-loan-file-loan-${hers.id}.csv`
    expect(made.fileName).toBe(name)
    expect((await fileOf(made)).headers.get('content-disposition')).toBe(
      `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    )
  })

  it('tells its size without being opened', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const see = await world.get(`/api/exports/${made.id}/file`)
    const response = await world.ask('HEAD', see.headers.get('location') ?? '')
    expect(response.status).toBe(200)
    expect(Number(response.headers.get('content-length'))).toBe(made.bytes)
    const open = await readdir('/proc/self/fd').catch(() => [])
    const targets = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
    expect(targets.filter((target) => target.includes(made.fileName))).toEqual([])
  })

  it('comes with a companion that says what, when, by whom, for what, how many, and its hash', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv', sort: '-amount' })
    const body = Buffer.from(await (await fileOf(made)).arrayBuffer())
    const about = await (await fileOf(made, 'companion')).json()
    expect(about).toMatchObject({
      file: made.fileName,
      search: { id: search.id, useCase: 'find-loan', panel: 'Loans' },
      inputs: [{ label: 'State', value: 'Running, Arrears, Repaid' }],
      purpose: 'System test: test',
      export: { by: 'Person ada', order: '-amount' },
      rows: 3,
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      templateHash: search.templateHash,
      loads: ['load-1'],
    })
  })

  it('is in the order asked for', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv', sort: 'largest' })
    const numbers = (await (await fileOf(made)).text()).match(/^L-\d+/gm)
    expect(numbers).toEqual(['L-000001', 'L-000003', 'L-000002'])
  })

  it('is JSON with exact digits', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'json' })
    const rows = (await (await fileOf(made)).json()) as Record<string, unknown>[]
    expect(rows[0]).toMatchObject({
      loan_number: 'L-000001',
      amount: '12345678901234567.89',
      state_in_words: 'Running',
    })
  })

  it('is Parquet with the types of the archive', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'parquet' })
    const folder = await mkdtemp(join(tmpdir(), 'muniment-parquet-'))
    const file = join(folder, 'x.parquet')
    await writeFile(file, Buffer.from(await (await fileOf(made)).arrayBuffer()))
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const result = await connection.runAndReadAll(
      `SELECT typeof(amount), typeof(opened), CAST(serial AS VARCHAR), state_in_words FROM '${file}' LIMIT 1`,
    )
    expect(result.getRows()[0]).toEqual(['DECIMAL(20,2)', 'DATE', '9007199254740993', 'Running'])
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  })

  describe('as a workbook', () => {
    let workbook: ExcelJS.Workbook
    beforeAll(async () => {
      const all = await world.search('find-loan', { state: ['A', 'Z', 'X'], opened_from: '1000-01-01' })
      const made = await world.exported(all.id, { panel: 'loans', format: 'xlsx' })
      expect(made.state).toBe('done')
      workbook = new ExcelJS.Workbook()
      await workbook.xlsx.load(await (await fileOf(made)).arrayBuffer())
    })
    const cells = (row: number) => {
      const { values } = workbook.worksheets[0]?.getRow(row) ?? { values: [] }
      return Array.isArray(values) ? values.slice(1) : []
    }

    it('opens with headings and a sheet about the export', () => {
      expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Loans', 'About this export'])
      expect(cells(1)).toEqual([
        'Loan number',
        'Holder',
        'State',
        'State (in words)',
        'Amount',
        'Currency',
        'Opened',
        'Changed',
        'Serial',
        'Rate',
        'Secured',
        'Note',
      ])
      const about = new Map<unknown, unknown>()
      workbook
        .getWorksheet('About this export')
        ?.eachRow((row) => about.set(row.getCell(1).value, row.getCell(2).value))
      expect(about.get('Rows')).toBe(3)
      expect(about.get('Purpose')).toBe('System test: test')
      expect(about.get('Searched for: State')).toBe('Running, Arrears, Repaid')
    })

    it('has texts that look like formulas as texts', () => {
      const cell = workbook.getWorksheet('Loans')?.getRow(2).getCell(2)
      expect(cell?.value).toBe('=HYPERLINK("http://x","y")')
      expect(cell?.type).toBe(ExcelJS.ValueType.String)
    })

    it('has numbers where a cell keeps them exactly, and texts where it would not', () => {
      expect(cells(2)[4]).toBe('12345678901234567.89')
      expect(cells(2)[8]).toBe('9007199254740993')
      expect(cells(3)[4]).toBe(-0.1)
      expect(cells(4)[4]).toBe(1234.5)
    })

    it('has dates as dates, and as texts before Excel has days', () => {
      expect(cells(2)[6]).toBe('1899-12-31')
      expect(cells(4)[6]).toBe('1900-02-28')
      expect(cells(3)[6]).toEqual(new Date('2004-02-29T00:00:00Z'))
      expect(cells(2)[7]).toEqual(new Date('2019-06-30T12:34:56.789Z'))
    })

    it('keeps line breaks, other scripts and markup as they are', () => {
      expect(cells(4)[1]).toBe('Łukasz Öz 李')
      expect(cells(3)[11]).toContain('<script>alert(1)</script> {{ 7*7 }}')
      expect(cells(4)[11]).toContain('bell\u2028after')
    })
  })

  it('has an address that opens it for one person only, and not after five minutes', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const see = await world.get(`/api/exports/${made.id}/file`)
    const address = see.headers.get('location') ?? ''
    expect((await world.get(address, { 'x-person': 'bob' })).status).toBe(404)
    expect((await world.get(`${address.slice(0, -3)}AAA`)).status).toBe(404)
    expect((await world.get('/api/files/abc')).status).toBe(404)
    world.setNow(new Date(Date.now() + 5 * 60_000 + 1_000))
    expect((await world.get(address)).status).toBe(410)
    world.setNow(new Date())
    expect((await world.get(address)).status).toBe(200)
  })

  it('of somebody else cannot be told from one that never was', async () => {
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const never = `${made.id.slice(0, -4)}0000`
    for (const path of ['', '/file', '/companion']) {
      const foreign = await world.get(`/api/exports/${made.id}${path}`, { 'x-person': 'bob' })
      const unknown = await world.get(`/api/exports/${never}${path}`, { 'x-person': 'bob' })
      expect(foreign.status).toBe(404)
      expect(await foreign.text()).toBe(await unknown.text())
    }
    const cancelled = await world.ask('DELETE', `/api/exports/${made.id}`, undefined, { 'x-person': 'bob' })
    expect(cancelled.status).toBe(404)
  })

  it.each(['csv', 'xlsx'])('names in the log the records that it holds, as pages of them do: %s', async (format) => {
    const made = await world.exported(search.id, { panel: 'loans', format, sort: '-amount' })
    await world.get(`/api/searches/${search.id}/panels/loans`)
    await world.settled()
    const entry = (await logged(world.store, 'export')).find(({ opening }) => opening.subject?.export === made.id)
    const page = (await logged(world.store, 'page')).at(-1)
    expect(entry?.closings).toMatchObject([{ outcome: 'done', rows: 3, records: { tokens: 3, parts: 1 } }])
    expect(page?.tokens).toHaveLength(3)
    expect(entry?.tokens.toSorted()).toEqual(page?.tokens.toSorted())
  })

  it('leaves nothing in the work folder', async () => {
    await world.exported(search.id, { panel: 'loans', format: 'xlsx' })
    expect(await readdir(join(world.home, '.work', 'exports'))).toEqual([])
  })
})

describe('a workbook of more rows than a sheet holds', () => {
  it('goes on in further sheets, each with its headings, in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muniment-workbook-'))
    const file = join(folder, 'x.xlsx')
    async function* rows() {
      for (let index = 1; index <= 25; index += 1) yield [String(index)]
    }
    const written = await writeWorkbook({
      file,
      title: 'A [title] with what/Excel: forbids, and longer than it allows',
      columns: [{ name: 'n', heading: 'N & M', type: 'integer' }],
      rows: rows(),
      about: ({ rows }) => ({ ...emptyAbout, rows }),
      signal: new AbortController().signal,
      progress: () => undefined,
      rowsPerSheet: 10,
    })
    expect(written).toBe(25)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(file)
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      'A  title  with what Excel  forb',
      'A  title  with what Excel  fo 2',
      'A  title  with what Excel  fo 3',
      'About this export',
    ])
    const values = workbook.worksheets.slice(0, 3).map((sheet) => sheet.getColumn(1).values.slice(1))
    expect(values.map((sheet) => sheet[0])).toEqual(['N & M', 'N & M', 'N & M'])
    expect(values.flatMap((sheet) => sheet.slice(1))).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
    expect(await readdir(folder)).toEqual(['x.xlsx'])
    await rm(folder, { recursive: true })
  })

  it('holds any text as it was, and never as a formula', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 20 })
    const folder = await mkdtemp(join(tmpdir(), 'muniment-workbook-'))
    const file = join(folder, 'x.xlsx')
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        async function* rows() {
          for (const text of given) yield [text]
        }
        await writeWorkbook({
          file,
          title: 'T',
          columns: [{ name: 'n', heading: 'N', type: 'varchar' }],
          rows: rows(),
          about: () => emptyAbout,
          signal: new AbortController().signal,
          progress: () => undefined,
        })
        const workbook = new ExcelJS.Workbook()
        await workbook.xlsx.readFile(file)
        given.forEach((text, index) => {
          const cell = workbook.worksheets[0]?.getRow(index + 2).getCell(1)
          // What Office reads: characters that XML cannot hold, and what looks like them, are written as _xHHHH_.
          const read = String(cell?.value ?? '').replace(/_x([0-9A-F]{4})_/g, (_, code) =>
            String.fromCharCode(Number.parseInt(code, 16)),
          )
          expect(read).toBe(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
          expect(cell?.formula).toBeUndefined()
        })
      }),
      { numRuns: 25 },
    )
    await rm(folder, { recursive: true })
  })
})

const emptyAbout: About = {
  file: 'x.xlsx',
  application: 'lending',
  search: { id: '', title: '', useCase: '', panel: '', started: '' },
  inputs: [],
  purpose: '',
  export: { id: '', by: '', started: '', finished: '', order: '' },
  rows: 0,
  withheld: [],
  leftOut: [],
  columns: [],
  templateHash: '',
  catalogVersion: '',
  loads: [],
  notes: [],
}

describe('exporting', () => {
  let world: World
  afterEach(() => world.close())

  it.each([
    [{ panel: 'other', format: 'csv' }, 404],
    [{ panel: 'loans', format: 'docx' }, 400],
    [{ panel: 'loans', format: 'csv', sort: 'nothing"; DROP TABLE loans' }, 400],
    [{ panel: 'loans' }, 400],
  ])('%j answers %i', async (body, status) => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    const response = await world.ask('POST', `/api/searches/${search.id}/exports`, body)
    expect(response.status).toBe(status)
  })

  it('can be cancelled: the engine stops, nothing is kept, the record says so', async () => {
    let unloading = false
    const memory = memoryEngine((statement) => (unloading ? 'never' : answering(3)(statement)))
    world = await openWorld({ engine: memory.engine })
    const search = await world.search('find-loan', { holder: 'x' })
    unloading = true
    const begun = await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'csv' })
    expect(begun.status).toBe(202)
    const { id } = (await begun.json()) as Export
    expect(begun.headers.get('location')).toBe(`/api/exports/${id}`)
    const early = await world.get(`/api/exports/${id}/file`)
    expect(early.status).toBe(409)
    const cancelled = (await (await world.ask('DELETE', `/api/exports/${id}`)).json()) as Export
    expect(cancelled.state).toBe('cancelled')
    expect((await problemOf(await world.get(`/api/exports/${id}/file`))).detail).toContain('cancelled')
  })

  it('that fails in the engine says so and keeps nothing', async () => {
    let unloading = false
    const memory = memoryEngine((statement) =>
      unloading ? { fails: 'limit', message: 'It took longer than 30 minutes.' } : answering(3)(statement),
    )
    world = await openWorld({ engine: memory.engine })
    const search = await world.search('find-loan', { holder: 'x' })
    unloading = true
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(made).toMatchObject({ state: 'failed', problem: { status: 422, detail: 'It took longer than 30 minutes.' } })
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(422)
  })

  it('that a stopped server left behind is told to be begun again', async () => {
    let unloading = false
    const memory = memoryEngine((statement) => (unloading ? 'never' : answering(3)(statement)))
    world = await openWorld({ engine: memory.engine })
    const search = await world.search('find-loan', { holder: 'x' })
    unloading = true
    const begun = await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'csv' })
    const { id } = (await begun.json()) as Export
    const other = await openWorld({ engine: memoryEngine(() => 'never').engine, folder: world.root })
    const found = async () => (await (await other.get(`/api/exports/${id}`)).json()) as Export
    await expect.poll(found, { timeout: 10_000 }).toMatchObject({ state: 'failed', problem: { status: 503 } })
    await world.ask('DELETE', `/api/exports/${id}`)
  })
})
