import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { StreamEntry } from '../../src/audit/entries.ts'
import { exportEntries } from '../../src/audit/find/export-entries.ts'
import { type AuditedAction, type EntryQuery, findEntries } from '../../src/audit/find/find-entries.ts'
import { forgottenMonths } from '../../src/audit/find/forgotten-months.ts'
import { prove } from '../../src/audit/find/prove.ts'
import { recordTokens, tokensFor } from '../../src/audit/keys/commitments.ts'
import { checkInclusion } from '../../src/audit/merkle/check-proofs.ts'
import { leafHash } from '../../src/audit/merkle/hash.ts'
import type { Opening } from '../../src/audit/port.ts'
import { readCheckpoint } from '../../src/audit/seal/checkpoint.ts'
import { opening, type TestLog, testLog } from './setting.ts'

const record = (key: string) => ({ application: 'pas', table: 'policies', key: [key] })
const ACTIONS: Opening['action'][] = ['search', 'page', 'export']

/** 90 actions over three hours by three people in three streams, sealed now and then, the last ones not. */
async function busyLog() {
  const log = testLog()
  const writers = [log.writer(), log.writer(), log.writer()]
  const ids: string[] = []
  for (let number = 0; number < 90; number++) {
    log.clock.set(new Date(Date.UTC(2026, 10, 5, 9, number * 2)).toISOString())
    const actor = { id: `p-${number % 3}`, roles: ['searcher' as const], groups: [], rules: 1 }
    const [begin, end] = [writers[number % 3], writers[(number + 1) % 3]]
    const id = (await begin?.open(opening({ actor, action: ACTIONS[number % 2] ?? 'search' }))) ?? ''
    ids.push(id)
    if (number % 13 === 5) continue
    if (number % 7 === 0) await log.seal()
    const outcome = number % 10 === 0 ? 'failed' : 'done'
    await end?.close(id, { outcome, records: number % 4 === 0 ? [record('P-1'), record(`P-${number}`)] : [] })
    if (number % 11 === 0) await log.seal()
  }
  return { log, ids }
}
const all = async (log: TestLog, query: EntryQuery) => {
  const found: AuditedAction[] = []
  for await (const action of findEntries(log.store, query)) found.push(action)
  return found
}
const idsOf = (actions: AuditedAction[]) => actions.map(({ opening: { id } }) => id)

describe('Finding actions', () => {
  it('gives all of them, newest first, each with its closing', async () => {
    const { log, ids } = await busyLog()
    const found = await all(log, { limit: 1000 })
    expect(idsOf(found)).toEqual([...ids].reverse())
    expect(found.filter(({ closing }) => !closing)).toHaveLength(7)
    for (const {
      opening: { id },
      closing,
    } of found)
      if (closing) expect(closing.of).toBe(id)
    expect(found[0]?.index).toBeUndefined()
    expect(found.at(-1)?.index).toBe(0)
  })

  it('gives them page by page without a gap or a repetition, also while a sealer goes on', async () => {
    const { log, ids } = await busyLog()
    const pages: string[] = []
    for (let before: string | undefined; ; ) {
      const page = await all(log, { limit: 7, ...(before !== undefined && { before }) })
      pages.push(...idsOf(page))
      before = page.at(-1)?.opening.id
      if (page.length < 7) break
      await log.seal()
    }
    expect(pages).toEqual([...ids].reverse())
  })

  it('by person, action, outcome and period', async () => {
    const { log, ids } = await busyLog()
    const expected = (keep: (number: number) => boolean) => ids.filter((_, number) => keep(number)).reverse()
    const find = async (query: EntryQuery) => idsOf(await all(log, { limit: 1000, ...query }))
    expect(await find({ person: 'p-1' })).toEqual(expected((number) => number % 3 === 1))
    expect(await find({ person: 'nobody' })).toEqual([])
    expect(await find({ actions: ['page'], outcome: 'failed' })).toEqual([])
    expect(await find({ outcome: 'failed' })).toEqual(expected((number) => number % 10 === 0 && number % 13 !== 5))
    expect(await find({ outcome: 'none' })).toEqual(expected((number) => number % 13 === 5))
    const from = new Date('2026-11-05T10:00:00Z')
    const until = new Date('2026-11-05T10:30:00Z')
    expect(await find({ from, until })).toEqual(expected((number) => number >= 30 && number < 45))
  })

  it('tells who looked at a record', async () => {
    const { log, ids } = await busyLog()
    const [from, until] = [new Date('2026-11-05T00:00:00Z'), new Date('2026-11-06T00:00:00Z')]
    const tokens = await tokensFor(log.secrets, record('P-1'), from, until)
    const looked = idsOf(await all(log, { from, until, tokens, limit: 1000 }))
    expect(looked).toEqual(ids.filter((_, number) => number % 4 === 0 && number % 13 !== 5).reverse())
    const once = await tokensFor(log.secrets, record('P-8'), from, until)
    expect(idsOf(await all(log, { tokens: once }))).toEqual([ids[8]])
    expect(await all(log, { tokens: [] })).toEqual([])
  })

  it('finds nothing in an empty log', async () => {
    expect(await all(testLog(), {})).toEqual([])
  })
})

