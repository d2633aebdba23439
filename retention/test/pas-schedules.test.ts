import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadApplication } from '@muniment/archive/model/load'
import { describe, expect, it } from 'vitest'
import { checkSchedules } from '../src/schedule/check-schedules.ts'
import { DomainSchedules } from '../src/schedule/types.ts'

const root = fileURLToPath(new URL('../schedules/pas/', import.meta.url))
const templates = fileURLToPath(new URL('../../query-templates', import.meta.url))
const files = await readdir(root)
const all = await Promise.all(
  files.map(async (file) => DomainSchedules.parse(JSON.parse(await readFile(`${root}${file}`, 'utf8')))),
)
const model = await loadApplication(templates, 'pas')
const found = (change: (text: string) => string, name = 'policies') => {
  const one = all.find(({ domain }) => domain === name)
  return checkSchedules(DomainSchedules.parse(JSON.parse(change(JSON.stringify(one)))), model).map(
    ({ message }) => message,
  )
}

describe('the schedules of the sample', () => {
  it('are there for each domain, fit the model and each other, and ask for counsel', () => {
    expect(all.map(({ domain }) => domain).sort()).toEqual(model.domains.map(({ name }) => name).sort())
    for (const one of all) {
      expect(checkSchedules(one, model, { others: all.filter((other) => other !== one) })).toEqual([])
      expect(one.note).toContain('counsel must confirm')
      for (const { schedules } of one.classes)
        for (const { authority } of schedules) expect(authority.read, authority.law).toBe('2026-11-23')
    }
  })
})

describe('the check of schedules', () => {
  it.each([
    ['a misspelt column', '"ends_on"', '"ends_no"', 'Did you mean "ends_on"?'],
    ['a misspelt table', '"table":"coverages"', '"table":"coverage"', 'Did you mean "coverages"?'],
    ['a code that there is not', '"in":["51","52"]', '"in":["51","99"]', '"99" is no code'],
    ['a legal entity that there is not', '"legalEntities":["20"]', '"legalEntities":["30"]', 'no legal entity "30"'],
    ['a date that is none', '"column":"birth_date"', '"column":"family_name"', 'only a date can be younger'],
    [
      'an unknown dangling key',
      'policies.predecessor_policy_number',
      'policies.holder_party_number',
      'names no row of the record',
    ],
    ['a fiscal year without an end', ',"fiscalYearEnds":12', '', 'with which month a fiscal year ends'],
    [
      'a limit that keeps for good',
      '"kind":"keep-at-least","action":"destroy"',
      '"kind":"keep-no-longer-than","action":"keep"',
      'no longer than a time and for good',
    ],
    ['a table that was forgotten', '"products":', '"product":', 'No class has the table "products"'],
  ])('finds %s', (_, from, to, expected) => {
    expect(JSON.stringify(all.find(({ domain }) => domain === 'policies'))).toContain(from)
    expect(found((text) => text.replaceAll(from, to)).join('\n')).toContain(expected)
  })

  it('asks which way is meant where there are several', () => {
    const messages = found((text) => text.replaceAll(',"by":["invoice_number"]', ''), 'receipts')
    expect(messages).toEqual([])
    const parties = found(
      (text) => text.replaceAll(',"by":["holder_party_number"]', '').replaceAll('"by":["holder_party_number"]', ''),
      'customers',
    )
    expect(parties.join('\n')).toContain('there is more than one way')
  })

  it('refuses two classes for the rows of one table', () => {
    const one = all.find(({ domain }) => domain === 'claims')
    if (!one) throw new Error('no claims')
    const messages = checkSchedules(one, model, {
      others: [
        {
          ...one,
          domain: 'policies',
          classes: one.classes.map((each) => ({
            ...each,
            name: 'other',
            table: 'policies',
            with: [{ table: 'reserves' }],
          })),
        },
      ],
    })
    expect(messages.map(({ message }) => message).join('\n')).toContain('they can go with one only')
  })
})
