import { describe, expect, it } from 'vitest'
import { rightsBy } from '../../src/access/rights.ts'
import { sampleRules } from '../../src/access/sample-rules.ts'
import { UnusualUse, usualRules } from '../../src/access/unusual-use.ts'
import { rulesOf } from './model.ts'

const parse = (rules: object) => UnusualUse.safeParse(rules)

describe('what use is unusual', () => {
  it('is as by default where the rules say nothing, and switched off only by name', () => {
    const at = new Date()
    expect(rightsBy(rulesOf([]), 1, { groups: [] }, at).unusualUse).toEqual(usualRules)
    const quiet = { ...rulesOf([]), unusualUse: UnusualUse.parse({ nightExports: false }) }
    const { unusualUse } = rightsBy(quiet, 1, { groups: [] }, at)
    expect(unusualUse).toEqual({ ...usualRules, nightExports: false })
    expect(unusualUse.manyPersons).not.toBe(false)
  })

  it('in the sample is all of it, by the house’s own clock', () => {
    expect(sampleRules.unusualUse).toMatchObject({ timeZone: 'Europe/Berlin', ownRecords: true })
  })

  it.each([
    ['a zone that there is not', { timeZone: 'Europe/Altenfeld' }],
    ['a time that there is not', { nightExports: { from: '24:00', until: '05:00' } }],
    ['a night without length', { nightExports: { from: '05:00', until: '05:00' } }],
    ['nobody within an hour', { manyPersons: { persons: 0, minutes: 60 } }],
    ['more than a day', { manyPersons: { persons: 10, minutes: 2_000 } }],
    ['a rule that there is not', { weekends: true }],
  ])('is refused: %s', (_, rules) => {
    expect(parse(rules).success).toBe(false)
  })
})
