import type { Application } from '@muniment/archive/model/types'
import { type Parameter, Parameter as Shape, type UseCase } from '@muniment/query-templates/types'
import { describe, expect, it } from 'vitest'
import { readInputs, titleOf } from '../src/searches/read-inputs.ts'

const parameters: Parameter[] = [
  { name: 'name', type: 'string', label: 'Name' },
  { name: 'given', type: 'string', label: 'Given name', list: true },
  {
    name: 'match',
    type: 'choice',
    label: 'The name',
    options: [
      { value: 'sound', label: 'sounds like this' },
      { value: 'begins', label: 'begins with this' },
    ],
    default: 'sound',
    modifies: ['name', 'given'],
  },
  { name: 'threshold', type: 'decimal', label: 'At least', unit: 'EUR', default: '100.00' },
].map((one) => Shape.parse(one))

const useCase = { title: 'Find somebody', parameters } as unknown as UseCase
const read = (inputs: Record<string, string | string[]>) =>
  readInputs(useCase, inputs, { codeLists: {} } as unknown as Application).map(
    ({ label, value }) => `${label}: ${value}`,
  )

describe('inputs as a person reads them', () => {
  it('leave out a default that says how another input is meant, where that is not given', () => {
    expect(read({ match: 'sound' })).toEqual([])
    expect(read({ given: [], match: 'sound' })).toEqual([])
    expect(read({ match: 'begins' })).toEqual(['The name: begins with this'])
  })

  it('keep it where any input that it modifies is given', () => {
    expect(read({ name: 'Meier', match: 'sound' })).toEqual(['Name: Meier', 'The name: sounds like this'])
    expect(read({ given: ['Ann'], match: 'sound' })).toEqual(['Given name: Ann', 'The name: sounds like this'])
  })

  it('keep a default that says something by itself, with its unit', () => {
    expect(read({ match: 'sound', threshold: '100.00' })).toEqual(['At least: 100.00 EUR'])
  })

  it('are what a search is called by', () => {
    const inputs = { match: 'sound', threshold: '1.00' }
    const all = readInputs(useCase, inputs, { codeLists: {} } as unknown as Application)
    expect(titleOf(useCase, all)).toBe('Find somebody: 1.00 EUR')
  })
})
