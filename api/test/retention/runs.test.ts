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

const ABSENT = 'R-20260101-000000000000'
const PROPOSAL = '0'.repeat(32)
const plan = async (domain = 'receipts', more: object = {}) => {
  const planned = await world.as(RECORDS, 'POST', '/api/retention/runs', { application: 'pas', domain, ...more })
  expect(planned.status, planned.text).toBe(201)
  return planned.json
}
const of = (run: string, act = '') => `/api/retention/runs/${run}${act}`
const draft = async () => {
  const [found] = (await world.retention.schedules('pas')).filter(({ schedules }) => schedules.domain === 'receipts')
  if (!found) throw new Error('there are no schedules')
  return structuredClone(found.schedules)
}

describe('a destruction', () => {
  it('is planned by one, approved by another by hash and number, carried out, and certified', async () => {
    const { run, hash, records, classes } = await plan()
    expect(records).toBeGreaterThan(10)
    expect(classes.map((one: { class: string }) => one.class)).toContain('invoices')
    const approve = (person: string, body: object) => world.as(person, 'POST', of(run, '/approve'), body)
    expect(await world.as(RECORDS, 'POST', of(run, '/execute'))).toMatchObject({
      status: 409,
      json: { detail: expect.stringMatching(/planned cannot be carried out/) },
    })
    expect((await approve(RECORDS, { hash, records })).status).toBe(404)
    expect((await approve(AUDITOR, { hash, records })).status).toBe(404)
    expect(await approve(APPROVER, { hash: '0'.repeat(64), records })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/not the list that was planned/), fields: { hash: expect.any(String) } },
    })
    expect(await approve(APPROVER, { hash, records: records - 1 })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/Type the number/) },
    })
    for (const body of [
      {},
      { hash },
      { hash, records: -1 },
      { hash: 'x', records },
      { hash, records: String(records) },
    ])
      expect((await approve(APPROVER, body)).status, JSON.stringify(body)).toBe(400)
    expect((await world.as(RECORDS, 'GET', of(run))).json.state).toBe('planned')
    expect((await approve(APPROVER, { hash, records })).json).toMatchObject({
      state: 'approved',
      approved: { by: APPROVER },
    })
    expect(await approve(OTHER_APPROVER, { hash, records })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/approved already/) },
    })
    expect((await world.as(OTHER_APPROVER, 'POST', of(run, '/send-back'), { reason: 'No' })).status).toBe(400)
    expect((await world.as(APPROVER, 'GET', of(run, '/certificate'))).status).toBe(404)
    expect((await world.as(APPROVER, 'POST', of(run, '/execute'))).status).toBe(404)

    const begun = await world.as(RECORDS, 'POST', of(run, '/execute'))
    expect(begun.status, begun.text).toBe(202)
    await world.settled()
    const ended = (await world.as(RECORDS, 'GET', of(run))).json
    expect(ended).toMatchObject({ state: 'certified', certificate: true, obstacles: [] })
    expect(ended.progress).toMatchObject({ destroyed: ended.rows, done: ended.progress.objects, held: 0 })
    for (const person of [RECORDS, APPROVER, AUDITOR]) {
      const { status, json } = await world.as(person, 'GET', of(run, '/certificate'))
      expect(status).toBe(200)
      expect(json).toMatchObject({ run, verified: true, findings: [] })
      expect(JSON.parse(json.text)).toMatchObject({ run })
    }
    for (const act of ['/execute', '/pause', '/cancel'])
      expect([400, 409], act).toContain((await world.as(RECORDS, 'POST', of(run, act))).status)
  }, 120_000)

  it('is sent back with a reason, by an approver, and ends there', async () => {
    const { run, hash, records } = await plan('claims')
    expect((await world.as(RECORDS, 'POST', of(run, '/send-back'), { reason: 'No' })).status).toBe(404)
    expect((await world.as(APPROVER, 'POST', of(run, '/send-back'), { reason: ' ' })).status).toBe(400)
    expect((await world.as(APPROVER, 'POST', of(run, '/send-back'), { reason: 'Too many' })).json).toMatchObject({
      state: 'sent-back',
      sentBack: { by: APPROVER, reason: 'Too many' },
    })
    expect((await world.as(APPROVER, 'POST', of(run, '/approve'), { hash, records })).status).toBe(400)
    expect((await world.as(RECORDS, 'POST', of(run, '/execute'))).status).toBe(409)
  })

  it('is paused only while it is under way, and cancelled for good', async () => {
    const { run, hash, records } = await plan('claims')
    expect((await world.as(RECORDS, 'POST', of(run, '/pause'))).json.detail).toMatch(/planned cannot be paused/)
    expect((await world.as(APPROVER, 'POST', of(run, '/approve'), { hash, records })).status).toBe(200)
    expect((await world.as(RECORDS, 'POST', of(run, '/cancel'))).json.state).toBe('cancelled')
    await world.settled()
    expect((await world.as(RECORDS, 'POST', of(run, '/execute'))).status).toBe(409)
    expect((await world.as(RECORDS, 'GET', of(run))).json.progress.destroyed).toBe(0)
  })

  it('of what is not due yet, of what there is not, or of no day is refused with a sentence', async () => {
    const start = (body: unknown) => world.as(RECORDS, 'POST', '/api/retention/runs', body)
    expect(await start({ application: 'pas', domain: 'claims', asOf: '2999-01-01' })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/still to come/) },
    })
    expect(await start({ application: 'pas', domain: 'nothing' })).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/no domain nothing/) },
    })
    expect((await start({ application: 'nothing', domain: 'claims' })).status).toBe(404)
    const flights = await start({ application: 'nycflights', domain: 'flights' })
    expect([400, 409], flights.text).toContain(flights.status)
    for (const body of [{}, '{', { application: 'pas', domain: 'claims', asOf: '2026-02-30' }, { application: 1 }])
      expect((await start(body)).status, JSON.stringify(body)).toBe(400)
  })
})

