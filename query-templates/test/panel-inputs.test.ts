import { checkTemplates } from '@muniment/query-templates/check'
import { checkInputs } from '@muniment/query-templates/inputs'
import { loadTemplates } from '@muniment/query-templates/load'
import { formInputs, honouredBy, panelInputs } from '@muniment/query-templates/panel-inputs'
import type { Inputs, Panel, UseCase } from '@muniment/query-templates/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QUERY, templatesFolder, USE_CASE } from './support/templates.ts'

type PanelInputs = Record<string, unknown>

const [PANEL] = USE_CASE.panels
const CASE = 'library/use-cases/find-loan.json'
const caseOf = (inputs: PanelInputs, more: object = {}, panel: object = {}) => ({
  [CASE]: { ...USE_CASE, ...more, panels: [{ ...PANEL, ...panel, inputs }] },
})

async function made(inputs: PanelInputs, more: object = {}, panel: object = {}) {
  const templates = await loadTemplates(templatesFolder(caseOf(inputs, more, panel)), 'library')
  const useCase = templates.useCases.get('find-loan')
  const query = templates.queries.get('loans')
  if (!useCase?.panels[0] || !query) throw new Error('nothing was made')
  const bound = (given: Inputs, now?: Date) => {
    const checked = checkInputs(useCase, given, templates.application)
    return panelInputs(query, useCase.panels[0] as Panel, checked, templates.application, now)
  }
  return { useCase, query, panel: useCase.panels[0], application: templates.application, bound }
}

const names = ({ parameters }: UseCase) => parameters.map(({ name }) => name)

const spelt = async (files: Parameters<typeof templatesFolder>[0]) =>
  (await checkTemplates(templatesFolder(files), 'library')).map(({ file, line, message, hint }) =>
    `${file.replace('query-templates/library/', '')}:${line}: ${message} ${hint ?? ''}`.trim(),
  )

describe('a panel', () => {
  test('asks the form for every parameter of which it says nothing', async () => {
    const { useCase, bound } = await made({})
    expect(names(useCase)).toEqual(['loan_number', 'reader', 'states', 'since'])
    expect(bound({ reader: 'Ann' })).toEqual({ reader: 'Ann' })
  })

  test('fixes a parameter, which the form then neither offers nor takes', async () => {
    const { useCase, bound } = await made({ states: { fixed: ['O', 'B'] }, since: { fixed: '05.07.2024' } })
    expect(names(useCase)).toEqual(['loan_number', 'reader'])
    expect(bound({ reader: 'Ann' })).toEqual({ reader: 'Ann', states: ['O', 'B'], since: '2024-07-05' })
    expect(() => bound({ reader: 'Ann', since: '2020-01-01' })).toThrow(/no input called since/)
  })

  test('takes a single value for a list, and today in the time zone of the application', async () => {
    const { bound } = await made({ states: { fixed: 'O' }, since: { fixed: 'today' } })
    const lateInLondon = new Date('2024-07-05T22:30:00Z')
    expect(bound({ reader: 'Ann' }, lateInLondon)).toMatchObject({ states: ['O'], since: '2024-07-06' })
  })

  test('leaves optional parameters out, one by one or all that it does not name', async () => {
    expect(names((await made({ states: null, since: null })).useCase)).toEqual(['loan_number', 'reader'])
    const { useCase, bound } = await made({ reader: 'reader', '*': null })
    expect(names(useCase)).toEqual(['reader'])
    expect(bound({ reader: 'Ann' })).toEqual({ reader: 'Ann' })
  })

  test('gives one input of the form to several parameters', async () => {
    const until = { name: 'until', type: 'date', label: 'Lent until' }
    const templates = await loadTemplates(
      templatesFolder({
        'library/queries/loans/query.json': { ...QUERY, parameters: [...QUERY.parameters, until] },
        ...caseOf(
          { reader: 'reader', since: 'valid_on', until: 'valid_on', '*': null },
          { parameters: [{ name: 'reader' }, { name: 'valid_on', label: 'Valid on' }] },
        ),
      }),
      'library',
    )
    const useCase = templates.useCases.get('find-loan')
    const query = templates.queries.get('loans')
    const panel = useCase?.panels[0]
    if (!query || !panel) throw new Error('nothing was made')
    expect(useCase?.parameters).toMatchObject([{ name: 'reader' }, { name: 'valid_on', label: 'Valid on' }])
    expect(panelInputs(query, panel, { reader: 'x', valid_on: '2020-01-01' }, templates.application)).toEqual({
      reader: 'x',
      since: '2020-01-01',
      until: '2020-01-01',
    })
    expect(honouredBy(query, panel)).toEqual(['valid_on'])
  })

  test('binds the default of a parameter that it leaves out', async () => {
    const parameters = QUERY.parameters.map((one) => (one.name === 'since' ? { ...one, default: 'today' } : one))
    const templates = await loadTemplates(
      templatesFolder({ 'library/queries/loans/query.json': { ...QUERY, parameters }, ...caseOf({ since: null }) }),
      'library',
    )
    const query = templates.queries.get('loans')
    const panel = templates.useCases.get('find-loan')?.panels[0]
    if (!query || !panel) throw new Error('nothing was made')
    const noon = new Date('2024-07-05T12:00:00Z')
    expect(panelInputs(query, panel, {}, templates.application, noon)).toEqual({ since: '2024-07-05' })
  })

  test('makes the one that is left of a group needed, and asks for none of a group of which it fixes one', async () => {
    const left = await made({ loan_number: null })
    expect(left.useCase.parameters.find(({ name }) => name === 'reader')?.required).toBe(true)
    expect(left.useCase.requireOneOf).toEqual([])
    const fixed = await made({ loan_number: { fixed: 'L1' } })
    expect(fixed.useCase.parameters.some(({ required }) => required)).toBe(false)
    expect(fixed.useCase.requireOneOf).toEqual([])
    expect((await made({})).useCase.requireOneOf).toEqual([['loan_number', 'reader']])
  })

  test('hands on no input of the form under the name of a parameter that it fixes or leaves out', async () => {
    const { query, application } = await made({})
    const source = fc.constantFrom<Panel['inputs'][string] | undefined>(undefined, null, 'reader', { fixed: 'L9' })
    fc.assert(
      fc.property(source, fc.string({ minLength: 1, maxLength: 20 }), (input, typed) => {
        const panel = { inputs: input === undefined ? {} : { loan_number: input } }
        const given = panelInputs(query, panel, { loan_number: typed, reader: 'x' }, application).loan_number
        const expected = input === undefined ? typed : input === null ? undefined : input === 'reader' ? 'x' : 'L9'
        expect(given).toBe(expected)
      }),
    )
  })

  test('has examples of its query that it does not contradict', async () => {
    const { query, panel, application } = await made({ states: { fixed: 'O' }, since: null })
    const form = (inputs: Inputs) => formInputs(query, panel, inputs, application)
    expect(form({ reader: 'Ann', states: ['O'] })).toEqual({ inputs: { reader: 'Ann' }, exact: true })
    expect(form({ reader: 'Ann', states: ['B'] })).toEqual({ inputs: { reader: 'Ann' }, exact: false })
    expect(form({ reader: 'Ann' }).exact).toBe(false)
    expect(form({ reader: 'Ann', states: ['O'], since: '2020-01-01' }).exact).toBe(false)
  })
})

