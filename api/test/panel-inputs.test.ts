import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Search, UseCaseDescription } from '../src/contract.ts'
import { type About, aboutRows } from '../src/exports/about.ts'
import { openLendingArchive } from './support/lending-archive.ts'

/** One query twice: what the form asks for, and the same with a state that the form does not ask for. */
const useCase = {
  title: 'Loans in arrears',
  description: 'Since a day, beside all of that day.',
  domain: 'loans',
  kind: 'report',
  parameters: [{ name: 'valid_on', label: 'Since', hint: 'A day.' }],
  panels: [
    {
      name: 'arrears',
      query: 'loans-found',
      title: 'In arrears',
      inputs: { state: { fixed: ['Z'] }, opened_from: 'valid_on', '*': null },
      columns: ['holder', 'loan_number', 'serial'],
      sort: 'largest',
      empty: 'Nobody was in arrears.',
    },
    { name: 'all', query: 'loans-found', title: 'All', inputs: { opened_from: 'valid_on', '*': null } },
  ],
  examples: [{ title: 'This century', inputs: { valid_on: '2000-01-01' }, expect: { arrears: { rows: 1 } } }],
}

describe('a panel that fixes what its query asks for', () => {
  let world: Awaited<ReturnType<typeof openLendingArchive>>
  let search: Search
  beforeAll(async () => {
    world = await openLendingArchive()
    const folder = join(world.templates, 'lending')
    await writeFile(join(folder, 'use-cases', 'arrears.json'), JSON.stringify(useCase))
    const query = join(folder, 'queries', 'loans-found', 'query.json')
    const json = JSON.parse(await readFile(query, 'utf8'))
    for (const column of json.columns) if (column.name === 'serial') column.unit = 'pcs'
    await mkdir(dirname(query), { recursive: true })
    await writeFile(query, JSON.stringify(json))
    search = await world.search('arrears', { valid_on: '2000-01-01' })
  })
  afterAll(() => world.close())

  it('leaves it out of the form, whose examples do without it', async () => {
    const all = (await (await world.get('/api/applications/lending/use-cases')).json()) as UseCaseDescription[]
    const described = all.find(({ name }) => name === 'arrears')
    expect(described?.parameters).toEqual([
      expect.objectContaining({ name: 'valid_on', label: 'Since', required: true, example: '2000-01-01' }),
    ])
    expect(described?.requireOneOf).toEqual([])
    expect(described?.examples).toEqual([{ title: 'This century', inputs: { valid_on: '2000-01-01' } }])
  })

  it('refuses to be told otherwise', async () => {
    const refused = await world.search('arrears', { valid_on: '2000-01-01', state: ['A'] })
    expect(refused).toMatchObject({ status: 400, fields: { state: expect.stringContaining('no input called state') } })
  })

  it('says and records for each panel what it was bound with', async () => {
    expect(search).toMatchObject({ state: 'done', inputs: { valid_on: '2000-01-01' } })
    expect(
      search.panels.map(({ inputs, inputsRead, honours, rows }) => ({ inputs, inputsRead, honours, rows })),
    ).toEqual([
      {
        inputs: { state: ['Z'], opened_from: '2000-01-01' },
        inputsRead: [
          { name: 'valid_on', label: 'Since', value: '1 Jan 2000', fixed: false },
          { name: 'state', label: 'State', value: 'Arrears', fixed: true },
        ],
        honours: ['valid_on'],
        rows: 1,
      },
      {
        inputs: { opened_from: '2000-01-01' },
        inputsRead: [{ name: 'valid_on', label: 'Since', value: '1 Jan 2000', fixed: false }],
        honours: ['valid_on'],
        rows: 2,
      },
    ])
    const day = new Date(Number.parseInt(search.id.replaceAll('-', '').slice(0, 12), 16)).toISOString().slice(0, 10)
    const record = JSON.parse(await readFile(join(world.home, 'searches', day, `${search.id}.json`), 'utf8'))
    expect(record.panels[0]).toMatchObject({
      inputs: { state: ['Z'], opened_from: '2000-01-01' },
      statement: {
        values: [
          { type: 'varchar', value: 'Z' },
          { type: 'date', value: '2000-01-01' },
        ],
      },
    })
  })

  it('shows the columns that it chose, in its order, and keeps the others to be chosen', async () => {
    const html = await (await world.get(`/api/searches/${search.id}/panels/arrears`)).text()
    expect([...html.matchAll(/data-column="(\w+)"/g)].map(([, name]) => name)).toEqual([
      'holder',
      'loan_number',
      'serial',
    ])
    expect(html).toContain('Serial <span class="m-unit">pcs</span>')
    expect(html).toContain('As it was valid on')
    const chosen = await (await world.get(`/api/searches/${search.id}/panels/arrears?columns=rate`)).text()
    expect([...chosen.matchAll(/data-column="(\w+)"/g)].map(([, name]) => name)).toEqual(['rate'])
    const [arrears, all] = search.panels
    expect(arrears?.columns.filter(({ hidden }) => !hidden).map(({ name }) => name)).toEqual([
      'holder',
      'loan_number',
      'serial',
    ])
    expect(arrears?.columns).toHaveLength(all?.columns.length ?? 0)
    expect(arrears?.columns.find(({ name }) => name === 'serial')?.unit).toBe('pcs')
    expect(arrears?.sorts[0]?.name).toBe('largest')
    expect(all?.sorts[0]?.name).toBe('by-number')
  })

  it('says in its own words that nothing is found', async () => {
    const none = await world.search('arrears', { valid_on: '9999-01-01' })
    expect(await (await world.get(`/api/searches/${none.id}/panels/arrears`)).text()).toContain(
      'Nobody was in arrears.',
    )
    expect(await (await world.get(`/api/searches/${none.id}/panels/all`)).text()).toContain('No loan was found.')
  })

  it('names it in exports, with units in the headings that people read', async () => {
    const file = async (id: string, what: string) =>
      world.get((await world.get(`/api/exports/${id}/${what}`)).headers.get('location') ?? '')
    const csv = await world.exported(search.id, { panel: 'arrears', format: 'csv' })
    const text = await (await file(csv.id, 'file')).text()
    expect(text.split('\r\n')[0]).toMatch(/^Holder,Loan number,Serial \(pcs\),State,/)
    expect(text).toContain('L-000002')
    expect(text).not.toContain('L-000005')
    const about = (await (await file(csv.id, 'companion')).json()) as About
    expect(about).toMatchObject({
      inputs: [{ label: 'Since', value: '1 Jan 2000' }],
      bound: [
        { label: 'Since', value: '1 Jan 2000' },
        { label: 'State', value: 'Arrears', fixed: true },
      ],
    })
    expect(aboutRows(about)).toContainEqual(['Fixed for this panel: State', 'Arrears'])
    expect(about.columns[2]).toEqual({ heading: 'Serial (pcs)', name: 'serial', type: 'bigint', unit: 'pcs' })
    const json = await world.exported(search.id, { panel: 'arrears', format: 'json' })
    expect(await (await file(json.id, 'file')).text()).toContain('"serial"')
    const plain = (await (await file(json.id, 'companion')).json()) as About
    expect(plain.columns[2]).toEqual({
      heading: 'serial',
      name: 'serial',
      type: 'bigint',
      unit: 'pcs',
    })
  })
})
