import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { openFileSigner, verifierLinesIn } from '@muniment/archive/audit/keys/file-signer'
import { seal } from '@muniment/archive/audit/seal/seal'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AuditEntries, AuditEntry, AuditNames, AuditVerification } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { logged } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const rules = AccessRules.parse({
  ...everything,
  grants: [...everything.grants, { id: 'audit', groups: ['audit'], role: 'auditor' }],
})
const access = {
  rightsOf: async ({ id }: { id: string }) =>
    rightsBy(rules, 1, { groups: [id === 'noor' ? 'audit' : 'all'] }, new Date()),
}
const auditor = { 'x-person': 'noor' }

/** Its columns say what they are of, as a real engine's do. */
function knowing(engine: QueryEngine): QueryEngine {
  const status = async (id: string) => {
    const execution = await engine.wait(id, 10)
    const { result } = execution
    if (result) result.columns = result.columns.map((column) => ({ ...column, from: `loans.${column.name}` }))
    return execution
  }
  return { ...engine, status, wait: async (id) => status(id) }
}

const open = async () => {
  world = await openWorld({ engine: knowing(memoryEngine(answering(3)).engine), access })
}
const ask = async (query = '') =>
  (await (await world.get(`/api/audit/entries${query}`, auditor)).json()) as AuditEntries
const told = ({ entries }: AuditEntries) => entries.map(({ person, action, outcome }) => [person, action, outcome])

