import { bind } from '@muniment/query-templates/bind'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { loadTemplates } from '@muniment/query-templates/load'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Archive, openArchive } from './support/engine.ts'
import { APPLICATION, QUERY, query, SQL, templatesFolder, templatesOf, USE_CASE } from './support/templates.ts'

type Changed = Parameters<typeof templatesFolder>[0]

const spelt = async (changed: Changed, options = {}) =>
  (await checkTemplates(templatesFolder(changed), 'library', options)).map(({ file, line, message, hint }) =>
    `${file.replace('query-templates/library/', '')}:${line}: ${message} ${hint ?? ''}`.trim(),
  )

const withQuery = (changes: object): Changed => ({ 'library/queries/loans/query.json': { ...QUERY, ...changes } })
const withSql = (sql: string): Changed => ({ 'library/queries/loans/query.sql.njk': sql })
const withUseCase = (changes: object): Changed => ({ 'library/use-cases/find-loan.json': { ...USE_CASE, ...changes } })

const [first, ...others] = QUERY.columns
const linked = (link: object): Changed => withQuery({ columns: [{ ...first, link }, ...others] })
const FILE_CASE = {
  ...USE_CASE,
  kind: 'file',
  parameters: [{ name: 'loan_number', required: true }],
  record: { panel: 'loans', kind: 'Loan', number: 'loan_number' },
}

