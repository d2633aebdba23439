import type { AccessVersion, InForce, PanelState } from '@muniment/api/contract'
import { describe, expect, test } from 'vitest'
import { changesBetween } from '../src/features/access/changes.ts'
import { readSubject } from '../src/features/audit/entry-words.ts'
import { fieldsOf, filtersOf, keyLabel, missingIn, type Typed } from '../src/features/audit/questions.ts'
import { readInForce, readWithheld } from '../src/lib/in-force.ts'

const inForce = (rest: Partial<InForce> = {}): InForce => ({
  rules: 1,
  roles: ['case-officer'],
  masks: [],
  rowRules: [],
  contact: 'Ask the office.',
  ...rest,
})
const masks: InForce['masks'] = [
  {
    table: 'policies',
    title: 'Policies',
    columns: [
      { name: 'premium', label: 'Premium', mask: 'hidden' },
      { name: 'iban', label: 'IBAN', mask: 'partial' },
    ],
  },
]
const staff = { name: 'staff', title: 'Records of staff', description: 'Of staff.' }
const leftOut: PanelState = {
  name: 'claims',
  title: 'Claims',
  layout: 'table',
  state: 'left-out',
  bytesScanned: 0,
  elapsedMs: 0,
  honours: [],
  columns: [],
  sorts: [],
}

describe('what is in force', () => {
  test('is counted and named in a line, parts that are left out included', () => {
    expect(readInForce(inForce({ masks, rowRules: [staff] }), [leftOut])).toBe(
      'Seen as case officer: 1 column masked; 1 column partly shown; left out: Records of staff and Claims.',
    )
  })

  test('is said where it is nothing', () => {
    expect(readInForce(inForce(), [])).toBe('Seen as case officer: nothing masked, nothing left out.')
    expect(readInForce(inForce({ roles: [] }), [])).toBe('Nothing masked, nothing left out.')
  })

  test('stands beside "nothing found" as far as it withholds rows or values', () => {
    expect(readWithheld(inForce({ masks, rowRules: [staff] }))).toBe(
      'Withheld from your role in any case: Records of staff; 1 column masked.',
    )
    expect(readWithheld(inForce())).toBe('')
  })
})

type Rules = AccessVersion['rules']
const grant: Rules['grants'][number] = {
  id: 'service',
  groups: ['service'],
  role: 'searcher',
  applications: ['pas'],
  domains: ['customers', 'policies'],
  useCases: ['*'],
  sensitivities: ['personal'],
  sees: [],
  rights: ['see'],
}
const rules: Rules = {
  format: 1,
  title: 'Rules',
  contact: 'The office.',
  bulkRows: 5000,
  limits: { searcher: { searchesPerMinute: 20 } },
  grants: [grant],
}

describe('a change of the access rules', () => {
  test('is none between equal rules', () => {
    expect(changesBetween(rules, structuredClone(rules))).toEqual([])
  })

  test.each<[string, Rules, string]>([
    ['a list grows', { ...rules, grants: [{ ...grant, rights: ['see', 'export'] }] }, 'service: rights more: export.'],
    [
      'a list shrinks',
      { ...rules, grants: [{ ...grant, domains: ['policies'] }] },
      'service: domains no longer: customers.',
    ],
    [
      'a role changes',
      { ...rules, grants: [{ ...grant, role: 'case-officer' }] },
      'service: role case-officer, before searcher.',
    ],
    [
      'a grant ends some day',
      { ...rules, grants: [{ ...grant, until: '2027-01-01T00:00:00Z' }] },
      'service: until 2027-01-01T00:00:00Z, before nothing.',
    ],
    ['a limit is lifted', { ...rules, limits: {} }, 'searcher: searches a minute no limit, before 20.'],
    [
      'bulk begins elsewhere',
      { ...rules, bulkRows: 9000 },
      'An export is in bulk from 9,000 rows on, no longer from 5,000.',
    ],
    ['somebody else helps', { ...rules, contact: 'Nobody.' }, 'Who helps: Nobody.'],
    ['they are called otherwise', { ...rules, title: 'Others' }, 'They are called “Others”.'],
    [
      'everything is granted',
      { ...rules, grants: [{ ...grant, applications: ['pas', '*'] }] },
      'service: applications more: everything.',
    ],
  ])('is said where %s', (_, after, sentence) => {
    expect(changesBetween(rules, after)).toEqual([sentence])
  })

  test('says of a grant that comes or goes what it gives', () => {
    const sentence = 'service as searcher, pas: customers and policies; see; personal.'
    expect(changesBetween({ ...rules, grants: [] }, rules)).toEqual([`New grant service: ${sentence}`])
    expect(changesBetween(rules, { ...rules, grants: [] })).toEqual([`Grant service ends: ${sentence}`])
  })
})