describe('Exporting a period', () => {
  it('gives its entries with their numbers, and those that no checkpoint covers without', async () => {
    const { log } = await busyLog()
    const exported = async (from: string, until: string) => {
      const entries: (StreamEntry & { index?: number })[] = []
      for await (const entry of exportEntries(log.store, { from: new Date(from), until: new Date(until) }))
        entries.push(entry)
      return entries
    }
    const all = await exported('2026-11-05T00:00:00Z', '2026-11-06T00:00:00Z')
    expect(all.filter(({ kind }) => kind === 'opening')).toHaveLength(90)
    expect(all.filter(({ kind }) => kind === 'closing')).toHaveLength(83)
    const covered = all.flatMap(({ index }) => index ?? [])
    expect(covered).toEqual([...new Set(covered)].sort((left, right) => left - right))
    expect(covered.length).toBeLessThan(all.length)
    const [from, until] = ['2026-11-05T10:00:00.000Z', '2026-11-05T10:30:00.000Z']
    const some = await exported(from, until)
    expect(some).toEqual(all.filter(({ at }) => at >= from && at < until))
    expect(some.filter(({ kind }) => kind === 'opening')).toHaveLength(15)
    expect(await exported('2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z')).toEqual([])
  })
})

describe('Proving an action', () => {
  it('gives opening and closing with what leads from them to the checkpoint', async () => {
    const { log, ids } = await busyLog()
    await log.seal()
    for (const number of [0, 8, 45, 89]) {
      const proof = await prove(log.store, ids[number] ?? '')
      const checkpoint = readCheckpoint(proof.checkpoint)
      expect(proof.entries.map(({ kind }) => kind)).toEqual(['opening', 'closing'])
      for (const { index, text, hashes, tlogProof } of proof.entries) {
        const siblings = hashes.map((hash) => Buffer.from(hash, 'hex'))
        const root = checkpoint?.root ?? Buffer.alloc(0)
        expect(text).toContain(ids[number])
        expect(checkInclusion(leafHash(Buffer.from(text)), index, checkpoint?.size ?? 0, siblings, root)).toBe(true)
        expect(checkInclusion(leafHash(Buffer.from(`${text} `)), index, checkpoint?.size ?? 0, siblings, root)).toBe(
          false,
        )
        expect(tlogProof.startsWith(`c2sp.org/tlog-proof@v1\nindex ${index}\n`)).toBe(true)
        expect(tlogProof.endsWith(`\n\n${proof.checkpoint}`)).toBe(true)
      }
    }
    expect((await prove(log.store, ids[5] ?? '')).entries.map(({ kind }) => kind)).toEqual(['opening'])
  })

  it('says that there is none for what no checkpoint covers, what was never written, and what is no id', async () => {
    const log = testLog()
    const id = await log.writer().open(opening())
    await expect(prove(log.store, id)).rejects.toThrow(/seal first/)
    await log.seal()
    expect((await prove(log.store, id)).entries).toHaveLength(1)
    await expect(prove(log.store, '0193a0b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b')).rejects.toThrow(/no such entry/)
    await expect(prove(log.store, '../secrets')).rejects.toThrow(/named by its id/)
  })

  it('shows that a record was among those of an action, to whoever gets the key of the month', async () => {
    const log = testLog()
    const many = Array.from({ length: 4500 }, (_, number) => record(`P-${number}`))
    const id = await log.writer().note(opening({ action: 'export' }), { outcome: 'done', records: many })
    await log.seal()
    const asked = { record: record('P-4321'), secrets: log.secrets }
    const shown = await prove(log.store, id, asked)
    expect(shown.entries.map(({ kind }) => kind)).toEqual(['opening', 'records', 'closing'])
    expect(shown.record).toEqual({
      text: '["record","pas","policies",["P-4321"]]',
      token: expect.stringMatching(/^[\w-]{22}$/),
      month: '2026-11',
    })
    expect(JSON.parse(shown.entries[1]?.text ?? '')).toMatchObject({ part: 3, of: id })
    const revealed = (await prove(log.store, id, { ...asked, reveal: true })).record
    const mac = createHmac('sha256', Buffer.from(revealed?.key ?? '', 'hex')).update(revealed?.text ?? '')
    const token = mac.digest().subarray(0, 16).toString('base64url')
    expect(token).toBe(revealed?.token)
    expect(shown.entries[1]?.text).toContain(token)
    for (const { index, text, hashes } of shown.entries) {
      const { size = 0, root = Buffer.alloc(0) } = readCheckpoint(shown.checkpoint) ?? {}
      const path = hashes.map((hash) => Buffer.from(hash, 'hex'))
      expect(checkInclusion(leafHash(Buffer.from(text)), index, size, path, root)).toBe(true)
    }
    await expect(prove(log.store, id, { ...asked, record: record('P-9999') })).rejects.toThrow(/not among those/)
    log.secrets.keys.clear()
    await expect(prove(log.store, id, asked)).rejects.toThrow(/key of 2026-11 was forgotten/)
  })

  it('tells months whose key was forgotten from months in which nothing was seen', async () => {
    const log = testLog()
    await log.writer().note(opening(), { outcome: 'done', records: [record('P-1')] })
    await log.seal()
    log.secrets.keys.clear()
    const { tokens, without } = await recordTokens(
      log.secrets,
      record('P-1'),
      new Date('2026-09-20'),
      new Date('2026-12-01'),
    )
    expect([tokens, without]).toEqual([[], ['2026-09', '2026-10', '2026-11', '2026-12']])
    expect(await forgottenMonths(log.store, without)).toEqual(['2026-11'])
  })
})
