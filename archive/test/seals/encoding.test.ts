import fc from 'fast-check'
import { expect, it } from 'vitest'
import { classesOf, classOf, encodeValues, type TypedValue, takeValues } from '../../src/seals/encoding.ts'

const text = fc.string({ unit: 'binary' })
const value = fc.oneof(
  fc.tuple(
    fc.constant('varchar'),
    fc.option(fc.oneof(text, fc.constantFrom('', ',', ':', '0:,', ':,', '5:Weiß,', '\n'))),
  ),
  fc.tuple(fc.constantFrom('integer', 'bigint'), fc.option(fc.bigInt().map(String))),
  fc.tuple(fc.constant('double'), fc.option(fc.double().map(String))),
  fc.tuple(fc.constant('decimal(14,2)'), fc.option(fc.integer().map((n) => (n / 100).toFixed(2)))),
  fc.tuple(fc.constant('boolean'), fc.option(fc.boolean().map(String))),
  fc.tuple(fc.constant('date'), fc.option(fc.constantFrom('0001-01-01', '2024-02-29', '9999-12-31'))),
  fc.tuple(fc.constant('timestamp'), fc.option(fc.constant('2024-02-29 23:59:59.999'))),
) as fc.Arbitrary<TypedValue>

it('reads back every value of every type', () => {
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const bytes = encodeValues(values)
      const types = values.map(([type]) => type)
      expect(takeValues(types, bytes)).toEqual({ values: values.map(([, one]) => one), end: bytes.length })
    }),
  )
})

it('writes no two rows of the same columns alike', () => {
  const rows = fc
    .array(value, { minLength: 1 })
    .chain((first) =>
      fc.tuple(fc.constant(first), fc.tuple(...first.map(([type]) => value.filter(([other]) => other === type)))),
    )
  fc.assert(
    fc.property(rows, ([a, b]) => {
      const same = JSON.stringify(a) === JSON.stringify(b)
      expect(encodeValues(a).equals(encodeValues(b))).toBe(same)
    }),
  )
})

it('tells no value from an empty one, and where one value ends', () => {
  const of = (...texts: (string | null)[]) => encodeValues(texts.map((one): TypedValue => ['varchar', one])).toString()
  expect(of(null)).toBe(':,')
  expect(of('')).toBe('0:,')
  expect(of('Weiß')).toBe('5:Weiß,')
  expect(of('a', 'bc')).not.toBe(of('ab', 'c'))
  expect(of('a', null)).not.toBe(of(null, 'a'))
  expect(
    encodeValues([
      ['decimal(5,2)', '12.30'],
      ['date', null],
    ]).toString(),
  ).toBe('12.30,,')
})

it('names a class by its sensitivities whatever their order', () => {
  expect(classOf(['personal', 'health', 'personal'])).toBe('health+personal')
  const columns = classesOf([
    ['a', 'varchar', 'personal'],
    ['b', 'varchar', ''],
    ['c', 'varchar', 'financial'],
    ['d', 'varchar', 'personal'],
  ])
  expect(columns.sensitive.map(({ name, columns: own }) => [name, own.map(([one]) => one)])).toEqual([
    ['financial', ['c']],
    ['personal', ['a', 'd']],
  ])
  expect(columns.open.map(([one]) => one)).toEqual(['b'])
})
