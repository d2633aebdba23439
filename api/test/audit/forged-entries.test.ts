import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rightsBy } from '@muniment/archive/access/rights'
import { AccessRules } from '@muniment/archive/access/rules'
import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { auditFile, objectKey, registrationKey, streamName } from '@muniment/archive/audit/paths'
import { seal } from '@muniment/archive/audit/seal/seal'
import { objectText, registrationText } from '@muniment/archive/audit/stream/object'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditEntries, AuditEntry, AuditLinesHead } from '../../src/contract.ts'
import { answering } from '../support/loans.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { everything, openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const rules = AccessRules.parse({
  ...everything,
  grants: [...everything.grants, { id: 'audit', groups: ['audit'], role: 'auditor' }],
})
const rightsOf = async ({ id }: { id: string }) =>
  rightsBy(rules, 1, { groups: [id === 'noor' ? 'audit' : 'all'] }, new Date())
const auditor = { 'x-person': 'noor' }
const open = async () => {
  world = await openWorld({ engine: memoryEngine(answering(3)).engine, access: { rightsOf } })
  await world.search('find-loan', { holder: 'x' })
  await world.settled()
}
const ask = async (query: string) =>
  (await (await world.get(`/api/audit/entries${query}`, auditor)).json()) as AuditEntries

const forgedId = '01a1aaaa-0000-7000-8000-0000000000aa'
const actor = { id: 'mallory', roles: [], groups: [], rules: 1 }
const forged = (at: string) => [
  canonicalJson({ kind: 'opening', id: idAt(at), at, action: 'export', actor }),
  canonicalJson({ kind: 'closing', of: idAt(at), at, outcome: 'done', rows: 1 }),
]
/** As ids are made: their time is where entries are looked for. */
const idAt = (at: string) => {
  const digits = Date.parse(at).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}${forgedId.slice(13)}`
}

/** What somebody does who can write the files and has no key: a stream of their own. */
async function addStream(mac?: string): Promise<string> {
  const now = new Date()
  const stream = streamName(now, forgedId)
  const registration = registrationText(stream, now, 'server')
  await world.store.create(registrationKey(stream), registration)
  const text = objectText(stream, 1, sha256Hex(registration), forged(now.toISOString()), mac)
  await world.store.create(objectKey(stream, 1), text)
  return objectKey(stream, 1)
}

/** The same behind the last object of a stream that is there, of whose hash they know nothing. */
async function addObject(): Promise<string> {
  const objects: { stream: string; sequence: number }[] = []
  for await (const { key } of world.store.list('audit/')) {
    const file = auditFile(key)
    if (file?.kind === 'object') objects.push(file)
  }
  const { stream, sequence } = objects.at(-1) ?? { stream: '', sequence: 0 }
  const text = objectText(stream, sequence + 1, '0'.repeat(64), forged(new Date().toISOString()))
  await world.store.create(objectKey(stream, sequence + 1), text)
  return objectKey(stream, sequence + 1)
}

describe('an entry that somebody slipped in', () => {
  it.each([
    ['without a MAC', () => addStream(), 'it has no MAC'],
    ['with the MAC of another key', () => addStream(`01234567.${'A'.repeat(43)}`), 'its MAC is not of this log'],
    ['that does not go on from the one before it', () => addObject(), 'it does not go on from the object before it'],
  ])('%s is told not to verify, with its file and why, and is not merely uncovered', async (_, add, why) => {
    await open()
    const file = await add()
    const { entries, damaged } = await ask('?action=export')
    expect(entries).toMatchObject([{ person: 'mallory', covered: false, wrong: expect.stringContaining(why) }])
    expect(damaged).toEqual([expect.stringContaining(file)])
    const [own] = (await ask('?action=search')).entries
    expect(own).toMatchObject({ person: 'ada', covered: false })
    expect(own).not.toHaveProperty('wrong')
  })

  it('is told in what is taken along, on the first line and its own', async () => {
    await open()
    const file = await addStream()
    const answer = await world.get('/api/audit/entries.jsonl?action=export', auditor)
    const [head, entry, ...more] = (await answer.text()).trim().split('\n')
    const { about } = JSON.parse(head ?? '') as AuditLinesHead
    expect(about.damaged).toEqual([expect.stringContaining(file)])
    expect(JSON.parse(entry ?? '') as AuditEntry).toMatchObject({ person: 'mallory', wrong: expect.any(String) })
    expect(more).toEqual([])
  })
})

describe('an entry that a checkpoint covers', () => {
  it('is told not to verify where the last check of the log found it altered', async () => {
    await open()
    await seal({
      store: world.store,
      signer: await openFileSigner(join(world.root, 'secrets')),
      streamKey: await world.secrets.streamKey(async () => []),
      clock: () => new Date(),
    })
    const [covered] = (await ask('?action=search')).entries
    expect(covered).toMatchObject({ covered: true })
    expect(covered).not.toHaveProperty('wrong')
    for await (const { key } of world.store.list('audit/tile/entries/')) {
      const object = await world.store.get(key)
      const altered = (object?.body.toString('latin1') ?? '').replace('"ada"', '"eve"')
      await world.store.replace(key, Buffer.from(altered, 'latin1'), object?.etag ?? '')
    }
    await world.ask('POST', '/api/audit/verification', undefined, auditor)
    await world.settled()
    const [altered] = (await ask('?action=search')).entries
    expect(altered).toMatchObject({ person: 'eve', covered: true, wrong: expect.stringContaining('audit/tile/') })
  })
})

describe('the entries as lines', () => {
  it('begin with what they answer, and with the months of which nobody can tell any more', async () => {
    world = await openWorld({
      engine: memoryEngine((statement) => {
        const answer = answering(3)(statement)
        if (!(typeof answer === 'object' && 'columns' in answer && 'rows' in answer)) return answer
        return { ...answer, columns: answer.columns.map((column) => ({ ...column, from: `loans.${column.name}` })) }
      }).engine,
      access: { rightsOf },
    })
    const search = await world.search('find-loan', { holder: 'x' })
    await world.get(`/api/searches/${search.id}/panels/loans?size=2`)
    await world.settled()
    const head = async (query: string) => {
      const lines = await (await world.get(`/api/audit/entries.jsonl${query}`, auditor)).text()
      return (JSON.parse(lines.split('\n')[0] ?? '') as AuditLinesHead).about
    }
    const asked = '?application=lending&record=loans:L-000002'
    expect(Object.keys(await head(asked))).toEqual(['from', 'until'])
    const month = new Date().toISOString().slice(0, 7)
    await rm(join(world.root, 'secrets', `${month}.key`))
    expect(await head(asked)).toMatchObject({ forgotten: [month] })
    expect(await head('?person=ada')).not.toHaveProperty('forgotten')
  })
})