const other = (parameter: object) => ({
  'library/queries/other/query.json': {
    ...QUERY,
    parameters: [parameter],
    sorts: [],
    requireOneOf: [],
    examples: [{ title: 'x', inputs: {}, expect: { rows: 1 } }],
  },
  'library/queries/other/query.sql.njk':
    'SELECT loan_number, state, lent_on, fee, fee_currency FROM loans WHERE 1 = 1{% if day %} AND lent_on = {{ day }}{% endif %} ORDER BY loan_number',
})

describe('the check of what a panel gives its query', () => {
  const AT = 'use-cases/find-loan.json:'
  test.each<[string, PanelInputs, string]>([
    [
      'an unknown parameter',
      { raeder: null },
      '12: The query `loans` has no parameter `raeder`. Did you mean `reader`?',
    ],
    [
      'a number where a date is needed',
      { since: { fixed: 2024 } },
      '12: `since` cannot be fixed so: `since` is a date, and 2024 is none.',
    ],
    [
      'true where a text is needed',
      { reader: { fixed: true } },
      '12: `reader` cannot be fixed so: `reader` is a text, and true is none.',
    ],
    [
      'a day that does not exist',
      { since: { fixed: '2023-02-29' } },
      '12: `since` cannot be fixed so: Lent since must be a date that exists: there is no 2023-02-29.',
    ],
    [
      'a value that the code list does not have',
      { states: { fixed: 'Out' } },
      '12: `states` cannot be fixed so: States must be one of its choices. Did you mean O (Out)?',
    ],
    [
      'two values where one is taken',
      { since: { fixed: ['2024-01-01', '2024-01-02'] } },
      '12: `since` cannot be fixed so: `since` takes one value.',
    ],
    [
      'an empty text',
      { reader: { fixed: '' } },
      '12: `reader` cannot be fixed so: `reader` is given no value: null leaves it out.',
    ],
    [
      'a group of which all are left out',
      { loan_number: null, reader: null },
      '12: The query `loans` requires one of loan_number, reader, and this panel leaves out all of them. Name the form\'s parameter, or give it a value: { "fixed": ... }.',
    ],
    [
      'a misspelt name of the form',
      { loan_number: 'raeder' },
      "12: No panel's query has a parameter `raeder`, and `parameters` lists none. Did you mean `reader`?",
    ],
    [
      'a value that is not said to be one',
      { reader: 'reader', states: 'o' },
      '13: No panel\'s query has a parameter `o`, and `parameters` lists none. A value that is always the same is written { "fixed": "o" }.',
    ],
    [
      'a name for all others',
      { '*': 'reader' },
      '12: `*` stands for all other parameters, which can only be left out together: null.',
    ],
    [
      'a value that is no name',
      { since: '2024-01-01' },
      '12: panels.0.inputs.since: "2024-01-01" is not the name of a parameter; a value that is always the same is written { "fixed": "2024-01-01" }.',
    ],
    [
      'a bare boolean',
      { since: true },
      '12: panels.0.inputs.since: a value that is always the same is written { "fixed": true }.',
    ],
    [
      'a misspelt key',
      { since: { fxied: '2024-01-01' } },
      '12: panels.0.inputs.since: there is no property `fxied`; this is the name of the form\'s parameter, { "fixed": a value or a list of them } or null.',
    ],
  ])('tells %s, its line and what was meant', async (_, inputs, message) => {
    expect(await spelt(caseOf(inputs))).toEqual([`${AT}${message}`])
  })

  test('tells a required parameter that is left out', async () => {
    const parameters = QUERY.parameters.map((one) => (one.name === 'since' ? { ...one, required: true } : one))
    const sql =
      'SELECT loan_number, state, lent_on, fee, fee_currency FROM loans WHERE lent_on >= {{ since }}{% if loan_number %} AND loan_number = {{ loan_number }}{% endif %}{% if reader %} AND reader_folded = {{ reader }}{% endif %}{% if states %} AND state IN ({{ states }}){% endif %} ORDER BY {{ sort }}, loan_number'
    const examples = [{ title: 'x', inputs: { since: '2024-01-01', reader: 'x' }, expect: { rows: 0 } }]
    const found = await spelt({
      'library/queries/loans/query.json': { ...QUERY, parameters, examples },
      'library/queries/loans/query.sql.njk': sql,
      ...caseOf({ reader: 'reader', '*': null }),
    })
    expect(found).toEqual([
      `${AT}13: The query \`loans\` requires \`since\`, which this panel leaves out. Name the form's parameter, or give it a value: { "fixed": ... }.`,
    ])
  })

  test('tells parameters under one name that are not alike, and in what', async () => {
    const panels = [PANEL, { ...PANEL, name: 'other', query: 'other', inputs: { day: 'since' } }]
    const as = (parameter: object) =>
      spelt({ ...other({ name: 'day', label: 'Day', ...parameter }), [CASE]: { ...USE_CASE, panels } })
    expect(await as({ type: 'date' })).toEqual([])
    expect(await as({ type: 'date', list: true }).then((found) => found.find((one) => one.startsWith(AT)))).toBe(
      `${AT}17: \`since\` is declared otherwise by the query \`other\`, as \`day\`, than by what came before: list must be alike.`,
    )
    expect(
      await as({ type: 'string', pattern: { regex: 'x', message: 'X.' } }).then((found) =>
        found.find((one) => one.startsWith(AT)),
      ),
    ).toContain('type, pattern must be alike.')
  })

  test('tells a listed parameter for which no panel asks the form', async () => {
    expect(await spelt(caseOf({ since: null }, { parameters: [{ name: 'since' }] }))).toEqual([
      `${AT}18: \`since\` is fixed, left out or called otherwise by every panel, so the form does not ask for it.`,
    ])
  })

  test('tells columns and orders that the query does not have', async () => {
    expect(await spelt(caseOf({}, {}, { columns: ['loan_number', 'stat', 'loan_number'], sort: 'newst' }))).toEqual([
      `${AT}13: The query \`loans\` has no column \`stat\`. Did you mean \`state\`?`,
      `${AT}14: \`loan_number\` is listed twice.`,
      `${AT}16: The query \`loans\` has no order \`newst\`. Did you mean \`newest\`?`,
    ])
  })

  test('tells examples of a use case that cannot be run or expect what is not there', async () => {
    const examples = [
      { title: 'A', inputs: { raeder: 'x', loan_number: 'L1' }, expect: { loan: { rows: 1 } } },
      { title: 'B', inputs: { loan_number: 'L1' }, expect: { loans: { includes: { stat: 'O' } } } },
    ]
    expect((await spelt(caseOf({}, { examples }))).map((one) => one.replace(/^\S+ /, ''))).toEqual([
      'The example cannot be run: There is no input called raeder. Did you mean reader?',
      'There is no panel `loan`. Did you mean `loans`?',
      'The example expects a column `stat` that is not there. Did you mean `state`?',
    ])
  })
})
