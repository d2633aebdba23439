import { describe, expect, it } from 'vitest'
import { findUseCases, indexUseCases } from '../src/features/start/findUseCases.ts'
import { recognise } from '../src/features/start/recognise.ts'
import { useCases } from './mock/data.ts'

const domains = new Map([
  ['pas/policies', 'Policies'],
  ['pas/claims', 'Claims'],
  ['pas/receipts', 'Receipts'],
])
const found = (words: string) => findUseCases(indexUseCases(useCases, domains), words).map((useCase) => useCase.name)

describe('findUseCases', () => {
  it('finds by a word of the title, best first', () => {
    expect(found('claim')[0]).toBe('find-claim')
    expect(found('policy file')[0]).toBe('policy-file')
  })

  it('finds by keywords that stand nowhere in the title', () => {
    expect(found('gdpr')).toEqual(['data-subjects-copy'])
    expect(found('contract')).toContain('find-policy')
  })

  it('finds by beginnings, without accents and in any case', () => {
    expect(found('LOSS')).toContain('large-losses')
    expect(found('réceipts')).toContain('open-items')
  })

  it('wants every word to fit', () => {
    expect(found('claim zebra')).toEqual([])
  })

  it('overlooks the words people put around what they mean', () => {
    expect(found('get the statement of')).toEqual(['statement'])
    expect(found('find policy')[0]).toBe('find-policy')
  })
})

describe('recognise', () => {
  it('takes a number of an example’s shape for that number, files first', () => {
    const names = recognise(useCases, ' PV-2003-000417 ').map((one) => [one.useCase.name, one.parameter.name])
    expect(names[0]).toEqual(['policy-file', 'policy_number'])
    expect(names.map(([name]) => name)).toContain('find-policy')
  })

  it('lets a pattern decide where there is one, whatever the example looks like', () => {
    const strict = useCases.map((useCase) => ({
      ...useCase,
      parameters: useCase.parameters.map((one) => ({ ...one, pattern: { regex: 'PV-\\d{9}', message: 'PV' } })),
    }))
    expect(recognise(strict, 'PV-2003-000417')).toEqual([])
    expect(recognise(strict, 'PV-200300041').length).toBeGreaterThan(0)
  })

  it('takes no word for a number', () => {
    expect(recognise(useCases, 'Müller')).toEqual([])
    expect(recognise(useCases, 'claims 2004')).toEqual([])
  })

  it('offers nothing that needs more than this one input', () => {
    const more = useCases.map((useCase) => ({
      ...useCase,
      parameters: [
        ...useCase.parameters,
        ...useCase.parameters.slice(0, 1).map((one) => ({ ...one, name: 'also', required: true })),
      ],
    }))
    expect(recognise(more, 'PV-2003-000417')).toEqual([])
  })
})
