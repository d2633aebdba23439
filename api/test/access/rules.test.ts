import { createAccess } from '@muniment/archive/access/access'
import { firstRules } from '@muniment/archive/access/proposals'
import { AccessRules } from '@muniment/archive/access/rules'
import type { Person } from '@muniment/archive/identity/port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessExplanation, AccessProposal, AccessVersion } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, problemOf, type World } from '../support/world.ts'

const groups: Record<string, string[]> = {
  henrik: ['records'],
  sofia: ['approval'],
  both: ['records', 'approval'],
  noor: ['audit'],
  ada: ['all'],
}
const rules = AccessRules.parse({
  ...everything,
  grants: [
    ...everything.grants,
    { id: 'records', groups: ['records'], role: 'records-manager' },
    { id: 'approval', groups: ['approval'], role: 'approver' },
    { id: 'audit', groups: ['audit'], role: 'auditor' },
  ],
})
const clock = () => new Date()
const as = (person: string) => ({ 'x-person': person })

let world: World
beforeEach(async () => {
  let store: World['store'] | undefined
  world = await openWorld({
    engine: memoryEngine(answering(3)).engine,
    clock,
    identity: {
      authenticate: async (request): Promise<Person> => {
        const id = request.headers.get('x-person') ?? 'ada'
        return { id, name: id, groups: groups[id] ?? [] }
      },
    },
    access: {
      rightsOf: async (person) => {
        if (!store) throw new Error('asked too early')
        return createAccess({ store, clock }).rightsOf(person)
      },
    },
  })
  store = world.store
  await firstRules(world.store, rules, { reason: 'the test', by: 'sample', clock })
})
afterEach(() => world.close())

const narrowed = {
  ...rules,
  grants: rules.grants.map((grant) => (grant.id === 'all' ? { ...grant, rights: ['see'] } : grant)),
}
const propose = (person: string, body: unknown = { rules: narrowed, reason: 'Nobody takes anything along.' }) =>
  world.ask('POST', '/api/access/proposals', body, as(person))
const approve = (person: string, id: string) =>
  world.ask('POST', `/api/access/proposals/${id}/approve`, undefined, as(person))