describe('the check of templates', () => {
  test('finds nothing where all is well', async () => {
    expect(await spelt({})).toEqual([])
  })

  test('tells all findings at once, each with its line', async () => {
    const found = await spelt({
      ...withSql(SQL.replace('{{ reader }}', "'{{ reader }}'")),
      ...withQuery({ domain: 'loan' }),
      'library/queries/loans/view.html.njk': '\n<script></script>',
    })
    expect(found).toEqual([
      'queries/loans/query.json:3: There is no domain `loan`. Did you mean `loans`?',
      "queries/loans/query.sql.njk:5: A placeholder stands inside quotes ('...'): take the quotes away, it is a value by itself.",
      'queries/loans/view.html.njk:2: <script> is not an element that a view may hold.',
    ])
  })

  test('tells what is wrong with the model by its own file', async () => {
    const [found] = await spelt({ 'library/application.json': { ...APPLICATION, timeZone: 'Berlin' } })
    expect(found).toMatch(/^application\.json:\d+: .*time zone/)
  })

  test.each<[string, Changed, RegExp]>([
    [
      'a code list that is not there',
      withQuery({ parameters: [{ name: 'a', type: 'code', codeList: 'stat', label: 'A' }] }),
      /query\.json:\d+: The model has no code list `stat`. Did you mean `state`/,
    ],
    ['an empty file', withSql(' \n'), /query\.sql\.njk:1: This file is empty: it holds the SELECT of the query\.$/],
    [
      'a handler in single quotes',
      { 'library/queries/loans/view.html.njk': "<p class='a' onclick='x'>b</p>" },
      /view\.html\.njk:1: The value of an attribute stands in double quotes.* class="text"/,
    ],
    [
      'a handler in single quotes by itself',
      { 'library/queries/loans/view.html.njk': "<p onclick='x'>b</p>" },
      /view\.html\.njk:1: `onclick` is not an attribute that a view may hold/,
    ],
    [
      'an order that does not end with a key',
      {
        ...withSql(SQL.replace('ORDER BY {{ sort }}, loan_number', 'ORDER BY state')),
        ...withQuery({ sorts: [] }),
      },
      /query\.sql\.njk:\d+: Rows that are alike in state come in any order.* Add loans\.loan_number\./,
    ],
    [
      'a declared order of which one is not ended by a key',
      withSql(SQL.replace('{{ sort }}, loan_number', '{{ sort }}, state')),
      /Rows that are alike in lent_on, state come in any order/,
    ],
    [
      'a code without list',
      withQuery({ parameters: [{ name: 'a', type: 'code', label: 'A' }] }),
      /A code needs its `codeList`/,
    ],
    [
      'a choice without options',
      withQuery({ parameters: [{ name: 'a', type: 'choice', label: 'A' }] }),
      /give it `options`/,
    ],
    [
      'a pattern that never ends',
      withQuery({ parameters: [{ name: 'a', type: 'string', label: 'A', pattern: { regex: '(a+)+', message: 'x' } }] }),
      /too many ways/,
    ],
    [
      'a default that does not fit',
      withQuery({ parameters: [{ name: 'a', type: 'date', label: 'A', default: '2024-02-30' }] }),
      /The default must be a date that exists/,
    ],
    [
      'a transform of a number',
      withQuery({ parameters: [{ name: 'a', type: 'integer', label: 'A', transform: 'fold' }] }),
      /`transform` says something only where/,
    ],
    [
      'a column declared twice',
      withQuery({ columns: [...QUERY.columns, QUERY.columns[0]] }),
      /`loan_number` is declared twice/,
    ],
    [
      'a format that does not fit',
      withQuery({ columns: [{ ...first, format: 'money' }, ...others] }),
      /The format money does not fit the type varchar/,
    ],
    [
      'a currency that is not there',
      withQuery({ columns: QUERY.columns.filter(({ name }) => name !== 'fee_currency') }),
      /There is no column `fee_currency`/,
    ],
    [
      'a sort by no column',
      withQuery({ sorts: [{ name: 'a', label: 'A', by: ['-lent'] }] }),
      /There is no column `lent`/,
    ],
    [
      'a group of no parameter',
      withQuery({ requireOneOf: [['readers']] }),
      /There is no parameter `readers`. Did you mean `reader`/,
    ],
    [
      'an example that cannot be run',
      withQuery({ examples: [{ title: 'x', inputs: { since: '5/7/2024', loan_number: 'L1' }, expect: { rows: 1 } }] }),
      /The example cannot be run: Lent since must be a date/,
    ],
    [
      'an example with an unknown input',
      withQuery({ examples: [{ title: 'x', inputs: { loan: 'L1', reader: 'a' }, expect: { rows: 1 } }] }),
      /There is no input called loan/,
    ],
    [
      'an example that expects no column',
      withQuery({ examples: [{ title: 'x', inputs: { loan_number: 'L1' }, expect: { includes: { stat: 'O' } } }] }),
      /expects a column `stat` that is not there. Did you mean `state`/,
    ],
    [
      'a link to nowhere',
      linked({ useCase: 'find-loans', inputs: {} }),
      /query\.json:\d+: There is no use case `find-loans`. Did you mean `find-loan`/,
    ],
    [
      'a link with an input that the target lacks',
      linked({ useCase: 'find-loan', inputs: { loan: 'loan_number' } }),
      /`find-loan` has no input `loan`/,
    ],
    [
      'a link that lacks what the target needs',
      {
        ...linked({ useCase: 'loan-file', inputs: { reader: 'state' } }),
        'library/use-cases/loan-file.json': FILE_CASE,
      },
      /`loan-file` needs `loan_number`, which the link does not give/,
    ],
    [
      'a link from no column',
      linked({ useCase: 'find-loan', inputs: { loan_number: 'number' } }),
      /There is no column `number`/,
    ],
    [
      'a link that carries what the target lacks',
      linked({ useCase: 'find-loan', inputs: { reader: 'state' }, carry: ['valid_on'] }),
      /has no input `valid_on` to carry on/,
    ],
    [
      'a link of a view to nowhere',
      {
        'library/queries/loans/view.html.njk':
          '{% import "components.njk" as ui %}\n{{ ui.link("x", "find-lone", {}) }}',
      },
      /view\.html\.njk:2: There is no use case `find-lone`/,
    ],
    [
      'a table that the model lacks',
      withSql(SQL.replace('FROM loans', 'FROM (SELECT * FROM loan) AS l')),
      /query\.sql\.njk:2: There is no table "loan".*loans/,
    ],
    ['a file without title block', withUseCase({ kind: 'file' }), /give it a `record`/],
    [
      'a title block from no panel',
      withUseCase({ record: { panel: 'loan', kind: 'Loan', number: 'loan_number' } }),
      /There is no panel `loan`. Did you mean `loans`/,
    ],
    [
      'a title block from no column',
      withUseCase({ record: { panel: 'loans', kind: 'Loan', number: 'number' } }),
      /has no column `number`/,
    ],
    [
      'a use case that no example fits',
      withUseCase({ parameters: [{ name: 'since', required: true }] }),
      /No example of its queries gives all/,
    ],
    ['a domain that is not there', withUseCase({ domain: 'loan' }), /There is no domain `loan`/],
  ])('names %s', async (_, changed, message) => {
    expect((await spelt(changed)).join('\n')).toMatch(message)
  })
})

