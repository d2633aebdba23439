import type { AccessVersion, InForce, PanelState } from '@muniment/api/contract'
import { describe, expect, test } from 'vitest'
import { changesBetween } from '../src/features/access/changes.ts'
import { filtersOf, missingIn } from '../src/features/audit/questions.ts'
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

describe('a question to the log', () => {
  test('of a record names table and key in one', () => {
    const typed = { application: 'pas', table: ' policies ', key: '1 ', person: 'left from before' }
    expect(filtersOf('record', typed)).toEqual({ application: 'pas', record: 'policies:1' })
    expect(missingIn('record', { application: 'pas', table: 'policies', key: ' ' })).toBe('key')
  })

  test('of exports and refusals asks for these alone', () => {
    expect(filtersOf('exports', { from: '2026-01-01' })).toEqual({ action: 'export', from: '2026-01-01' })
    expect(filtersOf('refusals', {})).toEqual({ outcome: 'refused' })
  })

  test('takes nothing that another question was asked with', () => {
    expect(filtersOf('person', { person: 'a.b', outcome: 'failed', key: '1', application: 'pas' })).toEqual({
      person: 'a.b',
    })
  })
})
