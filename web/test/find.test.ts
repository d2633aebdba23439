import { describe, expect, it } from 'vitest'
import { findUseCases, indexUseCases } from '../src/features/start/findUseCases.ts'
import { type Recognised, recognise, recogniseName } from '../src/features/start/recognise.ts'
import { useCases } from './mock/data.ts'

const domains = new Map([
  ['pas/policies', 'Policies'],
  ['pas/claims', 'Claims'],
  ['pas/receipts', 'Receipts'],
])
const found = (words: string) =>
  findUseCases(indexUseCases(useCases, domains), words).map(({ useCase }) => useCase.name)

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

  it('goes by how many of the words fit, not by all of them', () => {
    expect(found('claim zebra').slice(0, 2)).toEqual(['find-claim', 'claim-file'])
    expect(found('zebra')).toEqual([])
    expect(found('open claims')[0]).toBe('find-claim')
    expect(found('contract plate')).toEqual(['find-policy'])
  })

  it('puts titles first, in the singular and in the plural', () => {
    const withKeyword = useCases.map((useCase) =>
      useCase.name === 'large-losses' ? { ...useCase, keywords: ['claims', 'big claims'] } : useCase,
    )
    for (const words of ['claim', 'claims']) {
      const names = findUseCases(indexUseCases(withKeyword, domains), words).map(({ useCase }) => useCase.name)
      expect(names.slice(0, 3)).toEqual(['find-claim', 'claim-file', 'large-losses'])
    }
    expect(found('policies').slice(0, 2)).toEqual(['find-policy', 'policy-file'])
  })

  it('forgives a letter that is wrong, missing or changed about, where nothing is spelled as typed', () => {
    expect(found('lisence plte')[0]).toBe('find-policy')
    expect(found('statemnet')).toEqual(['statement'])
    expect(found('clam')[0]).toBe('find-claim')
    expect(findUseCases(indexUseCases(useCases, domains), 'statemnet')[0]?.isSpelled).toBe(false)
    expect(found('Meier')).toEqual([])
    expect(found('Juergen Mueller')).toEqual([])
  })

  it('overlooks the words people put around what they mean', () => {
    expect(found('get the statement of')).toEqual(['statement'])
    expect(found('find policy')[0]).toBe('find-policy')
    expect(found('how much is in this statement')).toEqual(['statement'])
  })
})

const said = (recognised: readonly Recognised[]) =>
  recognised.map(({ useCase, filled }) => [
    useCase.name,
    Object.fromEntries(filled.map(({ parameter, value }) => [parameter.name, value])),
  ])

describe('recognise', () => {
  it('takes a number of an example’s shape for that number, files first', () => {
    const names = said(recognise(useCases, ' PV-2003-000417 '))
    expect(names[0]).toEqual(['policy-file', { policy_number: 'PV-2003-000417' }])
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

  const withMeanings = useCases.map((useCase) => ({
    ...useCase,
    parameters: useCase.parameters.flatMap((one) => {
      if (one.name === 'name')
        return [
          { ...one, means: 'name' as const },
          { ...one, name: 'given', means: 'name' as const },
        ]
      return one.name === 'product'
        ? [one, { ...one, name: 'plate', type: 'string' as const, means: 'plate' as const }]
        : [one]
    }),
    requireOneOf: useCase.requireOneOf.map((group) => (group.includes('product') ? [...group, 'plate'] : group)),
  }))

  it.each(['MK-JL 57', 'mk jl57', 'B-AB 1234E'])('takes %s for a plate', (typed) => {
    expect(said(recognise(withMeanings, typed))).toEqual([['find-policy', { plate: typed }]])
  })

  it.each(['MK-JL', '1957', 'ABCDEFGH 12345', 'claims 2004, all of them'])('takes %s for no plate', (typed) => {
    expect(recognise(withMeanings, typed)).toEqual([])
  })

  it('takes a number with a pattern of its own for no plate', () => {
    const names = recognise(withMeanings, 'PV1998100417').map(({ as }) => as)
    expect(names).toEqual(['number'])
  })

  it('takes a day for a date of birth, searches before reports', () => {
    const days = said(recognise(useCases, '14.03.1957'))
    expect(days[0]).toEqual(['find-customer', { born: '1957-03-14' }])
    expect(days.map(([name]) => name)).toEqual(['find-customer', 'complaints', 'large-losses', 'open-items'])
  })

  it('takes a day for both ends of a period', () => {
    const [find] = useCases.filter(({ name }) => name === 'find-customer')
    const born = find?.parameters.find(({ name }) => name === 'born')
    if (!find || !born) throw new Error('The mock has changed.')
    const period = {
      ...find,
      requireOneOf: [],
      parameters: [
        { ...born, name: 'loss_from' },
        { ...born, name: 'loss_to' },
      ],
    }
    expect(said(recognise([period], '14 March 1957'))).toEqual([
      ['find-customer', { loss_from: '1957-03-14', loss_to: '1957-03-14' }],
    ])
  })

  it.each([
    ['Müller', { name: 'Müller' }],
    ['Juergen Mueller', { name: 'Mueller', given: 'Juergen' }],
    ['Müller, Jürgen', { name: 'Müller', given: 'Jürgen' }],
    ["Anna Maria O'Brien", { name: "O'Brien", given: 'Anna Maria' }],
  ])('offers a search for %s by name', (typed, filled) => {
    expect(said(recogniseName(withMeanings, typed))).toEqual([['find-customer', filled]])
  })

  it.each(['how much did we pay', 'PV-2003-000417', 'M', '<b>Meyer</b>', 'a b c d e f g'])(
    'takes %s for no name',
    (typed) => {
      expect(recogniseName(withMeanings, typed)).toEqual([])
    },
  )
})
