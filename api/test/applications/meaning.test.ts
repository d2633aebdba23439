import type { Parameter } from '@muniment/query-templates/types'
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../src/applications/meaning.ts'

const parameter = (name: string, transform?: Parameter['transform']): Parameter => ({
  name,
  type: 'string',
  list: false,
  label: name,
  required: false,
  maxLength: 100,
  ...(transform && { transform }),
})
const queries = new Map([
  ['people', { parameters: [parameter('name', 'fold'), parameter('sound', 'phonetic'), parameter('place', 'fold')] }],
  ['cars', { parameters: [parameter('plate', 'plate'), parameter('note')] }],
])
const panels = [
  { query: 'people', inputs: { sound: 'name' } },
  { query: 'cars', inputs: {} },
]

describe('the meaning of an input', () => {
  it.each([
    ['name', 'name'],
    ['plate', 'plate'],
    ['place', undefined],
    ['note', undefined],
    ['sound', undefined],
  ])('of %s is %s', (input, means) => {
    expect(meaningOf(panels, queries, input)).toBe(means)
  })
})