describe('with catalog and engine', () => {
  let archive: Archive
  beforeAll(async () => {
    archive = await openArchive(templatesFolder())
  })
  afterAll(() => archive.close())

  const inEngine = (changed: Changed) => spelt(changed, { catalog: archive.snapshot, engine: archive.engine })

  test('the check finds nothing where all is well', async () => {
    expect(await inEngine({})).toEqual([])
  })

  test.each<[string, Changed, RegExp]>([
    [
      'a column that the table lacks, with its line',
      withSql(SQL.replace('AND loan_number = ', 'AND loan_numbr = ')),
      /query\.sql\.njk:4: .*loan_numbr/,
    ],
    [
      'a fault that only one optional input brings',
      withSql(SQL.replace('AND lent_on >= ', 'AND lent >= ')),
      /query\.sql\.njk:7: .*lent/,
    ],
    [
      'a type that was declared otherwise',
      withQuery({
        columns: QUERY.columns.map((column) => (column.name === 'fee' ? { ...column, type: 'decimal(10,2)' } : column)),
      }),
      /`fee` is declared as decimal\(10,2\), but the SQL gives decimal\(12,2\)/,
    ],
    [
      'a column that was not declared',
      withSql(SQL.replace('fee_currency', 'fee_currency, copies')),
      /gives a column `copies` that is not declared/,
    ],
    ['a column that is missing', withSql(SQL.replace(', fee_currency', '')), /gives no column `fee_currency`/],
    [
      'columns in another order',
      withSql(SQL.replace('loan_number, state', 'state, loan_number')),
      /in another order than declared/,
    ],
  ])('the check names %s', async (_, changed, message) => {
    expect((await inEngine(changed)).join('\n')).toMatch(message)
  })

  test('the check names a table that nothing was loaded into', async () => {
    const catalog = { ...archive.snapshot, tables: [] }
    expect((await spelt({}, { catalog })).join()).toContain('query.sql.njk:2: The table "loans" was never delivered')
  })

  const examples = async (list: object[], sql = SQL) => {
    const changed = { ...withQuery({ examples: list }), ...withSql(sql) }
    const templates = await loadTemplates(templatesFolder(changed), 'library')
    return (await checkExamples(templates, runWith(archive.engine))).map(({ message }) => message)
  }

  test('examples that come true are no findings', async () => {
    const found = await examples([
      {
        title: 'By name',
        inputs: { reader: 'ANN MULLER' },
        expect: { rows: 1, first: [{ loan_number: 'L1', fee: '12.50', lent_on: '2024-07-05' }] },
      },
      { title: 'With an apostrophe', inputs: { reader: "Bob O'Brien" }, expect: { includes: { loan_number: 'L2' } } },
      {
        title: 'With braces',
        inputs: { reader: '{{ 7 * 7 }}' },
        expect: { first: [{ loan_number: 'L3', fee: null }] },
      },
      { title: 'By list', inputs: { loan_number: 'L1', states: ['O', 'B'] }, expect: { atLeast: 1 } },
      { title: 'None', inputs: { loan_number: "' OR '1'='1" }, expect: { rows: 0 } },
    ])
    expect(found).toEqual([])
  })

  test('examples that do not come true say what came', async () => {
    const found = await examples([
      { title: 'A', inputs: { loan_number: 'L1' }, expect: { rows: 2 } },
      { title: 'B', inputs: { loan_number: 'L1' }, expect: { atLeast: 2 } },
      { title: 'C', inputs: { loan_number: 'L1' }, expect: { first: [{ fee: '12.5' }, { fee: '1' }] } },
      { title: 'D', inputs: { loan_number: 'L1' }, expect: { includes: { state: 'B' } } },
    ])
    expect(found).toEqual([
      'The example `A`: 2 rows are expected, 1 came.',
      'The example `B`: At least 2 rows are expected, 1 came.',
      'The example `C`: Row 1: fee is expected to be "12.5", but is "12.50".',
      'The example `C`: Row 2: fee "1" is expected, but there is no such row.',
      'The example `D`: No row has state "B".',
    ])
  })

  test('a text comes back from the engine as it was typed, whatever it is', async () => {
    const echo = query({
      sql: 'SELECT {{ text }} AS text FROM loans WHERE {{ text }} IN ({{ texts }}) ORDER BY loan_number',
      file: {
        parameters: [
          { name: 'text', type: 'string', label: 'Text', required: true },
          { name: 'texts', type: 'string', label: 'Texts', list: true, required: true },
        ],
        sorts: [],
        requireOneOf: [],
      },
    })
    const run = runWith(archive.engine)
    const hostile = ["'; DROP TABLE loans; --", '"', '\\', '? $1 :x', '/* */ --', '{{ text }}{% raw %}', '\u202e', '%_']
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), async (text) => {
        fc.pre(!text.includes('\u0000'))
        const { rows } = await run(bind(templatesOf(echo), echo, { text, texts: ['other', text] }))
        expect(rows).toEqual([[text], [text], [text]])
      }),
      { numRuns: 40, examples: hostile.map((text) => [text]) },
    )
  })

  test('what the engine refuses is told once, with its hint beside it', async () => {
    const sql = SQL.replace('SELECT loan_number, state', 'SELECT loan_number, ARRAY[state] AS state')
    const root = templatesFolder(withSql(sql))
    const found = await checkTemplates(root, 'library', { catalog: archive.snapshot, engine: archive.engine })
    expect(found).toEqual([
      {
        file: 'query-templates/library/queries/loans/query.sql.njk',
        line: 1,
        column: 1,
        message: 'The column "state" is of type varchar[], which a result cannot hold.',
        hint: 'array_join makes a text of an array; date_diff makes a number of an interval.',
      },
    ])
  })

  test('an example of a use case runs each panel with what it fixes', async () => {
    const panels = [{ ...USE_CASE.panels[0], inputs: { states: { fixed: 'B' } }, sort: 'by-fee' }]
    const run = async (expected: object) => {
      const cases = [{ title: 'Back', inputs: { reader: 'Bob OBrien' }, expect: { loans: expected } }]
      const templates = await loadTemplates(templatesFolder(withUseCase({ panels, examples: cases })), 'library')
      const seen: string[] = []
      const found = await checkExamples(templates, runWith(archive.engine), {
        onExample: (of, { title }) => seen.push(`${of.name}: ${title}`),
      })
      expect(seen).toEqual(['loans: A loan', 'find-loan: Back'])
      return found
    }
    expect(await run({ rows: 1, first: [{ loan_number: 'L2', state: 'B' }] })).toEqual([])
    expect(await run({ rows: 2 })).toEqual([
      {
        file: 'query-templates/library/use-cases/find-loan.json',
        message: 'The example `Back`: the panel loans: 2 rows are expected, 1 came.',
      },
    ])
  })

  test('rows that tie in their order are a finding', async () => {
    const sql = SQL.replace('ORDER BY {{ sort }}, loan_number', 'ORDER BY {{ sort }}, "state"')
    const loose = sql.replace('AND reader_folded = {{ reader }}', "AND reader_folded <> {{ reader }} AND state = 'B'")
    expect(await examples([{ title: 'Tied', inputs: { reader: 'nobody' }, expect: { rows: 2 } }], loose)).toEqual([
      'The example `Tied`: Rows tie in ORDER BY lent_on, state: add a key that tells them apart.',
    ])
  })
})
