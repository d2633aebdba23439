import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { checkRules, parseRules } from '../../src/access/check-rules.ts'
import { Grant } from '../../src/access/rules.ts'
import { sampleRules } from '../../src/access/sample-rules.ts'
import { OperatorError } from '../../src/errors.ts'
import { loadApplication } from '../../src/model/load.ts'
import { model, rulesOf } from './model.ts'

const grant = (more: object) => ({
  id: 'g',
  groups: ['red'],
  role: 'searcher' as const,
  applications: ['shop'],
  domains: ['people'],
  ...more,
})
const subjects = [{ model, useCases: ['find-person', 'file'] }]
const messages = (...grants: object[]) => checkRules(rulesOf(grants.map(grant)), subjects).map(({ message }) => message)

describe('access rules', () => {
  it('have no findings where they are in order', () => {
    expect(messages({ useCases: ['file'], sees: ['staff'] }, { id: 'h', applications: ['*'], domains: ['*'] })).toEqual(
      [],
    )
  })

  const none = { applications: [], domains: [] }
  const faults: [string, object[], RegExp][] = [
    ['two grants of one id', [{}, {}], /a grant "g" is there already/],
    [
      'a window that ends before it begins',
      [{ from: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }],
      /ends before it begins/,
    ],
    [
      'a window of no length',
      [{ from: '2026-01-01T01:00:00+01:00', until: '2026-01-01T00:00:00Z' }],
      /ends before it begins/,
    ],
    ['an operator with domains', [{ role: 'operator', applications: [] }], /gives records to an operator/],
    ['an operator with applications', [{ role: 'operator', domains: [] }], /gives records to an operator/],
    [
      'an operator with a sensitivity',
      [{ ...none, role: 'operator', sensitivities: ['health'] }],
      /gives records to an operator/,
    ],
    [
      'an operator who lifts a row rule',
      [{ ...none, role: 'operator', sees: ['staff'] }],
      /gives records to an operator/,
    ],
    ['an operator who may export', [{ ...none, role: 'operator', rights: ['export'] }], /gives records to an operator/],
    [
      'an operator with another role',
      [{ ...none, role: 'operator' }, { id: 'h' }],
      /red has another role beside the operator's/,
    ],
    ['a searcher without records', [none], /gives a searcher no records/],
    ['a case officer without domains', [{ role: 'case-officer', domains: [] }], /gives a case-officer no records/],
    ['an auditor with domains of nothing', [{ role: 'auditor', applications: [] }], /domains without applications/],
    ['an approver with applications of nothing', [{ role: 'approver', domains: [] }], /applications without domains/],
    [
      'sensitivities of no records',
      [{ ...none, role: 'auditor', sensitivities: ['personal'] }],
      /how records are shown, but gives none/,
    ],
    [
      'a group that proposes and approves',
      [{ role: 'records-manager' }, { id: 'h', ...none, role: 'approver' }],
      /red may both propose-rules and approve-rules/,
    ],
    [
      'a group that audits what it does',
      [{ role: 'archivist' }, { id: 'h', ...none, role: 'auditor' }],
      /red may both read-log and load/,
    ],
    [
      'a group that sets sensitivities and proposes who sees them',
      [{ role: 'archivist' }, { id: 'h', role: 'records-manager' }],
      /red may both publish-templates and propose-rules/,
    ],
    ['an unknown application', [{ applications: ['shp'] }], /no application "shp"/],
    ['an unknown domain', [{ domains: ['peopel'] }], /no domain "peopel"/],
    ['an unknown row rule', [{ sees: ['stuff'] }], /no row rule "stuff"/],
    ['an unknown use case', [{ useCases: ['find'] }], /no use case "find"/],
  ]
  it.each(faults)('with %s are refused', (_title, grants, message) => {
    expect(messages(...grants).join('\n')).toMatch(message)
  })

  it.each(['records-manager', 'approver'])('that leave nobody a %s for good are refused', (role) => {
    const rules = rulesOf([])
    const until = '2030-01-01T00:00:00Z'
    const grants = rules.grants.map((each) => (each.role === role ? { ...each, until } : each))
    expect(checkRules({ ...rules, grants }).map(({ message }) => message)).toEqual([
      expect.stringMatching(/could never be changed/),
    ])
  })

  it('tell what was probably meant', () => {
    expect(checkRules(rulesOf([grant({ domains: ['peopel'] })]), subjects)[0]?.hint).toBe('did you mean "people"?')
  })
})

describe('a file of access rules', () => {
  const findings = (text: string) => {
    try {
      parseRules('rules.json', text, subjects)
    } catch (error) {
      if (error instanceof OperatorError) return error.detail.findings
      throw error
    }
    return []
  }
  const text = (change: (rules: ReturnType<typeof rulesOf>) => unknown) => {
    const rules = rulesOf([grant({})])
    change(rules)
    return JSON.stringify(rules, null, 2)
  }

  it('is read as it was written', () => {
    expect(
      parseRules(
        'rules.json',
        text(() => {}),
        subjects,
      ),
    ).toEqual(rulesOf([grant({})]))
  })

  it('names the line of what is wrong', () => {
    const wrong = text((rules) => Object.assign(rules.grants[2] ?? {}, { domains: ['elsewhere'] }))
    expect(findings(wrong)).toMatchObject([{ file: 'rules.json', message: 'there is no domain "elsewhere"' }])
    const [{ line }] = findings(wrong) as { line: number }[] as [{ line: number }]
    expect(wrong.split('\n')[line - 1]).toContain('elsewhere')
  })

  it.each([
    ['no JSON', '{', /not JSON/],
    ['a misspelt property', text((rules) => Object.assign(rules, { titel: 'x' })), /titel/],
    ['an unknown role', text((rules) => Object.assign(rules.grants[2] ?? {}, { role: 'god' })), /grants 2 role/],
    [
      'a moment without a zone',
      text((rules) => Object.assign(rules.grants[2] ?? {}, { from: '2026-01-01T00:00:00' })),
      /grants 2 from/,
    ],
  ])('with %s is refused', (_what, wrong, message) => {
    expect(JSON.stringify(findings(wrong))).toMatch(message)
  })
})

describe('the sample rules', () => {
  const templates = new URL('../../../query-templates/', import.meta.url).pathname

  it('are in order by the models of both sample systems', async () => {
    const models = await Promise.all(['pas', 'nycflights'].map((name) => loadApplication(templates, name)))
    expect(
      checkRules(
        sampleRules,
        models.map((each) => ({ model: each })),
      ),
    ).toEqual([])
  })

  it('are told of in the docs, whose grant is in order too', async () => {
    const page = await readFile(new URL('../../../docs/access-rules.md', import.meta.url), 'utf8')
    const [, block = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
    const documented = {
      ...sampleRules,
      grants: [...sampleRules.grants, { ...Grant.parse(JSON.parse(block)), id: 'documented' }],
    }
    expect(
      checkRules(documented, [
        { model: await loadApplication(templates, 'pas') },
        { model: await loadApplication(templates, 'nycflights') },
      ]),
    ).toEqual([])
    for (const { groups } of sampleRules.grants) for (const group of groups) expect(page).toContain(`| ${group} |`)
  })

  it('limit every role that sees records', async () => {
    const roles = new Set(sampleRules.grants.filter(({ domains }) => domains.length > 0).map(({ role }) => role))
    expect(Object.keys(sampleRules.limits).sort()).toEqual([...roles].sort())
    const file = new URL('../../src/access/sample-rules.json', import.meta.url)
    expect(parseRules('sample-rules.json', await readFile(file, 'utf8'))).toEqual(sampleRules)
  })
})
