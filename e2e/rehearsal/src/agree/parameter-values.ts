import { optionsOf } from '@muniment/query-templates/inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Parameter, Query } from '@muniment/query-templates/types'
import fc from 'fast-check'
import { edgeDates, edgeDecimals, edgeIntegers, hostileTexts } from './hostile-texts.ts'
import { comparedColumns, type RealValues } from './real-values.ts'

/** What may be typed for a parameter of a query: real values first, then what is nearly one, then what ought to break something. */
export function valuesOf(
  parameter: Parameter,
  query: Query,
  templates: Templates,
  real: RealValues,
): fc.Arbitrary<string> {
  const options = optionsOf(parameter, templates.application)?.map(({ value }) => value) ?? []
  if (options.length > 0)
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...options) }, { weight: 1, arbitrary: hostile(parameter) })
  const ofType = (type: string) => real.byType.get(type) ?? []
  switch (parameter.type) {
    case 'date':
      return mixed(ofType('date'), fc.oneof(fc.constantFrom(...edgeDates), anyDate, nearDates(ofType('date'))))
    case 'integer':
      return mixed(['0', '1', '10', '30', '365'], fc.oneof(fc.constantFrom(...edgeIntegers), fc.bigInt().map(String)))
    case 'decimal':
      return mixed(ofType('decimal'), fc.oneof(fc.constantFrom(...edgeDecimals), nearDecimals(ofType('decimal'))))
    case 'boolean':
      return fc.constantFrom('true', 'false', 'yes', 'no')
    default:
      return texts(parameter, ownTexts(parameter, query, templates, real))
  }
}

function ownTexts(parameter: Parameter, query: Query, templates: Templates, real: RealValues): readonly string[] {
  const derivedFrom = new Map(
    templates.application.tables.flatMap(({ columns }) =>
      columns.map(({ name, derived }) => [name, derived?.from ?? []] as const),
    ),
  )
  const columns = comparedColumns(query, parameter.name, derivedFrom)
  const own = [...new Set(columns.flatMap((name) => real.byColumn.get(name) ?? []))]
  return own.length > 0 ? own : (real.byType.get('varchar') ?? [])
}

const mixed = (real: readonly string[], others: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  real.length === 0
    ? others
    : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...real) }, { weight: 2, arbitrary: others })

function texts(parameter: Parameter, own: readonly string[]): fc.Arbitrary<string> {
  const value = fc.constantFrom(...(own.length > 0 ? own : ['x']))
  return fc.oneof(
    { weight: 5, arbitrary: value },
    { weight: 2, arbitrary: fc.tuple(value, fc.nat(), fc.nat()).map(part) },
    { weight: 2, arbitrary: fc.tuple(value, fc.nat(), edit).map(nearMiss) },
    { weight: 3, arbitrary: hostile(parameter) },
  )
}

/** Also in the longest form that the parameter takes. */
const hostile = ({ maxLength }: Parameter): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
    { weight: 1, arbitrary: fc.constantFrom(...hostileTexts).map((text) => filled(text, maxLength)) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength }) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom("'", 'o', '"', '\\', '%'), maxLength }) },
  )

const filled = (text: string, length: number) =>
  text.repeat(Math.ceil(length / Math.max(1, text.length))).slice(0, length)

const part = ([text, from, length]: [string, number, number]): string => {
  const letters = [...text]
  const begin = letters.length > 1 ? from % (letters.length - 1) : 0
  return letters.slice(begin, begin + 1 + (length % letters.length)).join('')
}

type Edit = (letters: string[], at: number) => string[]
const edit: fc.Arbitrary<Edit> = fc.constantFrom<Edit[]>(
  (letters, at) => letters.toSpliced(at, 1),
  (letters, at) => letters.toSpliced(at, 0, letters[at] ?? 'x'),
  (letters, at) => letters.with(at, letters[at] === '1' ? '2' : '1'),
  (letters) => letters.map((letter) => letter.toLowerCase()),
  (letters) => letters.map((letter) => letter.toUpperCase()),
  (letters, at) => letters.toSpliced(at, 0, ' '),
  (letters) => [...letters, ' ', '*'],
)

const nearMiss = ([text, at, change]: [string, number, Edit]): string => {
  const letters = [...text]
  return change(letters, at % letters.length).join('')
}

const anyDate = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const nearDates = (real: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...(real.length > 0 ? real : ['2024-07-05'])), fc.constantFrom(-1, 1, 365))
    .map(([text, days]) => new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10))

const nearDecimals = (real: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...(real.length > 0 ? real : ['1.00'])), fc.constantFrom(-0.01, 0.01))
    .map(([text, more]) => (Number(text) + more).toFixed(2))