describe('schedules', () => {
  it('are read in sentences, and changed by two people who see first what would become due', async () => {
    const { json: before } = await world.as(AUDITOR, 'GET', '/api/retention/schedules?application=pas')
    expect(before.map(({ domain }: { domain: string }) => domain).sort()).toEqual([
      'claims',
      'customers',
      'policies',
      'receipts',
    ])
    expect(before[0].classes[0].schedules[0].sentence).toMatch(/kept/i)
    const schedules = await draft()
    schedules.title = 'Receipts, otherwise'
    const propose = (person: string, body: unknown) => world.as(person, 'POST', '/api/retention/proposals', body)
    expect((await propose(APPROVER, { schedules, reason: 'Better' })).status).toBe(404)
    const proposed = await propose(RECORDS, { schedules, reason: 'Better' })
    expect(proposed.status, proposed.text).toBe(201)
    expect(proposed.json).toMatchObject({ state: 'open', domain: 'receipts', proposed: { by: RECORDS } })
    const at = (act = '') => `/api/retention/proposals/${proposed.json.id}${act}`
    expect((await world.as(AUDITOR, 'GET', at())).json).toEqual(proposed.json)
    expect((await world.as(AUDITOR, 'GET', '/api/retention/proposals')).json).toContainEqual(proposed.json)
    expect((await world.as(RECORDS, 'POST', at('/approve'))).status).toBe(404)
    expect((await world.as(AUDITOR, 'POST', at('/approve'))).status).toBe(404)
    expect((await world.as(APPROVER, 'POST', at('/approve'))).json.state).toBe('approved')
    expect((await world.as(OTHER_APPROVER, 'POST', at('/approve'))).status).toBe(400)
    const after = (await world.as(RECORDS, 'GET', '/api/retention/schedules?application=pas')).json
    expect(after.find(({ domain }: { domain: string }) => domain === 'receipts')).toMatchObject({
      title: 'Receipts, otherwise',
      number: 2,
      approved: { by: APPROVER },
    })
  })

  it('are withdrawn by who proposed them, refused by who might approve them', async () => {
    for (const [person, act, body, state] of [
      [RECORDS, 'withdraw', undefined, 'withdrawn'],
      [APPROVER, 'refuse', { reason: 'Not so' }, 'refused'],
    ] as const) {
      const schedules = { ...(await draft()), title: `To be ${state}` }
      const { json } = await world.as(RECORDS, 'POST', '/api/retention/proposals', { schedules, reason: 'Better' })
      const path = `/api/retention/proposals/${json.id}/${act}`
      const other = person === RECORDS ? APPROVER : RECORDS
      expect((await world.as(other, 'POST', path, body)).status, act).toBe(404)
      expect((await world.as(person, 'POST', path, body)).json.state).toBe(state)
    }
  })

  it('that would not do are refused with what is wrong, by its place', async () => {
    const schedules = await draft()
    const [first] = schedules.classes
    if (first) first.table = 'invoicse'
    const wrong = await world.as(RECORDS, 'POST', '/api/retention/proposals', { schedules, reason: 'Better' })
    expect(wrong.status, wrong.text).toBe(400)
    expect(wrong.json.detail).toContain('invoicse')
    for (const body of [{ schedules: 7, reason: 'x' }, { reason: 'x' }, { schedules, reason: '' }, '{'])
      expect((await world.as(RECORDS, 'POST', '/api/retention/proposals', body)).status).toBe(400)
  })
})

