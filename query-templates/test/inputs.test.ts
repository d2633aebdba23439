import { InputError } from '@muniment/archive/errors'
import { checkInputs } from '@muniment/query-templates/inputs'
import { patternProblem } from '@muniment/query-templates/pattern'
import { Parameter } from '@muniment/query-templates/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { query, templatesOf } from './support/templates.ts'

const { application } = templatesOf(query())

const declared = (parameters: object[], requireOneOf: string[][] = []) => ({
  parameters: parameters.map((parameter) => Parameter.parse({ label: 'Field', name: 'field', ...parameter })),
  requireOneOf,
})

const check = (parameter: object, value: string | string[]) =>
  checkInputs(declared([parameter]), { field: value }, application).field

function fieldsOf(run: () => unknown): Record<string, string> {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error.fields
    throw error
  }
  throw new Error('Nothing was refused.')
}

const sentence = (parameter: object, value: string | string[]) => fieldsOf(() => check(parameter, value)).field

describe('an input', () => {
  test.each([
    ['trimmed', { type: 'string' }, '  Ann  ', 'Ann'],
    ['composed', { type: 'string' }, 'Mu\u0308ller', 'Müller'],
    ['on one line', { type: 'string' }, 'Ann\r\n\tLee', 'Ann Lee'],
    ['a whole number without leading zeros', { type: 'integer' }, ' +0042 ', '42'],
    ['the largest number', { type: 'integer' }, '9223372036854775807', '9223372036854775807'],
    ['the smallest number', { type: 'integer' }, '-9223372036854775808', '-9223372036854775808'],
    ['a number with a true minus', { type: 'integer' }, '−5', '-5'],
    ['no negative zero', { type: 'integer' }, '-0', '0'],
    ['a decimal with its scale', { type: 'decimal' }, '12.5', '12.50'],
    ['a decimal without decimals', { type: 'decimal', precision: [5, 0] }, '12.0', '12'],
    ['a date', { type: 'date' }, '2024-02-29', '2024-02-29'],
    ['a date as people write it', { type: 'date' }, '5.7.2024', '2024-07-05'],
    ['a truth', { type: 'boolean' }, 'No', 'false'],
    ['as long as Athena takes it', { type: 'string', maxLength: 1024 }, 'x'.repeat(1022), 'x'.repeat(1022)],
    ['as long with quotes', { type: 'string', maxLength: 1024 }, "'".repeat(511), "'".repeat(511)],
    ['a code', { type: 'code', codeList: 'state' }, 'O', 'O'],
    ['a choice', { type: 'choice', options: [{ value: 'a', label: 'A' }] }, 'a', 'a'],
  ])('is %s', (_, parameter, typed, value) => {
    expect(check(parameter, typed)).toBe(value)
  })

  test.each([
    [{ type: 'string', required: true }, '   ', 'Field is needed.'],
    [{ type: 'string', maxLength: 5 }, 'abcdef', 'Field must be at most 5 characters long.'],
    [{ type: 'string' }, 'a\u0000b', 'Field holds a character that cannot be searched for.'],
    [{ type: 'string' }, '\ud800', 'Field holds a character that cannot be searched for.'],
    [
      { type: 'string', maxLength: 1024 },
      "'".repeat(512),
      'Field is too long to be searched for: quotes count twice, and some characters stand for several.',
    ],
    [
      // Each folds to eighteen characters.
      { type: 'string', transform: 'fold' },
      'ﷺ'.repeat(60),
      'Field is too long to be searched for: quotes count twice, and some characters stand for several.',
    ],
    [
      { type: 'string', transform: 'fold' },
      '!?-',
      'Field holds nothing that can be searched for: it needs a letter or a digit.',
    ],
    [{ type: 'integer' }, '1.5', 'Field must be a whole number, written with digits only, such as 1200.'],
    [
      { type: 'integer' },
      '9223372036854775808',
      'Field must be a whole number between −9223372036854775808 and 9223372036854775807.',
    ],
    [
      { type: 'decimal' },
      '1,234.50',
      'Field must be a number, written with a point and without thousands separators, such as 1234.50.',
    ],
    [{ type: 'decimal' }, '1.234', 'Field must have at most 2 decimals.'],
    [{ type: 'decimal', precision: [4, 2] }, '100', 'Field must have at most 2 digits before the point.'],
    [{ type: 'date' }, '2023-02-29', 'Field must be a date that exists: there is no 2023-02-29.'],
    [{ type: 'date' }, '1900-02-29', 'Field must be a date that exists: there is no 1900-02-29.'],
    [{ type: 'date' }, '31.04.2024', 'Field must be a date that exists: there is no 31.04.2024.'],
    [{ type: 'date' }, '0000-01-01', 'Field must be a date that exists: there is no 0000-01-01.'],
    [{ type: 'date' }, '5/7/2024', 'Field must be a date, written as 2024-07-05 or 05.07.2024.'],
    [{ type: 'boolean' }, 'maybe', 'Field must be yes or no.'],
    [{ type: 'code', codeList: 'state' }, 'Ouut', 'Field must be one of its choices. Did you mean O (Out)?'],
    [{ type: 'string' }, ['a', 'b'], 'Field takes one value.'],
    [
      { type: 'string', pattern: { regex: 'L\\d+', message: 'A loan number is L and digits.' } },
      'XL12',
      'A loan number is L and digits.',
    ],
    [{ type: 'string', pattern: { regex: 'a|b', message: 'One letter.' } }, 'bc', 'One letter.'],
  ])('%o refuses %j', (parameter, typed, expected) => {
    expect(sentence(parameter, typed)).toBe(expected)
  })

  test('that is a list has each value once, without the empty ones', () => {
    expect(check({ type: 'integer', list: true }, ['1', '', '01', '2'])).toEqual(['1', '2'])
  })

  test('that is a list has a limit', () => {
    const many = Array.from({ length: 201 }, (_, index) => String(index))
    expect(sentence({ type: 'integer', list: true }, many)).toBe('Field takes at most 200 values.')
  })

  test('that is not declared is refused with what was probably meant', () => {
    const fields = fieldsOf(() => checkInputs(declared([{ type: 'string' }]), { feild: 'x' }, application))
    expect(fields).toEqual({ feild: 'There is no input called feild. Did you mean field?' })
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('called %s is refused', (name) => {
    const inputs = JSON.parse(`{"${name}": "x"}`)
    const fields = fieldsOf(() => checkInputs(declared([{ type: 'string' }]), inputs, application))
    expect(Object.keys(fields)).toEqual([name])
  })
})

describe('inputs together', () => {
  test('are all told at once', () => {
    const two = declared([
      { name: 'a', type: 'integer', label: 'A' },
      { name: 'b', type: 'date', label: 'B' },
    ])
    expect(Object.keys(fieldsOf(() => checkInputs(two, { a: 'x', b: 'y', c: 'z' }, application))).sort()).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  test('need one of a group', () => {
    const two = declared(
      [
        { name: 'a', type: 'string', label: 'Number' },
        { name: 'b', type: 'string', label: 'Name' },
      ],
      [['a', 'b']],
    )
    expect(fieldsOf(() => checkInputs(two, { a: ' ' }, application))).toEqual({
      a: 'Give at least one of: Number, Name.',
      b: 'Give at least one of: Number, Name.',
    })
    expect(checkInputs(two, { b: 'x' }, application)).toEqual({ b: 'x' })
  })

  test('get their defaults, today in the zone of the application', () => {
    const dated = declared([{ type: 'date', default: 'today' }])
    const lateInLondon = new Date('2024-07-05T22:30:00Z')
    expect(checkInputs(dated, {}, application, lateInLondon)).toEqual({ field: '2024-07-06' })
    expect(checkInputs(dated, { field: '2020-01-01' }, application, lateInLondon)).toEqual({ field: '2020-01-01' })
  })

  test('once checked stay as they are', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 })
    const one = declared([{ type: 'string' }])
    fc.assert(
      fc.property(text, (typed) => {
        const once = checkInputs(one, { field: typed }, application)
        expect(checkInputs(one, once, application)).toEqual(once)
      }),
    )
  })
})

describe('a pattern', () => {
  test.each([
    '[A-Z]{2}\\d{2}[A-Z0-9]{11,30}',
    'L-?\\d+',
    '(?:19|20)\\d{2}',
    '\\p{L}+',
    '[^@]+@[^@]+\\.[a-z]{2,6}',
    '(?:ab)*c',
    '',
  ])('that is bounded is taken: %s', (regex) => {
    expect(patternProblem(regex, 200)).toBeUndefined()
  })

  test.each([
    '(a+)+$',
    '(a|a)*',
    '(a|aa)+',
    '(.*a){20}',
    '(?:(?:a?){10}){10}',
    '(\\w+\\s?)*',
    '.*.*.*.*=',
    '([a-z]+)*\\d',
  ])('that backtracks without end is refused: %s', (regex) => {
    expect(patternProblem(regex, 200)).toMatch(/too many ways/)
  })

  test.each([
    ['(a)\\1', 'refers back'],
    ['(?<x>a)\\k<x>', 'refers back'],
    ['a(', 'no regular expression'],
    ['\\-', 'no regular expression'],
  ])('%s is refused', (regex, message) => {
    expect(patternProblem(regex, 200)).toContain(message)
  })

  test('that is taken answers soon, whatever is typed', () => {
    const regexes = ['\\d*\\d*\\d*x', '[^@]+@[^@]+\\.[a-z]{2,}', '(?:a|b|c){1,5}d']
    for (const regex of regexes) {
      expect(patternProblem(regex, 200)).toBeUndefined()
      const began = performance.now()
      expect(new RegExp(`^(?:${regex})$`, 'u').test(`${'1'.repeat(199)}!`)).toBe(false)
      expect(performance.now() - began).toBeLessThan(1000)
    }
  })
})
