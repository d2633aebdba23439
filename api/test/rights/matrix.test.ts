import { join } from 'node:path'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { tablesOf } from '@muniment/query-templates/sql/tables-of'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApplicationSummary, ModelDescription, Search, UseCaseDescription } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, problemOf, type World } from '../support/world.ts'

const identity = {
  authenticate: async (request: Request) => {
    const id = request.headers.get('x-person') ?? ''
    const [group] = samplePeople.find((person) => person.id === id)?.groups ?? [id]
    return id === 'nobody' ? undefined : { id, name: id, groups: group ? [group] : [] }
  },
}
const as = (person: string) => ({ 'x-person': person })

describe('each sample person, at each use case of the policy administration system,', () => {
  const templates = createTemplateLibrary(join(import.meta.dirname, '../../../query-templates'))
  let world: World
  beforeAll(async () => {
    const { application } = await templates.get('pas')
    const snapshot: CatalogSnapshot = {
      application: 'pas',
      version: 'v1',
      crawled: '2026-01-01T00:00:00Z',
      tables: application.tables.map(({ name, domain }) => ({
        name,
        domain,
        columns: [],
        partitionBy: [],
        objects: [],
        rows: 7,
        bytes: 0,
      })),
    }
    const rules = { ...sampleRules, limits: {} }
    world = await openWorld({
      engine: memoryEngine(() => ({ fails: 'user', message: 'nothing is read here' })).engine,
      templates,
      identity,
      catalog: {
        read: async (name) => (name === 'pas' ? snapshot : undefined),
        crawl: async () => {
          throw new Error('nothing is crawled here')
        },
      },
      access: { rightsOf: async (person) => rightsBy(rules, 1, person, new Date()) },
    })
  })
  afterAll(() => world.close())

  /** Domains that the document grants of pas, reckoned without the code that enforces them. */
  const granted = (person: (typeof samplePeople)[number]): string[] | '*' => {
    const own = sampleRules.grants.filter(
      ({ groups, applications, role }) =>
        role !== 'operator' &&
        groups.some((group) => person.groups.includes(group)) &&
        applications.some((name) => name === '*' || name === 'pas'),
    )
    const domains = own.flatMap((grant) => grant.domains)
    return domains.includes('*') ? '*' : domains
  }

  it.each(samplePeople.map((person) => [person.id, person] as const))(
    '%s finds what the rules grant, is told what is left out, and of the rest nothing, not even that it is there',
    async (id, person) => {
      const { application, useCases, queries } = await templates.get('pas')
      const domains = granted(person)
      const sees = (table: string) => {
        const found = application.tables.find(({ name }) => name === table)
        return found?.reference === true || domains === '*' || domains.includes(found?.domain ?? '')
      }
      const summaries = (await (await world.get('/api/applications', as(id))).json()) as ApplicationSummary[]
      expect(summaries.some(({ name }) => name === 'pas')).toBe(domains.length > 0)
      const described = await world.get('/api/applications/pas/use-cases', as(id))
      expect(described.status).toBe(domains.length > 0 ? 200 : 404)
      const offered = domains.length > 0 ? ((await described.json()) as UseCaseDescription[]) : []
      const model = await world.get('/api/applications/pas/model', as(id))
      expect(model.status).toBe(domains.length > 0 ? 200 : 404)
      if (domains.length > 0)
        // What a system held is described to whoever may enter; how much of it is there is told of what they may see.
        for (const { name, rows } of ((await model.json()) as ModelDescription).tables)
          expect(rows > 0, name).toBe(sees(name))

      const absent = await ask('no-such-use-case', {}, id)
      const absentCost = await cost('no-such-use-case', {}, id)
      for (const useCase of useCases.values()) {
        const left = useCase.panels.filter((panel) => {
          const query = queries.get(panel.query)
          return query && !tablesOf(query, application).every(sees)
        })
        const visible = domains.length > 0 && left.length < useCase.panels.length
        expect(
          offered.some(({ name }) => name === useCase.name),
          useCase.name,
        ).toBe(visible)
        const example = offered.find(({ name }) => name === useCase.name)?.examples[0]
        const answer = await ask(useCase.name, example?.inputs ?? {}, id)
        if (!visible) {
          expect(answer, useCase.name).toEqual(absent)
          expect(answer.status).toBe(404)
          const asked = await cost(useCase.name, example?.inputs ?? {}, id)
          expect(asked, useCase.name).toEqual(absentCost)
          expect(asked.status).toBe(404)
          continue
        }
        expect(answer.status, useCase.name).toBe(200)
        expect((await cost(useCase.name, example?.inputs ?? {}, id)).status, useCase.name).toBe(200)
        const panels = (JSON.parse(answer.body) as Search).panels
        expect(
          panels.filter(({ state }) => state === 'left-out').map(({ name }) => name),
          useCase.name,
        ).toEqual(left.map(({ name }) => name))
        const [out] = panels.filter(({ state }) => state === 'left-out')
        if (!out) continue
        const read = await world.get(
          `/api/searches/${(JSON.parse(answer.body) as Search).id}/panels/${out.name}`,
          as(id),
        )
        expect(read.status).toBe(403)
        expect((await problemOf(read)).detail).toContain(`is left out: your role lacks ${out.lacks?.[0]?.title}`)
      }
    },
  )

  async function cost(useCase: string, inputs: object, person: string) {
    const answer = await world.ask(
      'POST',
      '/api/searches/estimate',
      { application: 'pas', useCase, inputs },
      as(person),
    )
    return { status: answer.status, body: await answer.text() }
  }

  async function ask(useCase: string, inputs: object, person: string) {
    const body = { application: 'pas', useCase, inputs, purpose: { reason: 'system-test', note: 'test' } }
    const answer = await world.ask('POST', '/api/searches', body, { prefer: 'wait=10', ...as(person) })
    return { status: answer.status, body: await answer.text() }
  }
})