describe('a change of the access rules', () => {
  it('is proposed by one person and approved by another, counts at once, and stands in the log twice', async () => {
    const made = await propose('henrik')
    expect(made.status).toBe(201)
    const proposal = (await made.json()) as AccessProposal
    expect(proposal).toMatchObject({ state: 'open', against: 1, proposed: { by: 'henrik' } })
    const listed = await world.get('/api/access/proposals', as('sofia'))
    expect(((await listed.json()) as AccessProposal[]).map(({ id }) => id)).toEqual([proposal.id])
    const { id } = await world.search('find-loan', { holder: 'x' })
    const approved = await approve('sofia', proposal.id)
    expect((await approved.json()) as AccessVersion).toMatchObject({ number: 2, approved: { by: 'sofia' } })
    const inForce = await world.get('/api/access/rules', as('noor'))
    expect(((await inForce.json()) as AccessVersion).number).toBe(2)
    expect((await world.get(`/api/access/proposals/${proposal.id}`, as('noor'))).status).toBe(200)
    const taken = await world.ask('POST', `/api/searches/${id}/exports`, { panel: 'loans', format: 'csv' })
    expect(taken.status).toBe(403)
    expect(await logged(world.store, 'rules-proposal')).toMatchObject([
      { opening: { actor: { id: 'henrik', groups: ['records'] } }, closings: [{ outcome: 'done' }] },
    ])
    expect(await logged(world.store, 'rules-change')).toMatchObject([
      {
        opening: { actor: { id: 'sofia' }, subject: { version: 2, proposal: proposal.id } },
        closings: [{ outcome: 'done' }],
      },
    ])
  })

  it('is not approved by who proposed it, nor by who has no such duty, nor twice', async () => {
    const own = (await (await propose('both')).json()) as AccessProposal
    expect((await approve('both', own.id)).status).toBe(400)
    expect((await approve('henrik', own.id)).status).toBe(404)
    expect((await approve('sofia', own.id)).status).toBe(200)
    expect((await approve('sofia', own.id)).status).toBe(400)
    expect((await approve('sofia', '0'.repeat(32))).status).toBe(404)
  })

  it('is withdrawn by who proposed it, or refused by an approver with a reason, and stands in the log', async () => {
    const end = (person: string, id: string, how: string, body?: unknown) =>
      world.ask('POST', `/api/access/proposals/${id}/${how}`, body, as(person))
    const first = (await (await propose('henrik')).json()) as AccessProposal
    expect((await end('both', first.id, 'withdraw')).status).toBe(400)
    expect((await end('sofia', first.id, 'withdraw')).status).toBe(404)
    const withdrawn = (await (await end('henrik', first.id, 'withdraw')).json()) as AccessProposal
    expect(withdrawn).toMatchObject({ state: 'withdrawn', ended: { by: 'henrik' } })
    expect((await approve('sofia', first.id)).status).toBe(400)

    const body = { rules: narrowed, reason: 'Once more.' }
    const second = (await (await propose('henrik', body)).json()) as AccessProposal
    const reason = 'Accounting takes lists along every month.'
    expect((await end('henrik', second.id, 'refuse', { reason })).status).toBe(404)
    expect((await end('sofia', second.id, 'refuse', { reason: ' ' })).status).toBe(400)
    expect((await end('sofia', second.id, 'refuse', { reason })).status).toBe(200)
    const read = await world.get(`/api/access/proposals/${second.id}`, as('henrik'))
    expect(await read.json()).toMatchObject({ state: 'refused', ended: { by: 'sofia', reason } })
    expect((await approve('sofia', second.id)).status).toBe(400)
    expect(await logged(world.store, 'rules-withdrawal')).toMatchObject([
      { opening: { actor: { id: 'henrik' }, subject: { proposal: first.id } }, closings: [{ outcome: 'done' }] },
    ])
    const [refusal] = await logged(world.store, 'rules-refusal')
    expect(refusal).toMatchObject({ opening: { actor: { id: 'sofia' } }, closings: [{ outcome: 'done' }] })
    expect(JSON.stringify(refusal)).not.toContain('Accounting')
  })

  it('that would not do is refused with every reason beside its place', async () => {
    const wrong = await propose('henrik', {
      rules: { ...rules, grants: [{ ...rules.grants[0], id: 'x', role: 'king' }] },
      reason: 'x',
    })
    expect(wrong.status).toBe(400)
    expect(Object.keys((await problemOf(wrong)).fields ?? {})).toContain('grants.0.role')
    const stuck = await propose('henrik', { rules: everything, reason: 'x' })
    expect((await problemOf(stuck)).detail).toContain('nobody may propose-rules for good')
    expect(await logged(world.store, 'rules-proposal')).toEqual([])
  })

  it('is nobody else’s business: as if there were nothing', async () => {
    const nothing = await world.get('/api/no-such-address')
    const absent = [nothing.status, await nothing.text(), [...nothing.headers]]
    for (const [method, path] of [
      ['GET', '/api/access/rules'],
      ['GET', '/api/access/proposals'],
      ['POST', '/api/access/proposals'],
      ['GET', `/api/access/proposals/${'0'.repeat(32)}`],
      ['POST', `/api/access/proposals/${'0'.repeat(32)}/approve`],
      ['POST', `/api/access/proposals/${'0'.repeat(32)}/refuse`],
      ['POST', `/api/access/proposals/${'0'.repeat(32)}/withdraw`],
    ] as const) {
      const answer = await world.ask(method, path, method === 'POST' ? {} : undefined)
      expect([answer.status, await answer.text(), [...answer.headers]], path).toEqual(absent)
    }
    expect((await propose('noor')).status).toBe(404)
    expect((await propose('sofia')).status).toBe(404)
  })
})

describe('an explanation', () => {
  it('says to oneself why, of a use case that one may use', async () => {
    const path = '/api/access/explain?application=lending&useCase=find-loan'
    const told = (await (await world.get(path)).json()) as AccessExplanation
    expect(told.answer).toBe('yes')
    expect(told.sentences.join(' ')).toContain('all (case-officer)')
    expect((await world.get(path, as('noor'))).status).toBe(404)
    expect((await world.get('/api/access/explain?application=lending&useCase=none')).status).toBe(404)
  })
})
