import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordView, Through } from '../../src/access/port.ts'
import { rightsBy } from '../../src/access/rights.ts'
import { type AccessRules, Grant, RecordRight, Role } from '../../src/access/rules.ts'
import { Sensitivity } from '../../src/model/types.ts'
import { model, rulesOf } from './model.ts'

const AT = new Date('2026-06-15T12:00:00.000Z')
const GROUPS = ['red', 'green', 'blue']
const TABLES = model.tables.map(({ name }) => name)
const USE_CASES = ['find', 'file']

const some = (names: string[]) => fc.oneof(fc.constant(['*']), fc.subarray(names, { minLength: 1 }))

const grantOf = (roles: Role[]): fc.Arbitrary<Grant> =>
  fc
    .record({
      groups: fc.subarray(GROUPS, { minLength: 1 }),
      role: fc.constantFrom(...roles),
      applications: fc.oneof(some(['shop', 'other']), fc.constant([])),
      domains: fc.oneof(some(['people', 'orders', 'illness', 'elsewhere']), fc.constant([])),
      useCases: some(USE_CASES),
      sensitivities: fc.subarray([...Sensitivity.options]),
      sees: fc.subarray(['staff', 'secret']),
      rights: fc.subarray([...RecordRight.options], { minLength: 1 }),
      from: fc.option(fc.constantFrom('2026-06-15T12:00:00Z', '2026-06-15T12:00:01Z'), { nil: undefined }),
      until: fc.option(fc.constantFrom('2026-06-15T12:00:00Z', '2027-01-01T00:00:00+01:00'), { nil: undefined }),
    })
    .map((grant) => Grant.parse({ id: 'g', ...grant }))

const HUMANS = Role.options.filter((role) => role !== 'operator')
const rules = (grants: Grant[], limits = {}): AccessRules =>
  rulesOf(
    grants.map((grant, index) => ({ ...grant, id: `g${index}` })),
    { limits },
  )
const viewOf = (grants: Grant[], groups: string[], through?: Through) =>
  rightsBy(rules(grants), 1, { groups }, AT).view(model, through)

/** Everything a view allows, as facts. */
function allowed(view: RecordView | undefined): Set<string> {
  if (!view) return new Set()
  const { tables, masks, rowRules } = view.restrictions
  const facts = new Set<string>()
  for (const domain of view.domains) facts.add(`domain ${domain}`)
  for (const table of tables) {
    facts.add(`table ${table}`)
    const columns = model.tables.find(({ name }) => name === table)?.columns ?? []
    for (const { name } of columns)
      if (!masks.some((mask) => mask.table === table && mask.column === name)) facts.add(`column ${table}.${name}`)
    for (const right of RecordRight.options) if (view.may(right, [table])) facts.add(`${right} ${table}`)
  }
  for (const rule of Object.keys(model.rowRules)) if (!rowRules.includes(rule)) facts.add(`rule ${rule}`)
  for (const useCase of USE_CASES) if (view.mayUse(useCase)) facts.add(`use ${useCase}`)
  return facts
}

const through = fc.record(
  { useCase: fc.constantFrom(...USE_CASES), right: fc.constantFrom(...RecordRight.options) },
  { requiredKeys: [] },
)
const person = fc.subarray([...GROUPS, 'nobody-knows'])

