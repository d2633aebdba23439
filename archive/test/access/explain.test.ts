import { describe, expect, it } from 'vitest'
import { accessReport } from '../../src/access/access-report.ts'
import { type Asked, explain } from '../../src/access/explain.ts'
import { type StoredVersion, versionAt } from '../../src/access/versions.ts'
import { model, rulesOf } from './model.ts'

const AT = new Date('2026-06-15T12:00:00Z')
const file: Asked = {
  kind: 'use-case',
  name: 'file',
  panels: [
    { title: 'Person', tables: ['people', 'codes'] },
    { title: 'Orders', tables: ['people', 'orders'] },
    { title: 'Illness', tables: ['illness'] },
  ],
}
type Grants = Parameters<typeof rulesOf>[0]
const version = (grants: Grants, number = 3): StoredVersion => ({
  number,
  rules: rulesOf(grants),
  reason: 'Test.',
  proposed: { by: 'kim', at: '2026-01-01T00:00:00Z', groups: ['keepers'] },
  hash: '0'.repeat(64),
})
const grant = (more: object = {}): Grants[number] => ({
  id: 'reds',
  groups: ['red'],
  role: 'case-officer',
  applications: ['shop'],
  domains: ['people'],
  ...more,
})
const whole = grant({
  domains: ['*'],
  sensitivities: ['personal', 'financial', 'health', 'criminal', 'privileged'],
  sees: ['staff', 'secret'],
  rights: ['export-bulk'],
})
const ask = (grants: Grants, asked: Asked = file, groups = ['red']) => {
  const { answer, sentences } = explain(version(grants), model, { groups }, asked, AT)
  return { answer, text: sentences.join('\n') }
}

describe('an explanation', () => {
  it('of what is seen whole says yes, by which grant and version', () => {
    const { answer, text } = ask([whole])
    expect(answer).toBe('yes')
    expect(text).toBe(
      'What counts is the grant reds (case-officer), by version 3 of the rules.\nIt may be exported, in bulk too.',
    )
  })

  it('names panels left out, the domain to ask for and who has it', () => {
    const { answer, text } = ask([
      grant({ sensitivities: ['personal', 'financial', 'health'] }),
      grant({ id: 'blues', groups: ['blue'], domains: ['illness'] }),
    ])
    expect(answer).toBe('in part')
    expect(text).toContain('Left out: Orders and Illness.')
    expect(text).toContain('The domain The orders (orders) is not granted. Nobody has it.')
    expect(text).toContain('The domain The illness (illness) is not granted. blue has it.')
  })

  it('names masks, hidden and partial, and the row rules in force', () => {
    const { answer, text } = ask([grant({ sensitivities: ['personal'], sees: ['secret'] })], {
      kind: 'record',
      table: 'people',
    })
    expect(answer).toBe('in part')
    expect(text).toContain('In people, masked: note.')
    expect(text).toContain('In people, shown by the last characters: account.')
    expect(text).toContain('The row rule "staff" is in force, so what it names is not shown. Staff: Own people.')
    expect(text).not.toContain('"secret"')
    expect(text).toContain('It may not be exported.')
  })

  it.each([
    [{ until: '2026-06-15T12:00:00Z' }, 'The grant reds does not count: it ended at 2026-06-15T12:00:00Z.'],
    [{ from: '2026-06-15T12:00:01Z' }, 'The grant reds does not count: it begins at 2026-06-15T12:00:01Z.'],
  ])('says what ended or begins when: %j', (window, sentence) => {
    const { answer, text } = ask([grant(window)])
    expect(answer).toBe('no')
    expect(text).toContain(sentence)
    expect(text).toContain('Nothing of Shop (shop) is granted. Ask the office.')
  })

  it('of a group that nobody knows says so', () => {
    const { answer, text } = ask([whole], file, ['violet'])
    expect(answer).toBe('no')
    expect(text).toContain('does not know the group violet')
  })

  it('of an operator says that no grant helps', () => {
    const { answer, text } = ask([whole, { id: 'ops', groups: ['ops'], role: 'operator' }], file, ['red', 'ops'])
    expect(answer).toBe('no')
    expect(text).toContain('An operator sees no records, whatever else was granted.')
  })

  it('of a use case that the grants do not name says which they name', () => {
    const { answer, text } = ask([{ ...whole, useCases: ['find'] }])
    expect(answer).toBe('no')
    expect(text).toContain('other use cases only: find')
  })

  it('of a record in a domain that is not granted says no', () => {
    const { answer, text } = ask([grant()], { kind: 'record', table: 'illness' })
    expect(answer).toBe('no')
    expect(text).toContain('The domain The illness (illness) is not granted.')
  })
})

describe('a report', () => {
  const chain = ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z'].map(
    (at, index): StoredVersion => ({
      ...version([], index + 1),
      ...(index === 0 ? { proposed: { by: 'x', at, groups: [] } } : { approved: { by: 'sam', at, groups: [] } }),
    }),
  )

  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00Z', 1],
    ['2026-02-28T23:59:59.999Z', 1],
    ['2026-03-01T00:00:00Z', 2],
    ['2027-01-01T00:00:00Z', 3],
  ])('as of %s goes by the version in force then', (at, number) => {
    expect(versionAt(chain, new Date(at))?.number).toBe(number)
  })

  it('names every group with what it could see at that moment', () => {
    const grants = [
      grant({ sensitivities: ['personal'] }),
      grant({ id: 'more', domains: ['people', 'orders'], rights: ['export'], sees: ['staff'], useCases: ['find'] }),
      grant({ id: 'later', groups: ['blue'], from: '2026-06-15T12:00:01Z' }),
    ]
    const { groups } = accessReport(version(grants), [model], AT)
    expect(groups.map(({ group }) => group)).toEqual(['blue', 'keepers', 'red', 'seconds'])
    expect(groups[0]).toEqual({ group: 'blue', roles: [], duties: [], domains: [] })
    expect(groups[1]).toMatchObject({ duties: ['propose-rules', 'manage-holds'], domains: [] })
    const alike = {
      application: 'shop',
      grant: 'more',
      sensitivities: [],
      right: 'export',
      sees: ['staff'],
      useCases: ['find'],
    }
    expect(groups[2]?.domains).toEqual([
      {
        ...alike,
        domain: 'people',
        grant: 'reds',
        sensitivities: ['personal'],
        right: 'see',
        sees: [],
        useCases: ['*'],
      },
      { ...alike, domain: 'people' },
      { ...alike, domain: 'orders' },
    ])
  })
})
