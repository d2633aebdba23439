import { InputError, TemplateError } from '@muniment/archive/errors'
import { athenaLiteral } from '@muniment/query-templates/athena-literal'
import { bind } from '@muniment/query-templates/bind'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quickest } from './support/quickest.ts'
import { query, templatesOf } from './support/templates.ts'

const PARAMETERS = [
  { name: 'reader', type: 'string', label: 'Reader' },
  { name: 'notes', type: 'string', label: 'Notes', list: true },
  { name: 'copies', type: 'integer', label: 'Copies' },
  { name: 'fee', type: 'decimal', precision: [12, 3], label: 'Fee' },
  { name: 'since', type: 'date', label: 'Since' },
  { name: 'late', type: 'boolean', label: 'Late' },
]
const SQL = `SELECT 1 FROM loans WHERE 1 = 1
{% if reader %}AND reader = {{ reader }}{% endif %}
{% if notes %}AND note IN ({{ notes }}){% endif %}
{% if copies %}AND copies = {{ copies }}{% endif %}
{% if fee %}AND fee = {{ fee }}{% endif %}
{% if since %}AND lent_on = {{ since }}{% endif %}
{% if late %}AND late = {{ late }}{% endif %}
ORDER BY loan_number`
const loans = query({ sql: SQL, file: { parameters: PARAMETERS, sorts: [], requireOneOf: [] } })
const templates = templatesOf(loans)

const HOSTILE = [
  "O'Brien",
  "'; DROP TABLE loans; --",
  "' OR '1'='1",
  '" OR ""="',
  '/* */ -- #',
  '{{ reader }} {% raw %} {# #}',
  "{{ constructor.constructor('return process')() }}",
  '?',
  '? ? ?',
  '$1 :name @x',
  'a\u0000b',
  '\\',
  'x'.repeat(100_000),
  '\ud800',
  '\u202e\u0645\ufeff',
]

describe('binding', () => {
  test.each(HOSTILE)('puts a hostile text among the values and leaves the SQL as it is: %s', (text) => {
    const { sql, values } = bind(templates, loans, { reader: text })
    expect(sql.replace(/\n+/g, '\n')).toBe('SELECT 1 FROM loans WHERE 1 = 1\nAND reader = ?\nORDER BY loan_number')
    expect(values).toEqual([{ type: 'varchar', value: text }])
  })

  test('gives the same SQL whatever texts are given, and the texts as values', () => {
    const plain = bind(templates, loans, { reader: 'x', notes: ['y', 'z'] }).sql
    const text = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(text, text, text, (reader, first, second) => {
        const statement = bind(templates, loans, { reader, notes: [first, second] })
        expect(statement.sql).toBe(plain)
        expect(statement.values.map(({ value }) => value)).toEqual([reader, first, second])
      }),
      { numRuns: 300 },
    )
  })

  test('gives each type its canonical text', () => {
    const inputs = { copies: '+007', fee: '−1.5', since: '5.7.2024', late: 'Yes' }
    expect(bind(templates, loans, inputs).values).toEqual([
      { type: 'bigint', value: '7' },
      { type: 'decimal(12,3)', value: '-1.500' },
      { type: 'date', value: '2024-07-05' },
      { type: 'boolean', value: 'true' },
    ])
  })

  test('takes false for given: a condition asks for presence, not for truth', () => {
    expect(bind(templates, loans, { late: 'false' }).values).toEqual([{ type: 'boolean', value: 'false' }])
  })

  test.each([
    ['copies', "1'; --"],
    ['copies', '9223372036854775808'],
    ['fee', '1e5'],
    ['fee', '1.2345'],
    ['fee', '1234567890'],
    ['since', '2023-02-29'],
    ['since', "2024-07-05' OR 1=1"],
    ['late', '1'],
  ])('refuses for %s what is none of its type: %s', (name, text) => {
    expect(() => bind(templates, loans, { [name]: text })).toThrow(InputError)
  })

  test('expands a list to as many places as it has values, and leaves out an empty one', () => {
    expect(bind(templates, loans, { notes: ['a', 'b', 'c'] }).sql).toContain('IN (?, ?, ?)')
    expect(bind(templates, loans, { notes: [] }).sql).not.toContain('IN')
    expect(bind(templates, loans, { notes: [''] }).sql).not.toContain('IN')
  })

  test('does not take several values for one', () => {
    expect(() => bind(templates, loans, { reader: ['a', 'b'] })).toThrow('takes one value')
  })

  test('finds no input in what every object inherits', () => {
    const parameters = [{ name: 'constructor', type: 'string', label: 'C' }]
    const odd = query({
      sql: 'SELECT 1 {% if constructor %}= {{ constructor }}{% endif %} ORDER BY a',
      file: { parameters, sorts: [], requireOneOf: [] },
    })
    expect(bind(templates, odd, {}).values).toEqual([])
  })

  test('transforms as ingest did', () => {
    expect(bind(templatesOf(query()), query(), { reader: '  MÜLLER-Lüdenscheidt ' }).values[0]?.value).toMatch(
      /^[a-z ]+$/,
    )
  })

  test('writes the declared order, the first where none is chosen', () => {
    expect(bind(templates, query(), {}).sql).toMatch(/ORDER BY "lent_on" DESC NULLS LAST, loan_number$/)
    expect(bind(templates, query(), {}, { sort: 'by-fee' }).sql).toMatch(
      /ORDER BY "fee" ASC NULLS LAST, "lent_on" DESC NULLS LAST, loan_number$/,
    )
  })

  test('knows no order but the declared ones', () => {
    expect(() => bind(templates, query(), {}, { sort: 'fee; DROP TABLE loans' })).toThrow(InputError)
    const sorts = [{ name: 'odd', label: 'Odd', by: ['fee" --'] }]
    expect(() => bind(templates, query({ file: { sorts } }), {})).toThrow(TemplateError)
  })

  test('does not run SQL that is outside the language', () => {
    const file = { parameters: [{ name: 'loan_number', type: 'string', label: 'Loan', required: true }], sorts: [] }
    const faulty = query({ sql: "SELECT '{{ loan_number }}' ORDER BY a", file })
    expect(() => bind(templates, faulty, { loan_number: 'x' })).toThrow(
      /query\.sql\.njk:1: A placeholder stands inside quotes/,
    )
  })

  test('takes less than a millisecond', async () => {
    const inputs = { reader: 'x', notes: ['a', 'b'], copies: '1', fee: '1', since: '2024-01-01' }
    expect(await quickest(() => bind(templates, loans, inputs))).toBeLessThan(1)
  })
})