describe('grants together', () => {
  it('never allow less when one is added, nor more when one is taken away', () => {
    fc.assert(
      fc.property(
        fc.array(grantOf(HUMANS), { maxLength: 5 }),
        grantOf(HUMANS),
        person,
        through,
        (before, more, groups, way) => {
          const without = allowed(viewOf(before, groups, way))
          const withIt = allowed(viewOf([...before, more], groups, way))
          expect([...without].filter((fact) => !withIt.has(fact))).toEqual([])
          const duties = (grants: Grant[]) => rightsBy(rules(grants), 1, { groups }, AT)
          for (const duty of ['read-log', 'propose-rules', 'load'] as const)
            expect(duties(before).has(duty) && !duties([...before, more]).has(duty)).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('allow the same in any order', () => {
    fc.assert(
      fc.property(fc.array(grantOf([...Role.options]), { maxLength: 6 }), person, through, (grants, groups, way) => {
        const one = viewOf(grants, groups, way)
        const other = viewOf([...grants].reverse(), [...groups].reverse(), way)
        expect(allowed(other)).toEqual(allowed(one))
        expect(other?.restrictions).toEqual(one?.restrictions)
      }),
      { numRuns: 300 },
    )
  })

  it('show a column only where one of them alone shows all of it', () => {
    fc.assert(
      fc.property(fc.array(grantOf(HUMANS), { maxLength: 5 }), person, (grants, groups) => {
        const each = new Set(grants.flatMap((grant) => [...allowed(viewOf([grant], groups))]))
        // A reference table belongs to whoever sees anything, so facts about columns are of single grants always.
        for (const fact of allowed(viewOf(grants, groups))) expect(each.has(fact)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('allow nothing through a use case or a right that no grant of theirs names', () => {
    fc.assert(
      fc.property(fc.array(grantOf(HUMANS), { maxLength: 5 }), person, through, (grants, groups, way) => {
        const whole = allowed(viewOf(grants, groups))
        for (const fact of allowed(viewOf(grants, groups, way))) expect(whole.has(fact)).toBe(true)
      }),
    )
  })

  it('give an operator no record, whatever else is granted', () => {
    fc.assert(
      fc.property(fc.array(grantOf(HUMANS), { maxLength: 5 }), person, through, (grants, groups, way) => {
        const operator = Grant.parse({ id: 'op', groups: ['operators'], role: 'operator' })
        const rights = rightsBy(rules([...grants, operator]), 1, { groups: [...groups, 'operators'] }, AT)
        expect(rights.view(model, way)).toBeUndefined()
        expect(rights.mayEnter('shop')).toBe(false)
        expect(rights.has('operate')).toBe(true)
      }),
    )
  })
})

const base = { id: 'g', groups: ['red'], role: 'searcher' as const, applications: ['shop'] }
const red = (...grants: object[]) =>
  viewOf(
    grants.map((grant) => Grant.parse({ ...base, ...grant })),
    ['red'],
  )
const masked = (view: RecordView | undefined) =>
  view?.restrictions.masks.map(({ table, column, mask }) => `${table}.${column} ${mask}`)

describe('a view', () => {
  it('masks what needs a sensitivity that is not granted, and shows the end of an account', () => {
    const view = red({ domains: ['people'], sensitivities: ['personal'] })
    expect(masked(view)).toEqual(['people.account partial', 'people.note hidden'])
    expect(view?.restrictions.tables).toEqual(['codes', 'people'])
  })

  it('does not add two halves up to a column', () => {
    const halves = red(
      { domains: ['people'], sensitivities: ['personal'] },
      { domains: ['people'], sensitivities: ['financial', 'health'] },
    )
    expect(masked(halves)).toContain('people.account partial')
    expect(masked(halves)).toContain('people.note hidden')
  })

  it('does not carry a sensitivity from one domain into another', () => {
    const view = red({ domains: ['people'], sensitivities: ['personal', 'health'] }, { domains: ['illness'] })
    expect(masked(view)).toContain('illness.finding hidden')
    expect(masked(view)).not.toContain('people.note hidden')
  })

  it('does not carry a right from one domain into another', () => {
    const view = red({ domains: ['people'], rights: ['export'] }, { domains: ['orders'] })
    expect(view?.may('export', ['people'])).toBe(true)
    expect(view?.may('export', ['people', 'orders'])).toBe(false)
    expect(view?.may('see', ['people', 'orders'])).toBe(true)
    expect(view?.may('export-bulk', ['people'])).toBe(false)
  })

  it('of an export shows only what a grant that may export shows', () => {
    const grants = [
      { domains: ['people'], sensitivities: ['personal', 'health'] },
      { domains: ['people'], sensitivities: ['personal'], rights: ['export'] },
    ].map((grant) => Grant.parse({ ...base, ...grant }))
    expect(masked(viewOf(grants, ['red']))).not.toContain('people.note hidden')
    expect(masked(viewOf(grants, ['red'], { right: 'export' }))).toContain('people.note hidden')
    expect(viewOf(grants, ['red'], { right: 'export-bulk' })).toBeUndefined()
  })

  it('through one use case does not show what is granted for another', () => {
    const grants = [
      { domains: ['people'], useCases: ['*'] },
      { domains: ['illness'], useCases: ['file'], sensitivities: ['criminal'] },
    ].map((grant) => Grant.parse({ ...base, ...grant }))
    expect(viewOf(grants, ['red'], { useCase: 'find' })?.lacking(['people', 'illness'])).toEqual(['illness'])
    expect(viewOf(grants, ['red'], { useCase: 'file' })?.lacking(['people', 'illness'])).toEqual([])
  })

  it('names the domains to ask for, reference tables never among them', () => {
    const view = red({ domains: ['people'] })
    expect(view?.lacking(TABLES)).toEqual(['orders', 'illness'])
    expect(view?.lacking(['people', 'codes'])).toEqual([])
    expect(view?.may('see', ['codes'])).toBe(true)
    expect(() => view?.lacking(['nothing'])).toThrow(/no table "nothing"/)
  })

  it('keeps every row rule in force that no grant lifts', () => {
    expect(red({ domains: ['people'] })?.restrictions.rowRules).toEqual(['secret', 'staff'])
    expect(red({ domains: ['people'], sees: ['staff'] })?.restrictions.rowRules).toEqual(['secret'])
  })

  it('is equal in its id where and only where it is equal in what it hides', () => {
    const one = red({ domains: ['people'], sensitivities: ['personal'] })?.restrictions
    const same = red({ domains: ['people'], sensitivities: ['personal', 'privileged'] })?.restrictions
    const other = red({ domains: ['people'], sensitivities: ['personal'], sees: ['staff'] })?.restrictions
    expect(one?.id).toMatch(/^[0-9a-f]{64}$/)
    expect(same?.id).toBe(one?.id)
    expect(other?.id).not.toBe(one?.id)
  })

  it('is none where the model has no domain that is granted', () => {
    expect(red({ domains: ['elsewhere'] })).toBeUndefined()
  })
})

describe('a role', () => {
  const duties = {
    searcher: [],
    'case-officer': [],
    'records-manager': ['propose-rules', 'manage-holds'],
    approver: ['approve-rules'],
    auditor: ['read-log'],
    archivist: ['load', 'publish-templates'],
    operator: ['operate'],
  } as const
  const all = [
    'read-log',
    'propose-rules',
    'approve-rules',
    'manage-holds',
    'load',
    'publish-templates',
    'operate',
  ] as const

  it.each(Role.options)('%s has its duties and no others, and records only by domains', (role) => {
    const rights = rightsBy(rules([Grant.parse({ ...base, applications: [], role })]), 1, { groups: ['red'] }, AT)
    expect(all.filter((duty) => rights.has(duty))).toEqual(
      all.filter((duty) => (duties[role] as readonly string[]).includes(duty)),
    )
    expect(rights.roles).toEqual([role])
    expect(rights.mayEnter('shop')).toBe(false)
    const given = rightsBy(rules([Grant.parse({ ...base, role, domains: ['*'] })]), 1, { groups: ['red'] }, AT)
    expect(given.mayEnter('shop')).toBe(role !== 'operator')
    expect(given.view(model) !== undefined).toBe(role !== 'operator')
  })

  it('of several gives the largest limits among those that see records', () => {
    const limits = {
      searcher: { searchesPerMinute: 10, rowsExportedPerDay: 5 },
      'case-officer': { searchesPerMinute: 20 },
    }
    const grant = (role: Role, domains = ['people']) => Grant.parse({ ...base, role, domains })
    const of = (...grants: Grant[]) => rightsBy(rules(grants, limits), 1, { groups: ['red'] }, AT).limits
    expect(of(grant('searcher'))).toEqual({ searchesPerMinute: 10, rowsExportedPerDay: 5 })
    expect(of(grant('searcher'), grant('case-officer'))).toEqual({ searchesPerMinute: 20 })
    expect(of(grant('searcher'), grant('approver', []))).toEqual({ searchesPerMinute: 10, rowsExportedPerDay: 5 })
  })
})

describe('a group', () => {
  it('that no grant names gives nothing', () => {
    const rights = rightsBy(
      rules([Grant.parse({ ...base, domains: ['*'] })]),
      7,
      { groups: ['violet', 'Red', 'red '] },
      AT,
    )
    expect(rights).toMatchObject({ rules: 7, roles: [], grants: [], limits: {}, contact: 'Ask the office.' })
    expect(rights.mayEnter('shop')).toBe(false)
    expect(rights.view(model)).toBeUndefined()
  })
})

describe('a time window', () => {
  const at = (window: object, moment: string) =>
    rightsBy(
      rules([Grant.parse({ ...base, domains: ['*'], ...window })]),
      1,
      { groups: ['red'] },
      new Date(moment),
    ).mayEnter('shop')

  it('begins with its first instant', () => {
    const window = { from: '2026-03-29T03:00:00+02:00' }
    expect(at(window, '2026-03-29T00:59:59.999Z')).toBe(false)
    expect(at(window, '2026-03-29T01:00:00.000Z')).toBe(true)
  })

  it('has ended at its last', () => {
    const window = { until: '2026-12-31T23:59:59Z' }
    expect(at(window, '2026-12-31T23:59:58.999Z')).toBe(true)
    expect(at(window, '2026-12-31T23:59:59.000Z')).toBe(false)
  })
})
