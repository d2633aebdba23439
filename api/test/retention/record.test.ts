import { placeHold } from '@muniment/archive/holds/place'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APPROVER, AUDITOR, openRetentionWorld, RECORDS, type RetentionWorld } from '../support/retention-world.ts'

let world: RetentionWorld
beforeAll(async () => {
  world = await openRetentionWorld()
})
afterAll(() => world.close())

const POLICY = '100000025'
const STAFF = 'P10000019'
const asked = (person: string, table: string, ...key: string[]) =>
  world.as(person, 'POST', '/api/retention/record', { application: 'pas', table, key })

describe('why a record is still here', () => {
  it('says class, schedules and their authorities to whoever sees the record', async () => {
    const { status, json } = await asked('mira.kovacs', 'policies', POLICY)
    expect(status).toBe(200)
    expect(json.class).toMatchObject({ domain: 'policies' })
    expect(json.sentences.length).toBeGreaterThan(0)
    expect(json.schedules[0]).toMatchObject({ sentence: expect.any(String), authority: expect.any(String) })
    expect(json.holds).toEqual([])
  })

  it('of a row that a rule hides is the same as of one that is not there', async () => {
    const seen = await asked('mira.kovacs', 'parties', STAFF)
    expect(seen.status).toBe(200)
    const absent = await asked('lena.hart', 'parties', 'P99999999')
    expect(absent.status).toBe(404)
    for (const person of ['lena.hart', 'tomas.reyes', RECORDS]) {
      const { status, text } = await asked(person, 'parties', STAFF)
      expect([status, text], person).toEqual([404, absent.text])
    }
  })

  it.each([
    ['a domain that one does not see', 'lena.hart', 'claims', ['S1']],
    ['a table that there is not', 'mira.kovacs', 'nothing', ['1']],
    ['a key of too many parts', 'mira.kovacs', 'policies', [POLICY, '1']],
    ['a key that no row has', 'mira.kovacs', 'policies', ["' OR 1=1 --"]],
    ['no records at all: the approver', APPROVER, 'policies', [POLICY]],
    ['no records at all: the auditor', AUDITOR, 'policies', [POLICY]],
    ['no records at all: the operator', 'kim.nguyen', 'policies', [POLICY]],
  ])('of %s is nothing', async (_, person, table, key) => {
    const absent = await asked('lena.hart', 'parties', 'P99999999')
    const { status, text } = await asked(person, table, ...key)
    expect([status, text]).toEqual([404, absent.text])
  })

  it.each([
    ['{'],
    [{}],
    [{ application: 'pas', table: 'policies', key: [] }],
    [{ application: 'pas', table: 'policies', key: POLICY }],
    [{ application: '../pas', table: 'policies', key: [POLICY] }],
  ])('asked by %j is refused', async (body) => {
    expect((await world.as('mira.kovacs', 'POST', '/api/retention/record', body)).status).toBe(400)
  })

  it('tells who sees fewer tables nothing of what stands in the others', async () => {
    const all = (await asked(RECORDS, 'policies', POLICY)).json.sentences.join('\n')
    // What names it is in domains that customer service does not see.
    expect(all).toMatch(/of claims name/)
    expect(all).toMatch(/of invoices name/)
    const { json, text } = await asked('lena.hart', 'policies', POLICY)
    expect(json.standing).not.toBe('none')
    // The limitation of claims is a law's word, and no table's.
    expect(text).not.toMatch(/claims name|"Claims|invoice|receipt/i)
    expect((await asked('paul.okafor', 'policies', POLICY)).text).not.toMatch(/of claims name/)
  })
})

describe('a hold', () => {
  it('is told to searchers as standing, never with matter, authority or reason', async () => {
    const { hold } = await placeHold(world.retention.holds, {
      application: 'pas',
      matter: 'Secret matter',
      authority: 'Secret court',
      issuer: 'Secret judge',
      reason: 'Secret reason',
      scope: { kind: 'keys', table: 'policies', keys: [[POLICY]] },
      by: { id: RECORDS, groups: ['records-management'] },
    })
    for (const person of ['lena.hart', 'tomas.reyes', 'paul.okafor', 'mira.kovacs', 'emil.brandt']) {
      const { json, text } = await asked(person, 'policies', POLICY)
      expect(json, person).toMatchObject({ standing: 'held', sentences: expect.arrayContaining(['It is held.']) })
      expect(json.holds).toEqual([{ id: hold.id, placed: hold.placed }])
      expect(text).not.toMatch(/secret/i)
    }
    const { json, text } = await asked(RECORDS, 'policies', POLICY)
    expect(json.holds).toEqual([{ id: hold.id, placed: hold.placed, matter: 'Secret matter' }])
    expect(text).not.toContain('Secret reason')
  })
})
