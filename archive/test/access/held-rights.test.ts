import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeldRights } from '../../src/access/held-rights.ts'
import { rightsBy } from '../../src/access/rights.ts'
import { AccessRules } from '../../src/access/rules.ts'
import type { StoredVersion } from '../../src/access/versions.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00.000Z')
const at = (days: number) => new Date(start + days * day)
const moment = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined })
const group = fc.constantFrom('a', 'b', 'c')

const rulesOf = (grants: { groups: string[]; from: number | undefined; until: number | undefined }[]) =>
  AccessRules.parse({
    format: 1,
    title: 'Some',
    contact: 'the test',
    grants: grants.map(({ groups, from, until }, index) => ({
      id: `g${index}`,
      groups,
      role: 'searcher',
      applications: ['*'],
      domains: ['*'],
      ...(from !== undefined && { from: at(from).toISOString() }),
      ...(until !== undefined && { until: at(until).toISOString() }),
    })),
  })

const versionOf = (rules: AccessRules, number: number): StoredVersion => ({
  number,
  rules,
  reason: 'test',
  proposed: { by: 'x', at: at(0).toISOString(), groups: [] },
  hash: String(number).padStart(64, '0'),
})

const facts = ({ rules, roles, groups, grants }: ReturnType<typeof rightsBy>) => ({ rules, roles, groups, grants })

describe('rights that are held', () => {
  it('are those by the version, the groups and the moment, in whatever order they are asked', () => {
    const grant = fc.record({ groups: fc.uniqueArray(group, { minLength: 1 }), from: moment, until: moment })
    const ask = fc.record({ version: fc.nat(1), groups: fc.array(group), days: fc.integer({ min: -1, max: 21 }) })
    fc.assert(
      fc.property(
        fc.array(grant, { minLength: 1, maxLength: 4 }),
        fc.array(grant, { minLength: 1, maxLength: 4 }),
        fc.array(ask, { maxLength: 30 }),
        (one, other, asks) => {
          const held = createHeldRights()
          const versions = [versionOf(rulesOf(one), 1), versionOf(rulesOf(other), 2)]
          for (const { version, groups, days } of asks) {
            const inForce = versions[version] ?? versionOf(rulesOf(one), 1)
            const expected = rightsBy(inForce.rules, inForce.number, { groups }, at(days))
            expect(facts(held(inForce, { groups }, at(days)))).toEqual(facts(expected))
          }
        },
      ),
    )
  })

  it('are worked out once for people of the same groups', () => {
    const held = createHeldRights()
    const version = versionOf(rulesOf([{ groups: ['a'], from: undefined, until: undefined }]), 1)
    expect(held(version, { groups: ['a', 'b'] }, at(1))).toBe(held(version, { groups: ['b', 'a', 'a'] }, at(2)))
  })
})