describe('each address', () => {
  const reading = (run: string, proposal: string) => [
    ['GET', '/api/retention/schedules', undefined],
    ['GET', '/api/retention/proposals', undefined],
    ['GET', `/api/retention/proposals/${proposal}`, undefined],
    ['GET', '/api/retention/due?application=pas', undefined],
    ['GET', '/api/retention/runs', undefined],
    ['GET', of(run), undefined],
    ['GET', of(run, '/certificate'), undefined],
  ]
  const acting = (run: string, proposal: string) => [
    ['POST', '/api/retention/proposals', { schedules: {}, reason: 'x' }],
    ['POST', `/api/retention/proposals/${proposal}/approve`, undefined],
    ['POST', `/api/retention/proposals/${proposal}/withdraw`, undefined],
    ['POST', `/api/retention/proposals/${proposal}/refuse`, { reason: 'x' }],
    ['POST', '/api/retention/runs', { application: 'pas', domain: 'claims' }],
    ['POST', of(run, '/approve'), { hash: '0'.repeat(64), records: 1 }],
    ['POST', of(run, '/send-back'), { reason: 'x' }],
    ['POST', of(run, '/execute'), undefined],
    ['POST', of(run, '/pause'), undefined],
    ['POST', of(run, '/cancel'), undefined],
  ]
  const all = (run: string, proposal: string) =>
    [...reading(run, proposal), ...acting(run, proposal)] as [string, string, unknown][]

  it.each(WITHOUT_DUTY)('is nothing to %s, whether what it names is there or not', async (person) => {
    const { run } = await plan('claims')
    const { text } = await world.as(person, 'GET', '/api/no-such-thing')
    const absent = all(ABSENT, PROPOSAL)
    for (const [index, [method, path, body]] of all(run, PROPOSAL).entries()) {
      const answer = await world.as(person, method, path, body)
      expect({ path, status: answer.status, text: answer.text }).toEqual({ path, status: 404, text })
      expect((await world.as(person, method, absent[index]?.[1] ?? '', body)).text, path).toBe(text)
    }
    expect((await world.as(person, 'POST', '/api/retention/due?application=pas')).text).toBe(text)
    expect((await world.as(RECORDS, 'GET', of(run))).json.state).toBe('planned')
  })

  it('is read by the auditor, who does nothing', async () => {
    const { run } = await plan('claims')
    for (const [method, path] of reading(run, PROPOSAL) as [string, string][])
      expect((await world.as(AUDITOR, method, path)).status, path).toBe(
        path.endsWith('certificate') || path.endsWith(PROPOSAL) ? 404 : 200,
      )
    for (const [method, path, body] of acting(run, PROPOSAL) as [string, string, unknown][])
      expect((await world.as(AUDITOR, method, path, body)).status, path).toBe(404)
  })

  it('asks nobody to sign in, and of what is not there says so to who may know', async () => {
    for (const [method, path, body] of all(ABSENT, PROPOSAL))
      expect((await world.ask(method, path, body, { 'x-person': 'nobody' })).status, path).toBe(401)
    for (const act of ['', '/certificate']) expect((await world.as(RECORDS, 'GET', of(ABSENT, act))).status).toBe(404)
    for (const act of ['/execute', '/pause', '/cancel'])
      expect((await world.as(RECORDS, 'POST', of(ABSENT, act))).status, act).toBe(404)
    expect((await world.as(RECORDS, 'GET', of('R-1'))).status).toBe(400)
    expect((await world.as(RECORDS, 'GET', '/api/retention/proposals/x')).status).toBe(400)
  })

  it('tells what falls due once it is worked out', async () => {
    expect((await world.as(RECORDS, 'GET', '/api/retention/due?application=nothing')).status).toBe(404)
    expect((await world.as(RECORDS, 'GET', '/api/retention/due')).status).toBe(400)
    expect((await world.as(RECORDS, 'POST', '/api/retention/due?application=pas')).status).toBe(202)
    await world.settled()
    const { json } = await world.as(AUDITOR, 'GET', '/api/retention/due?application=pas')
    expect(json).toMatchObject({ working: false, at: expect.any(String) })
    expect(json.classes.find((one: { class: string }) => one.class === 'claims').due).toBeGreaterThan(0)
    expect(json.months.some(({ month }: { month: string }) => month === 'overdue')).toBe(true)
  })
})