describe('the log, to an auditor,', () => {
  it('says who looked at a record, without keeping which was asked for', async () => {
    await open()
    const own = await world.search('find-loan', { holder: 'x' })
    await world.get(`/api/searches/${own.id}/panels/loans?size=2`)
    const other = await world.search('find-loan', { holder: 'y' }, { 'x-person': 'bob' })
    await world.get(`/api/searches/${other.id}/panels/loans?size=2&page=2`, { 'x-person': 'bob' })
    await world.settled()
    const pages = await logged(world.store, 'page')
    expect(pages.map(({ tokens }) => tokens.length)).toEqual([2, 1])
    const found = await ask('?application=lending&record=loans:L-000002')
    expect(told(found)).toEqual([['ada', 'page', 'done']])
    expect(found.entries[0]).toMatchObject({ subject: { search: own.id }, records: 2, rows: 2, covered: false })
    expect(told(await ask('?application=lending&record=loans:L-000003'))).toEqual([['bob', 'page', 'done']])
    expect(told(await ask('?application=lending&record=loans:L-999999'))).toEqual([])
    // A month whose key was forgotten is not a month in which nobody saw it.
    const month = new Date((await ask('')).entries[0]?.began ?? '').toISOString().slice(0, 7)
    await rm(join(world.root, 'secrets', `${month}.key`))
    expect(await ask('?application=lending&record=loans:L-000002')).toMatchObject({ entries: [], forgotten: [month] })
    expect(await ask('?person=bob')).not.toHaveProperty('forgotten')
    const views = await logged(world.store, 'log-view')
    expect(JSON.stringify(views)).not.toContain('L-000002')
    expect(views[0]).toMatchObject({
      opening: { actor: { id: 'noor' }, subject: { by: ['record'], application: 'lending' } },
      closings: [{ outcome: 'done', rows: 1 }],
    })
  })

  it('says what a person did, what was refused and what was taken along, page by page', async () => {
    await open()
    const search = await world.search('find-loan', { holder: 'x' })
    await world.exported(search.id, { panel: 'loans', format: 'csv' })
    await world.get(`/api/searches/${search.id}`, { 'x-person': 'bob' })
    await world.settled()
    expect(told(await ask('?person=bob'))).toEqual([['bob', 'refusal', 'refused']])
    expect(told(await ask('?action=export&outcome=done'))).toEqual([['ada', 'export', 'done']])
    expect(told(await ask('?outcome=refused'))).toEqual([['bob', 'refusal', 'refused']])
    expect(told(await ask('?application=lending'))).toEqual([
      ['ada', 'export', 'done'],
      ['ada', 'search', 'done'],
    ])
    const all: AuditEntry[] = []
    let next: string | undefined
    // What is read is itself added, at the other end.
    do {
      const page = await ask(`?person=ada&limit=1${next ? `&before=${next}` : ''}`)
      all.push(...page.entries)
      next = page.next
    } while (next)
    expect(all.map(({ action }) => action)).toEqual(['export', 'search'])
    expect((await ask('?until=2020-01-01&from=2019-01-01')).entries).toEqual([])
    const today = new Date().toISOString().slice(0, 10)
    expect((await ask(`?from=${today}&until=${today}&person=ada`)).entries).toHaveLength(2)
  })

  it('can be taken along, a line of JSON an entry, which stands in it as well', async () => {
    await open()
    await world.search('find-loan', { holder: 'x' })
    const answer = await world.get('/api/audit/entries.jsonl?action=search', auditor)
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    const [, ...lines] = (await answer.text()).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as AuditEntry).action)).toEqual(['search'])
    const [view] = await logged(world.store, 'log-view')
    expect(view).toMatchObject({ opening: { subject: { what: 'download' } }, closings: [{ outcome: 'done', rows: 1 }] })
    const aborted = await world.get('/api/audit/entries.jsonl', auditor)
    await aborted.body?.cancel()
    await vi.waitFor(async () =>
      expect((await logged(world.store, 'log-view')).at(-1)?.closings).toMatchObject([{ outcome: 'interrupted' }]),
    )
  })

  it('is refused in words where what is asked cannot be used', async () => {
    await open()
    for (const [query, field] of [
      ['?record=loans:L-000001', 'record'],
      ['?application=lending&record=L-000001', 'record'],
      ['?application=lending&record=payments:L-000001', 'record'],
      ['?from=2026-02-01&until=2026-01-01', 'from'],
      ['?from=yesterday', 'from'],
      ['?limit=501', 'limit'],
      ['?action=nothing', 'action'],
    ]) {
      const answer = await world.get(`/api/audit/entries${query}`, auditor)
      expect(answer.status, query).toBe(400)
      expect(Object.keys(((await answer.json()) as { fields: object }).fields), query).toEqual([field])
    }
  })

  it('is not there for anybody else', async () => {
    await open()
    const nothing = await world.get('/api/no-such-address')
    const absent = { status: nothing.status, body: await nothing.text(), headers: [...nothing.headers] }
    for (const [method, path] of [
      ['GET', '/api/audit/entries'],
      ['GET', '/api/audit/entries?limit=many'],
      ['GET', '/api/audit/entries.jsonl'],
      ['GET', '/api/audit/verification'],
      ['POST', '/api/audit/verification'],
    ] as const) {
      const answer = await world.ask(method, path)
      expect({ status: answer.status, body: await answer.text(), headers: [...answer.headers] }, path).toEqual(absent)
      expect((await world.ask(method, path, undefined, { 'x-person': 'nobody' })).status).toBe(401)
    }
    expect(await logged(world.store, 'log-view')).toEqual([])
  })

  it('is asked for a record by names, which auditors have without the model, and nobody else', async () => {
    await open()
    const names = (await (await world.get('/api/audit/names', auditor)).json()) as AuditNames
    expect(names).toMatchObject([{ name: 'lending', title: 'Lending' }])
    expect(names[0]?.tables.find(({ name }) => name === 'payments')).toEqual({
      name: 'payments',
      title: 'Payments',
      key: [
        { name: 'loan_number', label: 'Loan number' },
        { name: 'paid_on', label: 'Paid on' },
      ],
    })
    expect((await world.get('/api/audit/names')).status).toBe(404)
  })

  it('says in plain words whether it is whole, and when it is not', async () => {
    await open()
    await world.search('find-loan', { holder: 'x' })
    const read = async () => (await (await world.get('/api/audit/verification', auditor)).json()) as AuditVerification
    expect(await read()).toMatchObject({ state: 'never' })
    await seal({
      store: world.store,
      signer: await openFileSigner(join(world.root, 'secrets')),
      streamKey: await world.secrets.streamKey(async () => []),
      clock: () => new Date(),
    })
    const check = async () => {
      expect((await world.ask('POST', '/api/audit/verification', undefined, auditor)).status).toBe(202)
      await world.settled()
      return read()
    }
    const whole = await check()
    expect(whole).toMatchObject({ state: 'done', ok: true, covered: { seals: 1 } })
    expect(whole.sentences.join(' ')).toContain('Its signature is good')
    expect(whole).toMatchObject({ witness: [], key: (await verifierLinesIn(join(world.root, 'secrets')))[0] })
    expect(whole.firstWrong).toBeUndefined()
    const [key] = await keysBelow('audit/seals/')
    const object = await world.store.get(key ?? '')
    await world.store.replace(key ?? '', `${object?.body.toString()} `, object?.etag ?? '')
    const damaged = await check()
    expect(damaged.ok).toBe(false)
    expect(damaged.sentences[0]).toMatch(/^WRONG: audit\//)
    expect(damaged.firstWrong).toMatchObject({ file: expect.stringMatching(/^audit\//), message: expect.any(String) })
  })
})

async function keysBelow(prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of world.store.list(prefix)) keys.push(key)
  return keys
}
