import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  APPROVER,
  AUDITOR,
  OTHER_APPROVER,
  openRetentionWorld,
  RECORDS,
  type RetentionWorld,
  WITHOUT_DUTY,
} from '../support/retention-world.ts'

let world: RetentionWorld
beforeAll(async () => {
  world = await openRetentionWorld()
})
afterAll(() => world.close())

const POLICY = '100000025'
const ABSENT = 'H-000000000000'
const scope = { kind: 'keys', table: 'policies', keys: [[POLICY]] }
const wanted = {
  application: 'pas',
  matter: 'Matter of the third',
  authority: 'District court',
  reason: 'Because of the matter',
  scope,
}
const place = async (more: object = {}) => {
  const placed = await world.as(RECORDS, 'POST', '/api/holds', { ...wanted, ...more })
  expect(placed.status, placed.text).toBe(201)
  return placed.json
}

describe('a hold', () => {
  it('is looked at before, placed at once by one person, and told with what it protects', async () => {
    const preview = await world.as(RECORDS, 'POST', '/api/holds/preview', { application: 'pas', scope })
    expect(preview.status).toBe(200)
    expect(preview.json.tables).toContainEqual(expect.objectContaining({ table: 'policies', rows: 1, all: false }))
    expect(preview.json.absent).toEqual([])
    const before = (await world.as(RECORDS, 'GET', '/api/holds')).json.length
    const { hold, late, unchecked, incomplete } = await place({ issuer: 'Judge', review: '2020-01-01' })
    expect({ late, unchecked, incomplete }).toEqual({ late: [], unchecked: [], incomplete: [] })
    expect(hold).toMatchObject({
      state: 'standing',
      placed: { by: RECORDS },
      matter: wanted.matter,
      issuer: 'Judge',
      reviewOverdue: true,
      scopes: [{ scope }],
    })
    for (const person of [RECORDS, APPROVER]) {
      expect((await world.as(person, 'GET', `/api/holds/${hold.id}`)).json).toEqual(hold)
      const listed = (await world.as(person, 'GET', '/api/holds?application=pas')).json
      expect(listed).toHaveLength(before + 1)
      expect(listed[0]).toEqual(hold)
    }
    expect((await world.as(RECORDS, 'GET', '/api/holds?application=nycflights')).json).toEqual([])
  })

  it('is widened and reviewed; a review date that has passed releases nothing', async () => {
    const { hold } = await place({ review: '2020-01-01' })
    const more = { kind: 'keys', table: 'policies', keys: [['100000041']] }
    const widened = await world.as(RECORDS, 'POST', `/api/holds/${hold.id}/widen`, { scope: more, reason: 'Also it' })
    expect(widened.status, widened.text).toBe(200)
    expect(widened.json.hold.scopes.map(({ scope }: { scope: unknown }) => scope)).toEqual([scope, more])
    const reviewed = await world.as(RECORDS, 'POST', `/api/holds/${hold.id}/review`, {
      review: '2999-01-01',
      reason: 'Looked at',
    })
    expect(reviewed.json).toMatchObject({ state: 'standing', review: '2999-01-01', reviewOverdue: false })
  })

  it('ends by two people: not by who proposed it, and only as it was proposed', async () => {
    const { hold } = await place()
    const act = (person: string, name: string, body?: object) =>
      world.as(person, 'POST', `/api/holds/${hold.id}/${name}`, body)
    expect(await act(APPROVER, 'approve-release')).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/Nobody has proposed/) },
    })
    expect((await act(APPROVER, 'propose-release', { reason: 'It is over' })).status).toBe(404)
    expect((await act(RECORDS, 'propose-release', { reason: 'It is over' })).json).toMatchObject({
      state: 'standing',
      release: { proposed: { by: RECORDS }, reason: 'It is over' },
    })
    expect((await act(RECORDS, 'propose-release', { reason: 'Once more' })).json.detail).toMatch(
      /proposed this already/,
    )
    expect(await act(RECORDS, 'approve-release')).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/needs a second person/) },
    })
    const refused = await act(APPROVER, 'refuse-release', { reason: 'It is not over' })
    expect(refused.status).toBe(200)
    expect(refused.json.release).toBeUndefined()
    expect((await act(APPROVER, 'approve-release')).status).toBe(400)
    await act(RECORDS, 'propose-release', { reason: 'Now it is' })
    expect((await act(OTHER_APPROVER, 'approve-release')).json).toMatchObject({
      state: 'released',
      released: { by: OTHER_APPROVER },
    })
    const again = await act(APPROVER, 'approve-release')
    expect(again).toMatchObject({ status: 400, json: { detail: expect.stringMatching(/was released/) } })
  })
})

