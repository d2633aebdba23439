import type { ParameterDescription, UseCaseDescription } from '@muniment/api/contract'
import { describe, expect, it } from 'vitest'
import { cleanInputs, validate } from '../src/features/form/validate.ts'

const parameter = (name: string, rest: Partial<ParameterDescription> = {}): ParameterDescription => ({
  name,
  type: 'string',
  list: false,
  label: name,
  required: false,
  maxLength: 20,
  ...rest,
})

const useCase = (parameters: ParameterDescription[], requireOneOf: string[][] = []): UseCaseDescription => ({
  name: 'find-policy',
  application: 'pas',
  title: 'Find a policy',
  description: 'By number.',
  keywords: [],
  domain: 'policies',
  kind: 'search',
  parameters,
  requireOneOf,
  panels: [],
  tables: [],
  examples: [],
})

const fieldsOf = (one: UseCaseDescription, inputs: Record<string, string | string[]>) =>
  validate(one, inputs).map((error) => error.field)

describe('validate', () => {
  it('names each required field that is empty or blank', () => {
    const one = useCase([parameter('number', { required: true }), parameter('name')])
    expect(fieldsOf(one, {})).toEqual(['number'])
    expect(fieldsOf(one, { number: '   ' })).toEqual(['number'])
    expect(fieldsOf(one, { number: 'PV-1' })).toEqual([])
  })

  it('wants the whole text to match the pattern, and says the template’s own sentence', () => {
    const one = useCase([parameter('number', { pattern: { regex: 'PV-\\d{4}', message: 'PV and four digits.' } })])
    expect(validate(one, { number: 'PV-12345' })).toEqual([{ field: 'number', message: 'PV and four digits.' }])
    expect(fieldsOf(one, { number: 'xPV-1234' })).toEqual(['number'])
    expect(fieldsOf(one, { number: 'PV-1234' })).toEqual([])
  })

  it('anchors every branch of a pattern with alternatives', () => {
    const one = useCase([parameter('number', { pattern: { regex: 'A|B', message: 'A or B.' } })])
    expect(fieldsOf(one, { number: 'Ax' })).toEqual(['number'])
    expect(fieldsOf(one, { number: 'B' })).toEqual([])
  })

  it('checks numbers, dates, choices and lengths by their type', () => {
    const one = useCase([
      parameter('count', { type: 'integer' }),
      parameter('amount', { type: 'decimal' }),
      parameter('day', { type: 'date' }),
      parameter('product', { type: 'code', options: [{ value: 'K1', label: 'Motor' }] }),
      parameter('name', { maxLength: 3 }),
    ])
    const wrong = { count: '1.5', amount: '1,5', day: '2024-02-30', product: 'Motor', name: 'abcd' }
    expect(fieldsOf(one, wrong)).toEqual(['count', 'amount', 'day', 'product', 'name'])
    expect(fieldsOf(one, { count: '-15', amount: '0.50', day: '2024-02-29', product: 'K1', name: 'äöü' })).toEqual([])
  })

  it('looks at every value of a list', () => {
    const one = useCase([parameter('days', { type: 'date', list: true })])
    expect(fieldsOf(one, { days: ['2024-01-01', 'tomorrow'] })).toEqual(['days'])
    expect(fieldsOf(one, { days: ['2024-01-01', ''] })).toEqual([])
  })

  it('wants one of each group, and points to the first field of the group', () => {
    const one = useCase([parameter('number'), parameter('name'), parameter('from')], [['number', 'name'], ['from']])
    expect(fieldsOf(one, {})).toEqual(['number', 'from'])
    expect(fieldsOf(one, { name: 'Müller', from: 'x' })).toEqual([])
  })

  it('leaves a pattern that the browser cannot read to the server', () => {
    const one = useCase([parameter('number', { pattern: { regex: '(?<', message: 'never' } })])
    expect(fieldsOf(one, { number: 'anything' })).toEqual([])
  })
})

describe('cleanInputs', () => {
  it('trims what is sent and leaves out what is empty or unknown', () => {
    const parameters = [parameter('name'), parameter('agents', { list: true }), parameter('plate')]
    const inputs = { name: ' Müller ', agents: [' A-1 ', '', '  '], plate: ' ', stray: 'x' }
    expect(cleanInputs(inputs, parameters)).toEqual({ name: 'Müller', agents: ['A-1'] })
  })

  it('sends dates as days, however they were typed', () => {
    const parameters = [parameter('day', { type: 'date' }), parameter('days', { type: 'date', list: true })]
    const inputs = { day: ' 5 Jul 2024 ', days: ['05.07.2024', 'soon'] }
    expect(cleanInputs(inputs, parameters)).toEqual({ day: '2024-07-05', days: ['2024-07-05', 'soon'] })
  })
})