describe('the literal for Athena', () => {
  test.each([
    [{ type: 'varchar', value: "O'Brien's" }, "'O''Brien''s'"],
    [{ type: 'varchar', value: '' }, "''"],
    [{ type: 'varchar', value: "'; DROP TABLE loans; --" }, "'''; DROP TABLE loans; --'"],
    [{ type: 'varchar', value: null }, 'NULL'],
    [{ type: 'date', value: '2024-07-05' }, "DATE '2024-07-05'"],
    [{ type: 'timestamp', value: '2024-07-05 13:45:00.000' }, "TIMESTAMP '2024-07-05 13:45:00.000'"],
    [{ type: 'decimal(12,2)', value: '-1.50' }, "DECIMAL '-1.50'"],
    [{ type: 'bigint', value: '-42' }, '-42'],
    [{ type: 'bigint', value: '-9223372036854775808' }, "BIGINT '-9223372036854775808'"],
    [{ type: 'boolean', value: 'true' }, 'true'],
  ])('of %o is %s', (value, literal) => {
    expect(athenaLiteral(value)).toBe(literal)
  })

  test.each([
    ['NUL', { type: 'varchar', value: 'a\u0000b' }],
    ['a lone surrogate', { type: 'varchar', value: '\ud800' }],
    ['SQL in a date', { type: 'date', value: "2024-07-05' OR '1'='1" }],
    ['SQL in a number', { type: 'bigint', value: '1 OR 1=1' }],
    ['SQL in a truth', { type: 'boolean', value: 'true OR true' }],
  ])('does not exist for %s', (_, value) => {
    expect(() => athenaLiteral(value)).toThrow(InputError)
  })

  test('has at most 1024 characters, quotes counted', () => {
    expect(athenaLiteral({ type: 'varchar', value: 'x'.repeat(1022) })).toHaveLength(1024)
    expect(() => athenaLiteral({ type: 'varchar', value: 'x'.repeat(1023) })).toThrow('1024')
    expect(() => athenaLiteral({ type: 'varchar', value: "'".repeat(512) })).toThrow('1024')
  })

  test('reads back as the text that was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        fc.pre(!text.includes('\u0000'))
        const literal = athenaLiteral({ type: 'varchar', value: text })
        expect(/^'(?:[^']|'')*'$/.test(literal)).toBe(true)
        expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(text)
      }),
    )
  })
})
