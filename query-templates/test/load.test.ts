import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TemplateError } from '@muniment/archive/errors'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { loadTemplates } from '@muniment/query-templates/load'
import { describe, expect, test } from 'vitest'
import { quickest } from './support/quickest.ts'
import { QUERY, SQL, TABLE, templatesFolder, USE_CASE, write } from './support/templates.ts'

const load = (changed: Parameters<typeof templatesFolder>[0] = {}) => loadTemplates(templatesFolder(changed), 'library')

describe('an application', () => {
  test('is loaded with parameters resolved from its queries', async () => {
    const templates = await load()
    const useCase = templates.useCases.get('find-loan')
    expect(useCase?.parameters.map(({ name }) => name)).toEqual(['loan_number', 'reader', 'states', 'since'])
    expect(useCase?.requireOneOf).toEqual([['loan_number', 'reader']])
    expect(useCase?.example).toEqual({ loan_number: 'L1' })
    expect(useCase?.file).toBe('query-templates/library/use-cases/find-loan.json')
    expect(templates.queries.get('loans')?.files.sql).toBe('query-templates/library/queries/loans/query.sql.njk')
  })

  test('takes order and words of the form from the use case', async () => {
    const parameters = [{ name: 'since', label: 'From', hint: 'A day', default: 'today' }, { name: 'reader' }]
    const templates = await load({ 'library/use-cases/find-loan.json': { ...USE_CASE, parameters } })
    const [first, second] = templates.useCases.get('find-loan')?.parameters ?? []
    expect(first).toMatchObject({ name: 'since', type: 'date', label: 'From', hint: 'A day', default: 'today' })
    expect(second).toMatchObject({ name: 'reader', label: 'Reader' })
  })

  test('merges parameters that panels share and renames those that they call otherwise', async () => {
    const parameters = [{ name: 'number', type: 'string', label: 'Number', required: true, maxLength: 10 }]
    const sql =
      'SELECT loan_number, state, lent_on, fee, fee_currency FROM loans WHERE loan_number = {{ number }} ORDER BY 1'
    const templates = await load({
      'library/queries/other/query.json': {
        ...QUERY,
        parameters,
        sorts: [],
        requireOneOf: [],
        examples: [{ title: 'x', inputs: { number: 'L2' }, expect: { rows: 1 } }],
      },
      'library/queries/other/query.sql.njk': sql,
      'library/use-cases/find-loan.json': {
        ...USE_CASE,
        panels: [
          ...USE_CASE.panels,
          { name: 'other', query: 'other', title: 'Other', inputs: { number: 'loan_number' } },
        ],
      },
    })
    const useCase = templates.useCases.get('find-loan')
    expect(useCase?.parameters.map(({ name }) => name)).toEqual(['loan_number', 'reader', 'states', 'since'])
    expect(useCase?.parameters[0]).toMatchObject({ name: 'loan_number', required: true, maxLength: 10 })
  })

  test('gives a number the unit that the model says, and no other column', async () => {
    const unit = (name: string, type: string) => ({ name, type, label: name })
    const columns = [unit('loan_number', 'varchar'), unit('copies', 'integer'), unit('sheets', 'integer')]
    const weighed = (named: string) => ({
      ...TABLE,
      columns: TABLE.columns.map((column) => ({ ...column, ...(column.name === named ? { unit: 'kg' } : {}) })),
    })
    const units = async (
      table: object,
      changed: object[] = columns,
      sql = 'SELECT loan_number, copies, 1 AS sheets FROM loans ORDER BY 1',
    ) => {
      const templates = await load({
        'library/tables/loans.json': table,
        'library/queries/loans/query.json': { ...QUERY, parameters: [], sorts: [], requireOneOf: [], columns: changed },
        'library/queries/loans/query.sql.njk': sql,
      })
      return templates.queries.get('loans')?.columns.map((column) => column.unit)
    }
    expect(await units(weighed('copies'))).toEqual([undefined, 'kg', undefined])
    expect(await units(weighed('loan_number'))).toEqual([undefined, undefined, undefined])
    expect(
      await units(weighed('copies'), [
        { ...columns[0] },
        { ...columns[1], unit: 'g' },
        { ...columns[2], unit: 'sheets' },
      ]),
    ).toEqual([undefined, 'g', 'sheets'])
    expect(
      await units(weighed('copies'), columns, "SELECT 'x' AS loan_number, 1 AS copies, 1 AS sheets ORDER BY 1"),
    ).toEqual([undefined, undefined, undefined])
  })

  test('hashes its files: a change of a query changes its use case and the whole, and nothing else', async () => {
    const twoQueries = {
      'library/queries/other/query.json': QUERY,
      'library/queries/other/query.sql.njk': SQL,
      'library/use-cases/other.json': { ...USE_CASE, panels: [{ name: 'a', query: 'other', title: 'A' }] },
    }
    const before = await load(twoQueries)
    const again = await load(twoQueries)
    const after = await load({ ...twoQueries, 'library/queries/other/query.sql.njk': `${SQL}\n` })
    expect(again.hash).toBe(before.hash)
    expect(again.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(after.hash).not.toBe(before.hash)
    expect(after.hashOf('other')).not.toBe(before.hashOf('other'))
    expect(after.hashOf('find-loan')).toBe(before.hashOf('find-loan'))
  })

  test('hashes its model too', async () => {
    const table = { ...TABLE, title: 'Lent' }
    expect((await load({ 'library/tables/loans.json': table })).hash).not.toBe((await load()).hash)
  })

  test.each([
    [
      'broken JSON',
      { 'library/queries/loans/query.json': '{\n "title": "x",\n oops\n}' },
      /queries\/loans\/query\.json:3: This is not JSON/,
    ],
    [
      'a misspelt key',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, titel: 'x' } },
      /find-loan\.json:\d+: there is no property `titel`.*Did you mean `title`/i,
    ],
    [
      'a misspelt key deep inside',
      { 'library/queries/loans/query.json': { ...QUERY, columns: [{ ...QUERY.columns[0], lable: 'x' }] } },
      /columns\.0: there is no property `lable`. Did you mean `label`/,
    ],
    ['a missing SQL file', { 'library/queries/loans/query.sql.njk': null }, /query\.sql\.njk: This file is missing/],
    [
      'a missing property',
      { 'library/queries/loans/query.json': { ...QUERY, domain: undefined } },
      /`domain` is missing/,
    ],
    ['a file that is none of a query', { 'library/queries/loans/notes.txt': 'x' }, /notes\.txt: A query consists of/],
    ['an unfit name', { 'library/use-cases/Find_Loan.json': USE_CASE }, /`Find_Loan` must be lower case/],
    [
      'a pattern that is no regular expression',
      {
        'library/queries/loans/query.json': {
          ...QUERY,
          parameters: [
            { ...QUERY.parameters[0], required: true, pattern: { regex: '([', message: 'x' } },
            ...QUERY.parameters.slice(1),
          ],
        },
      },
      /queries\/loans\/query\.json:\d+: parameters\.0\.pattern\.regex: The pattern is no regular expression/,
    ],
    [
      'a misspelt type of a parameter',
      {
        'library/queries/loans/query.json': {
          ...QUERY,
          parameters: [{ ...QUERY.parameters[0], type: 'dat' }, ...QUERY.parameters.slice(1)],
        },
      },
      /parameters\.0\.type cannot be "dat"\. Did you mean `date`\?/,
    ],
    [
      'a misspelt type of a column',
      { 'library/queries/loans/query.json': { ...QUERY, columns: [{ ...QUERY.columns[0], type: 'dat' }] } },
      /columns\.0\.type: a type is varchar.* Did you mean `date`\?/,
    ],
    [
      'a kind of use case like no other',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, kind: 'xyz' } },
      /kind cannot be "xyz"\. It is one of: search, file, report\./,
    ],
    [
      'a misspelt kind of use case',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, kind: 'repotr' } },
      /kind cannot be "repotr"\. Did you mean `report`\?/,
    ],
    [
      'a use case without kind',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, kind: undefined } },
      /`kind` is missing\. It is one of: search, file, report\./,
    ],
    [
      'a panel without its query',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, panels: [{ name: 'a', query: 'loan', title: 'A' }] } },
      /There is no query `loan`. Did you mean `loans`/,
    ],
    [
      'a parameter that no panel has',
      { 'library/use-cases/find-loan.json': { ...USE_CASE, parameters: [{ name: 'raeder' }] } },
      /No panel's query has a parameter `raeder`. Did you mean `reader`/,
    ],
  ])('is not loaded with %s', async (_, changed, message) => {
    await expect(load(changed)).rejects.toThrow(message)
    await expect(load(changed)).rejects.toBeInstanceOf(TemplateError)
  })

  test('is not loaded where two panels disagree about a parameter', async () => {
    const parameters = [{ name: 'since', type: 'string', label: 'Since', required: true }]
    const other = { ...QUERY, parameters, sorts: [], requireOneOf: [] }
    await expect(
      load({
        'library/queries/other/query.json': other,
        'library/queries/other/query.sql.njk': 'SELECT 1 WHERE 1 = {{ since }} ORDER BY 1',
        'library/use-cases/find-loan.json': {
          ...USE_CASE,
          panels: [...USE_CASE.panels, { name: 'b', query: 'other', title: 'B' }],
        },
      }),
    ).rejects.toThrow(/`since` is declared otherwise by the query `other`/)
  })
})