describe('each role, at each address, of its own, of another’s and of what is not there,', () => {
  const loans = { applications: ['*'], domains: ['*'], sensitivities: ['personal'] as const }
  const rules = AccessRules.parse({
    ...everything,
    grants: [
      { id: 'g1', groups: ['bulk'], role: 'case-officer', ...loans, rights: ['export-bulk'] },
      { id: 'g2', groups: ['few'], role: 'case-officer', ...loans, rights: ['export'] },
      { id: 'g3', groups: ['see'], role: 'searcher', ...loans },
      { id: 'g4', groups: ['elsewhere'], role: 'searcher', ...loans, applications: ['nycflights'] },
      { id: 'g5', groups: ['audit'], role: 'auditor' },
      { id: 'g6', groups: ['approval'], role: 'approver' },
      { id: 'g7', groups: ['records'], role: 'records-manager' },
      { id: 'g8', groups: ['operator'], role: 'operator' },
    ],
    bulkRows: 2,
  })
  /** What one may do with one's own: take along all, a few rows, nothing, or not even search. */
  const may = {
    bulk: 'all',
    few: 'few',
    see: 'see',
    elsewhere: 'nothing',
    audit: 'nothing',
    approval: 'nothing',
    records: 'nothing',
    operator: 'nothing',
    stranger: 'nothing',
  } as const
  const persons = Object.keys(may) as (keyof typeof may)[]
  const absent = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
  const absentExport = `${absent}_0123456789ab`
  const asked = { panel: 'loans', format: 'csv' }
  const searchAddresses = [
    ['GET', '/api/searches/ID', undefined, 200],
    ['GET', '/api/searches/ID/panels/loans', undefined, 200],
    ['POST', '/api/searches/ID/prints', undefined, 204],
    ['POST', '/api/searches/ID/exports', asked, 202],
    ['DELETE', '/api/searches/ID', undefined, 200],
  ] as const
  const exportAddresses = [
    ['GET', '/api/exports/ID', undefined, 200],
    ['GET', '/api/exports/ID/file', undefined, 303],
    ['GET', '/api/exports/ID/companion', undefined, 303],
    ['POST', '/api/exports/ID/address', { of: 'file' }, 200],
    ['DELETE', '/api/exports/ID', undefined, 200],
  ] as const
  let world: World
  let theirs: { search: string; export: string }
  beforeAll(async () => {
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      identity,
      access: { rightsOf: async (person) => rightsBy(rules, 1, person, new Date()) },
    })
    const search = await world.search('find-loan', { holder: 'x' }, as('bulk'))
    const made = await world.exported(search.id, asked, as('bulk'))
    expect(made.state).toBe('done')
    theirs = { search: search.id, export: made.id }
  })
  afterAll(() => world.close())

  const read = async (method: string, path: string, id: string, body: unknown, person: string) => {
    const answer = await world.ask(method, path.replace('ID', id), body, as(person))
    return { status: answer.status, body: await answer.text(), headers: [...answer.headers] }
  }

  it.each(persons)('%s', async (person) => {
    const own = await world.search('find-loan', { holder: person }, as(person))
    const right = may[person]
    const lending = { application: 'lending', useCase: 'find-loan', inputs: { holder: person } }
    const cost = await world.ask('POST', '/api/searches/estimate', lending, as(person))
    expect(cost.status).toBe(right === 'nothing' ? 404 : 200)
    expect(own.state ?? 404).toBe(right === 'nothing' ? 404 : 'done')
    if (right !== 'nothing') {
      for (const [method, path, body, status] of searchAddresses) {
        const taking = path.endsWith('exports')
        // Three rows: more than the few that go without a further right.
        const expected = taking && right !== 'all' ? 403 : status
        expect((await read(method, path, own.id, body, person)).status, `${method} ${path}`).toBe(expected)
      }
    }
    if (right === 'all') {
      const again = await world.search('find-loan', { holder: person }, as(person))
      const made = await world.exported(again.id, asked, as(person))
      for (const [method, path, body, status] of exportAddresses)
        expect((await read(method, path, made.id, body, person)).status, `${method} ${path}`).toBe(status)
    }
    const history = (await (await world.get('/api/searches', as(person))).json()) as { searches: { id: string }[] }
    if (person !== 'bulk') expect(history.searches.map(({ id }) => id)).not.toContain(theirs.search)
    if (person === 'bulk') return
    for (const [method, path, body] of searchAddresses) {
      const others = await read(method, path, theirs.search, body, person)
      expect(others.status, `${method} ${path}`).toBe(404)
      expect(others, `${method} ${path}`).toEqual(await read(method, path, absent, body, person))
    }
    for (const [method, path, body] of exportAddresses) {
      const others = await read(method, path, theirs.export, body, person)
      expect(others.status, `${method} ${path}`).toBe(404)
      expect(others, `${method} ${path}`).toEqual(await read(method, path, absentExport, body, person))
    }
  })

  it('nobody', async () => {
    for (const [method, path, body] of [...searchAddresses, ...exportAddresses])
      for (const id of path.includes('exports/ID') ? [theirs.export, absentExport] : [theirs.search, absent])
        expect((await read(method, path, id, body, 'nobody')).status, `${method} ${path}`).toBe(401)
    for (const path of ['/api/me', '/api/searches', '/api/applications', '/api/openapi.json', '/api/audit/entries'])
      expect((await world.get(path, as('nobody'))).status, path).toBe(401)
    const cost = { application: 'lending', useCase: 'find-loan', inputs: { holder: 'x' } }
    expect((await world.ask('POST', '/api/searches/estimate', cost, as('nobody'))).status).toBe(401)
  })

  it('still has what is whose: nothing of it was changed by others', async () => {
    expect(await (await world.get(`/api/searches/${theirs.search}`, as('bulk'))).json()).toMatchObject({
      state: 'done',
    })
    expect((await world.get(`/api/exports/${theirs.export}/file`, as('bulk'))).status).toBe(303)
  })
})