describe('whoever neither manages holds nor approves', () => {
  const addresses = (id: string) =>
    [
      ['GET', '/api/holds', undefined],
      ['POST', '/api/holds', wanted],
      ['POST', '/api/holds/preview', { application: 'pas', scope }],
      ['GET', `/api/holds/${id}`, undefined],
      ['POST', `/api/holds/${id}/widen`, { scope, reason: 'x' }],
      ['POST', `/api/holds/${id}/review`, { reason: 'x' }],
      ['POST', `/api/holds/${id}/propose-release`, { reason: 'x' }],
      ['POST', `/api/holds/${id}/approve-release`, undefined],
      ['POST', `/api/holds/${id}/refuse-release`, { reason: 'x' }],
    ] as const

  it.each([...WITHOUT_DUTY, AUDITOR])(
    '%s is answered as if there were nothing, and changes nothing',
    async (person) => {
      const { hold } = await place()
      const absent = await world.as(person, 'GET', '/api/no-such-thing')
      for (const [index, [method, path, body]] of addresses(hold.id).entries()) {
        const answer = await world.as(person, method, path, body)
        expect(answer.status, `${method} ${path}`).toBe(404)
        expect(answer.text, `${method} ${path}`).toBe(absent.text)
        const [, other] = addresses(ABSENT)[index] ?? []
        expect((await world.as(person, method, other ?? '', body)).text).toBe(answer.text)
        // A body that is none tells no more.
        if (body) expect((await world.as(person, method, path, {})).text, `${method} ${path}`).toBe(answer.text)
      }
      expect((await world.as(RECORDS, 'GET', `/api/holds/${hold.id}`)).json).toEqual(hold)
    },
  )

  it('nobody is asked to sign in', async () => {
    for (const [method, path, body] of addresses(ABSENT))
      expect((await world.ask(method, path, body, { 'x-person': 'nobody' })).status, path).toBe(401)
  })

  it('an approver places, widens, reviews and proposes nothing', async () => {
    const { hold } = await place()
    for (const [method, path, body] of addresses(hold.id)
      .filter(([method]) => method === 'POST')
      .slice(0, 5))
      expect((await world.as(APPROVER, method, path, body)).status, path).toBe(404)
  })
})

describe('what cannot be used is told with what to do', () => {
  it.each([
    ['a scope of no kind', { scope: { kind: 'everything' } }, /scope/],
    ['no keys', { scope: { kind: 'keys', table: 'policies', keys: [] } }, /keys/],
    ['a table that is none', { scope: { kind: 'keys', table: 'nothing', keys: [['1']] } }, /nothing/],
    ['a key of too many parts', { scope: { kind: 'keys', table: 'policies', keys: [['1', '2']] } }, /key|column/],
    ['a domain that is none', { scope: { kind: 'domain', domain: 'nothing' } }, /nothing/],
    ['a class that is none', { scope: { kind: 'class', domain: 'policies', class: 'nothing' } }, /nothing/],
    [
      'a column that is none',
      { scope: { kind: 'condition', table: 'policies', where: [{ column: 'no', in: ['1'] }] } },
      /no\b/,
    ],
    ['no matter', { matter: '  ' }, /matter/],
    ['no day', { review: '2026-02-30' }, /review/],
    ['a field that there is not', { release: true }, /release/],
  ])('%s', async (_, more, sentence) => {
    const before = (await world.as(RECORDS, 'GET', '/api/holds')).json.length
    const { status, json, text } = await world.as(RECORDS, 'POST', '/api/holds', { ...wanted, ...more })
    expect(status, text).toBe(400)
    expect(JSON.stringify([json.detail, json.fields])).toMatch(sentence)
    expect((await world.as(RECORDS, 'GET', '/api/holds')).json).toHaveLength(before)
  })

  it.each([
    ['not JSON', 'POST', '/api/holds', '{', 400],
    ['an application that there is not', 'POST', '/api/holds', { ...wanted, application: 'nothing' }, 404],
    ['no id of a hold', 'GET', '/api/holds/H-1', undefined, 400],
    ['a hold that there is not', 'GET', `/api/holds/${ABSENT}`, undefined, 404],
    ['a release without reason', 'POST', `/api/holds/${ABSENT}/propose-release`, {}, 400],
    ['the release of a hold that there is not', 'POST', `/api/holds/${ABSENT}/approve-release`, undefined, 404],
  ])('%s', async (_, method, path, body, status) => {
    const answer = await world.as(RECORDS, method, path, body)
    expect(answer.status, answer.text).toBe(status)
    expect(answer.json.detail.length).toBeGreaterThan(10)
  })
})