describe('the library', () => {
  test('lists applications and shows a new use case without a restart', async () => {
    const root = templatesFolder()
    const library = createTemplateLibrary(root, { lookEvery: 0 })
    expect(await library.list()).toEqual(['library'])
    const before = await library.get('library')
    expect([...before.useCases.keys()]).toEqual(['find-loan'])
    write(root, 'library/use-cases/another.json', USE_CASE)
    const after = await library.get('library')
    expect([...after.useCases.keys()]).toEqual(['another', 'find-loan'])
    expect(after.problem).toBeUndefined()
  })

  test('gives the same object while nothing changes', async () => {
    const library = createTemplateLibrary(templatesFolder(), { lookEvery: 0 })
    expect(await library.get('library')).toBe(await library.get('library'))
  })

  test('looks at the folder at most as often as it was told', async () => {
    const root = templatesFolder()
    const library = createTemplateLibrary(root, { lookEvery: 60_000 })
    await library.get('library')
    write(root, 'library/use-cases/another.json', USE_CASE)
    expect((await library.get('library')).useCases.size).toBe(1)
  })

  test.each([
    ['JSON', 'library/use-cases/find-loan.json', '{', 'This is not JSON'],
    ['SQL', 'library/queries/loans/query.sql.njk', "SELECT '{{ loan_number }}'", 'inside quotes'],
    ['a view', 'library/queries/loans/view.html.njk', '<script></script>', 'is not an element'],
    ['the model', 'library/application.json', '{}', 'The model of library has'],
    [
      'a pattern',
      'library/queries/loans/query.json',
      JSON.stringify({
        ...QUERY,
        parameters: QUERY.parameters.map((one) => ({ ...one, required: true, pattern: { regex: '([', message: 'x' } })),
      }),
      'The pattern is no regular expression',
    ],
  ])('keeps the last good version while %s is broken, says so, and recovers', async (_, path, broken, message) => {
    const root = templatesFolder()
    const library = createTemplateLibrary(root, { lookEvery: 0 })
    const good = await library.get('library')
    const original = templatesFolder()
    write(root, path, broken)
    const kept = await library.get('library')
    expect(kept.problem).toContain(message)
    expect(kept.hash).toBe(good.hash)
    if (path.endsWith('view.html.njk')) rmSync(join(root, path))
    else write(root, path, readFileSync(join(original, path), 'utf8'))
    expect((await library.get('library')).problem).toBeUndefined()
  })

  test('keeps the last good version while the folder cannot be read, and looks again', async () => {
    const root = templatesFolder()
    const library = createTemplateLibrary(root, { lookEvery: 0 })
    const good = await library.get('library')
    const original = readFileSync(join(root, 'library/queries/loans/query.json'), 'utf8')
    rmSync(join(root, 'library/queries/loans/query.json'))
    mkdirSync(join(root, 'library/queries/loans/query.json'))
    const kept = await library.get('library')
    expect(kept.hash).toBe(good.hash)
    expect(kept.problem).toBe('The templates could not be read again (EISDIR): what was read before stays in force.')
    rmSync(join(root, 'library/queries/loans/query.json'), { recursive: true })
    write(root, 'library/queries/loans/query.json', original)
    expect((await library.get('library')).problem).toBeUndefined()
  })

  test('serves the others where one use case of a first version has a fault', async () => {
    const root = templatesFolder({
      'library/use-cases/find-loan.json': '{',
      'library/use-cases/another.json': USE_CASE,
      'library/use-cases/misspelt.json': {
        ...USE_CASE,
        panels: USE_CASE.panels.map((panel) => ({ ...panel, inputs: { loan_nmber: 'loan_number' } })),
      },
    })
    const library = createTemplateLibrary(root, { lookEvery: 0 })
    const first = await library.get('library')
    expect([...first.useCases.keys()]).toEqual(['another'])
    expect(first.problem).toContain('find-loan.json')
    write(root, 'library/use-cases/find-loan.json', USE_CASE)
    const second = await library.get('library')
    expect([...second.useCases.keys()]).toEqual(['another', 'find-loan'])
    expect(second.problem).toContain('loan_nmber')
  })

  test('serves the others where one query of a first version cannot be read', async () => {
    const root = templatesFolder({
      'library/queries/broken/query.json': '{',
      'library/queries/broken/query.sql.njk': 'SELECT 1',
      'library/use-cases/both.json': {
        ...USE_CASE,
        panels: [...USE_CASE.panels, { name: 'broken', query: 'broken', title: 'Broken' }],
      },
    })
    const templates = await createTemplateLibrary(root).get('library')
    expect([...templates.queries.keys()]).toEqual(['loans'])
    expect([...templates.useCases.keys()]).toEqual(['both', 'find-loan'])
    expect(templates.problem).toContain('queries/broken/query.json:1: This is not JSON')
  })

  test('says what is wrong with a model where there never was a good version', async () => {
    const library = createTemplateLibrary(templatesFolder({ 'library/application.json': '{}' }))
    await expect(library.get('library')).rejects.toThrow('The model of library has')
  })

  test('serves what works of a first version whose SQL has a fault', async () => {
    const library = createTemplateLibrary(templatesFolder({ 'library/queries/loans/query.sql.njk': 'SELECT 1' }))
    expect((await library.get('library')).problem).toContain('query.sql.njk:1')
  })

  test.each(['nothing', '../library', '__proto__', 'library/../library'])('knows no application %s', async (name) => {
    await expect(createTemplateLibrary(templatesFolder()).get(name)).rejects.toBeInstanceOf(TemplateError)
  })

  test('looks at an unchanged folder within milliseconds', async () => {
    const library = createTemplateLibrary(templatesFolder(), { lookEvery: 0 })
    expect(await quickest(() => library.get('library'), 30)).toBeLessThan(10)
  })
})
