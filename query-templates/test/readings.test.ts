import { readStatement } from '@muniment/archive/engine/dialect/check'
import type { Statement } from '@muniment/archive/engine/port'
import { TemplateError } from '@muniment/archive/errors'
import { Table } from '@muniment/archive/model/types'
import { bind } from '@muniment/query-templates/bind'
import { conditionNames, sampleInputs } from '@muniment/query-templates/check/variants'
import { loadTemplates } from '@muniment/query-templates/load'
import type { Templates } from '@muniment/query-templates/port'
import { readQuery } from '@muniment/query-templates/read-query'
import { compileSql } from '@muniment/query-templates/sql/compile'
import { alwaysGiven } from '@muniment/query-templates/sql/places'
import type { Query } from '@muniment/query-templates/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { query, TABLE, templatesOf } from './support/templates.ts'

const root = new URL('..', import.meta.url).pathname
const PARAMETERS = [
  { name: 'reader', type: 'string', label: 'Reader' },
  { name: 'fee', type: 'decimal', precision: [12, 3], label: 'Fee' },
  { name: 'since', type: 'date', label: 'Since' },
]

/** The library, with its one table. */
function library(loans: Query): Templates {
  const templates = templatesOf(loans)
  return { ...templates, application: { ...templates.application, tables: [Table.parse(TABLE)] } }
}

const readBy = (templates: Templates) => (statement: Statement) => readStatement(statement, templates.application)

async function published(templates: Templates, ...queries: Query[]): Promise<Templates> {
  const readings = new Map(
    await Promise.all(
      queries.map(async (one) => [one.name, await readQuery(templates, one, readBy(templates))] as const),
    ),
  )
  return { ...templates, readings }
}

async function withSql(sql: string) {
  const parameters = PARAMETERS.filter(({ name }) => sql.includes(`{{ ${name} }}`) || sql.includes(`{% if ${name}`))
  const loans = query({ sql, file: { parameters, sorts: [], requireOneOf: [] } })
  const templates = await published(library(loans), loans)
  return { loans, templates }
}

describe('what a published query reads', () => {
  test('is that of its parts where each condition only adds', async () => {
    const { loans, templates } = await withSql(
      `SELECT loan_number FROM loans WHERE 1 = 1
       {% if reader %}AND reader = {{ reader }} {% endif %}{% if fee %}AND fee = {{ fee }} {% endif %} ORDER BY loan_number`,
    )
    expect(templates.readings?.get(loans.name)).toMatchObject({ tied: [], free: ['reader', 'fee'] })
    expect(bind(templates, loans, {}).reading?.chosenBy).toEqual([])
    expect(bind(templates, loans, { fee: '1' }).reading?.chosenBy).toEqual(['loans.fee'])
    expect(bind(templates, loans, { fee: '1', reader: 'x' }).reading?.chosenBy).toEqual(['loans.fee', 'loans.reader'])
  })

  test.each([
    [
      'within another',
      '{% if reader %}{% if fee %}AND fee = {{ fee }} {% endif %}AND reader = {{ reader }} {% endif %}',
    ],
    [
      'else',
      '{% if fee %}AND fee = {{ fee }} {% else %}AND reader IS NULL {% endif %}{% if reader %}AND reader = {{ reader }} {% endif %}',
    ],
    ['and, or and what only adds', '{% if fee and reader %}AND fee = {{ fee }} AND reader = {{ reader }} {% endif %}'],
  ])('is told for each way where conditions hang together: %s', async (_kind, where) => {
    const { loans, templates } = await withSql(
      `SELECT loan_number FROM loans WHERE 1 = 1 ${where} ORDER BY loan_number`,
    )
    for (const inputs of [{}, { fee: '1' }, { reader: 'x' }, { fee: '1', reader: 'x' }]) {
      const { reading, ...statement } = bind(templates, loans, inputs)
      expect(reading).toEqual(await readStatement(statement, templates.application))
    }
  })

  test('is refused where too many conditions hang together', async () => {
    const parameters = Array.from({ length: 11 }, (_, at) => ({ name: `p${at}`, type: 'string', label: `P${at}` }))
    const sql = `SELECT loan_number FROM loans WHERE 1 = 1 ${parameters
      .map(({ name }) => `{% if ${name} %}AND reader = {{ ${name} }} {% else %}AND reader <> 'x' {% endif %}`)
      .join(' ')} ORDER BY loan_number`
    const loans = query({ sql, file: { parameters, sorts: [], requireOneOf: [] } })
    await expect(published(library(loans), loans)).rejects.toThrow(TemplateError)
  })

  test('depends on the order where a LIMIT leaves rows out by it', async () => {
    const sorts = [
      { name: 'number', label: 'Number', by: ['loan_number'] },
      { name: 'fee', label: 'Fee', by: ['fee', 'loan_number'] },
    ]
    const sql = 'SELECT loan_number, fee FROM loans ORDER BY {{ sort }}, copies, loan_number LIMIT 10'
    const loans = query({ sql, file: { parameters: [], sorts, requireOneOf: [] } })
    const templates = await published(library(loans), loans)
    expect(bind(templates, loans, {}).reading?.chosenBy).toEqual(['loans.copies', 'loans.loan_number'])
    expect(bind(templates, loans, {}, { sort: 'fee' }).reading?.chosenBy).toEqual([
      'loans.copies',
      'loans.fee',
      'loans.loan_number',
    ])
  })
})

test('of every query that ships, any inputs give the reading that their SQL has', async () => {
  const templates = await loadTemplates(root, 'pas')
  const queries = [...templates.queries.values()]
  const whole = await published(templates, ...queries)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...queries).chain((one) =>
        fc.record({
          one: fc.constant(one),
          names: fc.subarray([...new Set(conditionNames(compileSql(one)))]),
          sort: fc.constantFrom(undefined, ...one.sorts.map(({ name }) => name)),
        }),
      ),
      async ({ one, names, sort }) => {
        const given = new Set([...names, ...one.parameters.filter(alwaysGiven).map(({ name }) => name)])
        const inputs = sampleInputs(one, given, templates.application)
        const { reading, ...statement } = bind(whole, one, inputs, sort === undefined ? {} : { sort })
        expect(reading).toEqual(await readStatement(statement, templates.application))
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)