describe('what auditors are told of', () => {
  const told = {
    timeZone: 'UTC',
    manyPersons: { persons: 500, minutes: 60 },
    nightExports: false as const,
    ownRecords: true,
  }

  test('is said when it changes, and what is off is not named', () => {
    const before = { ...rules, unusualUse: told }
    const after = { ...rules, unusualUse: { ...told, manyPersons: false as const } }
    expect(changesBetween(before, after)).toEqual(['Auditors are told of: records about oneself (UTC).'])
    const off = { ...rules, unusualUse: { ...told, manyPersons: false as const, ownRecords: false } }
    expect(changesBetween(after, off)).toEqual(['Auditors are told of: nothing.'])
  })

  test('reads as a sentence with its figures', () => {
    const entry = { action: 'unusual-use', subject: { rule: 'many-persons', searches: ['a'] } }
    expect(readSubject({ ...entry, detail: { persons: 501, minutes: 60 } })).toBe(
      'Records of at least 501 different persons within 60 minutes',
    )
    const figures = { what: 'download', at: '23:30', from: '22:00', until: '05:00', timeZone: 'Europe/Berlin' }
    expect(readSubject({ ...entry, subject: { rule: 'night-exports' }, detail: figures })).toBe(
      'Fetched an exported file at 23:30, at night (22:00 to 05:00, Europe/Berlin)',
    )
  })
})

describe('a question to the log', () => {
  const column = (name: string) => ({ name, label: `The ${name}` })
  const names = [
    {
      name: 'pas',
      title: 'Policies',
      tables: [
        { name: 'policies', title: 'Policies', key: [column('number')] },
        { name: 'letters', title: 'Letters', key: [column('claim'), column('place')] },
      ],
    },
    { name: 'flights', title: 'Flights', tables: [] },
  ]

  test('of a record asks for the columns of its key by their labels, and names table and key in one', () => {
    const typed = {
      application: 'pas',
      table: 'letters',
      'key.claim': ' S1 ',
      'key.place': '2',
      person: 'left from before',
    }
    expect(fieldsOf('record', typed, names)).toEqual([
      'application',
      'table',
      'key.claim',
      'key.place',
      'from',
      'until',
    ])
    expect(keyLabel('key.place', typed, names)).toBe('The place')
    expect(filtersOf('record', typed, names)).toEqual({ application: 'pas', record: 'letters:S1,2' })
  })

  test('of a record lacks application, table and key, one after the other', () => {
    const missing = (typed: Typed) => missingIn('record', typed, names)
    expect(missing({})).toBe('application')
    expect(missing({ application: 'pas' })).toBe('table')
    expect(missing({ application: 'pas', table: 'letters', 'key.claim': 'S1', 'key.place': ' ' })).toBe('key.place')
    expect(missingIn('record', { table: 'policies', 'key.number': '1' }, names.slice(0, 1))).toBeUndefined()
  })

  test('of exports, refusals and unusual use asks for these alone', () => {
    expect(filtersOf('exports', { from: '2026-01-01' }, names)).toEqual({ action: 'export', from: '2026-01-01' })
    expect(filtersOf('refusals', {}, names)).toEqual({ outcome: 'refused' })
    expect(filtersOf('unusual', { person: 'a.b' }, names)).toEqual({ action: 'unusual-use', person: 'a.b' })
  })

  test('takes nothing that another question was asked with', () => {
    const typed = { person: 'a.b', outcome: 'failed', 'key.number': '1', table: 'policies', application: 'pas' }
    expect(filtersOf('person', typed, names)).toEqual({ person: 'a.b' })
    expect(filtersOf('everything', typed, names)).toEqual({ person: 'a.b', outcome: 'failed', application: 'pas' })
  })
})
