import { describe, expect, it } from 'vitest'
import { createAuditLog } from '../../src/audit/create-audit-log.ts'
import { idOf, type LogEntry } from '../../src/audit/entries.ts'
import { checkCommitment, tokensFor } from '../../src/audit/keys/commitments.ts'
import { auditFile, objectKey, registrationKey } from '../../src/audit/paths.ts'
import { readObject } from '../../src/audit/stream/object.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { Died, dyingStore } from './dying-store.ts'
import { copyOf, type MemoryStore, memoryStore } from './memory-store.ts'
import { opening, testLog } from './setting.ts'

function entriesIn(store: MemoryStore): LogEntry[] {
  return [...store.files].flatMap(([key, body]) => {
    const file = auditFile(key)
    return file?.kind === 'object' ? readObject(file.stream, file.sequence, body).entries.map(({ entry }) => entry) : []
  })
}
const objectsIn = (store: MemoryStore) => [...store.files.keys()].filter((key) => auditFile(key)?.kind === 'object')

describe('Writing the log', () => {
  it('keeps an opening before and a closing after, by any process', async () => {
    const { store, writer } = testLog()
    const [server, other] = [writer('server'), writer('other')]
    const id = await server.open(opening({ subject: { useCase: 'policy-dossier', panels: ['a', 'b'] } }))
    expect(entriesIn(store)).toEqual([
      {
        kind: 'opening',
        id,
        at: expect.stringMatching(/^2026-11-05T/),
        action: 'search',
        actor: { id: 'p-1', roles: ['searcher'], groups: ['claims'], rules: 3 },
        subject: { useCase: 'policy-dossier', panels: ['a', 'b'] },
      },
    ])
    await other.close(id, { outcome: 'done', rows: 2, bytes: 10, detail: { state: 'ok' } })
    expect(entriesIn(store)[1]).toMatchObject({ kind: 'closing', of: id, outcome: 'done', rows: 2, bytes: 10 })
  })

  it('puts together what queues while an object is written, and opening and closing of a note always', async () => {
    const { store, writer } = testLog()
    const log = writer()
    const ids = await Promise.all(Array.from({ length: 50 }, () => log.note(opening(), { outcome: 'done' })))
    expect(new Set(ids).size).toBe(50)
    expect(entriesIn(store)).toHaveLength(100)
    expect(objectsIn(store)).toHaveLength(2)
    for (const [place, entry] of entriesIn(store).entries())
      if (entry.kind === 'closing') expect(entriesIn(store)[place - 1]).toMatchObject({ id: entry.of })
  })

  describe('closing by records that come some at a time', () => {
    const seen = (number: number) => ({ application: 'pas', table: 'policies', key: [`P-${number}`] })
    async function* many(count: number, look: (number: number) => void = () => undefined) {
      for (let from = 0; from < count; from += 1_000) {
        look(from)
        yield Array.from({ length: Math.min(1_000, count - from) }, (_, index) => seen(from + index))
      }
    }

    it('gives the tokens that a list gives, in parts and then the closing', async () => {
      const { store, writer } = testLog()
      const log = writer()
      const [streamed, listed] = [await log.open(opening()), await log.open(opening())]
      await log.close(streamed, { outcome: 'done', records: many(4_001) })
      await log.close(listed, {
        outcome: 'done',
        records: [seen(0), ...Array.from({ length: 4_001 }, (_, number) => seen(number))],
      })
      const tokensOf = (id: string) =>
        entriesIn(store).flatMap((entry) => (entry.kind === 'records' && entry.of === id ? [entry.tokens] : []))
      expect(tokensOf(streamed).map(({ length }) => length)).toEqual([2_000, 2_000, 1])
      expect(tokensOf(streamed)).toEqual(tokensOf(listed))
      const closings = entriesIn(store).filter((entry) => entry.kind === 'closing')
      expect(closings).toMatchObject([
        { records: { tokens: 4_001, parts: 3 } },
        { records: { tokens: 4_001, parts: 3 } },
      ])
    })

    it('holds no more of them than one object of the log takes, and lets others have their turn', async () => {
      const { store, writer } = testLog()
      const log = writer()
      const id = await log.open(opening())
      const ahead: number[] = []
      // An object has 20,000 and a part may wait to be written.
      const look = (number: number) => ahead.push(number - 20_000 * Math.max(0, objectsIn(store).length - 1))
      const closing = log.close(id, { outcome: 'done', records: many(60_000, look) })
      let turns = 0
      let ended = false
      void closing.then(() => {
        ended = true
      })
      while (!ended) {
        await new Promise((resolve) => setImmediate(resolve))
        turns++
      }
      expect(ahead).toHaveLength(60)
      expect(Math.max(...ahead)).toBeLessThan(30_000)
      expect(turns).toBeGreaterThan(100)
    })

    it('leaves no closing where they break off, and one that counts each once where it is written anew', async () => {
      const { store, writer, seal, verify: check } = testLog()
      const log = writer()
      const id = await log.open(opening({ action: 'export' }))
      async function* breaking() {
        yield* many(30_000)
        throw new Error('the list of records is not whole')
      }
      await expect(log.close(id, { outcome: 'done', records: breaking() })).rejects.toThrow('not whole')
      const written = entriesIn(store).map(({ kind }) => kind)
      expect(written).toContain('records')
      expect(written).not.toContain('closing')
      await writer('another').close(id, { outcome: 'done', records: many(30_000) })
      await seal()
      const { wrong, counts } = await check()
      expect([wrong, counts['second-closing'] ?? 0, counts['without-closing'] ?? 0]).toEqual([undefined, 0, 0])
      expect(entriesIn(store).filter(({ kind }) => kind === 'closing')).toMatchObject([
        { records: { tokens: 30_000, parts: 15 } },
      ])
    })
  })

  it('begins another stream at midnight, so that a sealer need not look at old ones', async () => {
    const { store, writer, clock } = testLog()
    const log = writer()
    clock.set('2026-11-05T23:59:57.000Z')
    const id = await log.open(opening())
    const before = log.stream
    await log.close(id, { outcome: 'done' })
    await log.note(opening(), { outcome: 'done' })
    expect([before.slice(0, 8), log.stream.slice(0, 8)]).toEqual(['20261105', '20261106'])
    expect(store.files.has(registrationKey(log.stream))).toBe(true)
  })

  it('refuses to open where the log cannot be written: no record, no action', async () => {
    const { writer, store, secrets, clock } = testLog()
    const full = { ...store, create: () => Promise.reject(new Error('the disk is full')) }
    const log = createAuditLog({ store: full, secrets, clock })
    await expect(log.open(opening())).rejects.toThrow(/cannot be written, so nothing is done.*the disk is full/)
    expect(store.files.size).toBe(0)
    const ended = writer()
    await ended.end()
    await expect(ended.open(opening())).rejects.toThrow(/closed/)
  })

  it('refuses an entry that the tree could not hold', async () => {
    const log = testLog().writer()
    await expect(log.open(opening({ subject: { ids: Array(9000).fill('12345678') } }))).rejects.toThrow(
      /65535 is the most/,
    )
  })

  it('writes everything that waits before it ends', async () => {
    const { store, writer } = testLog()
    const log = writer()
    const waiting = [log.note(opening(), { outcome: 'done' }), log.note(opening(), { outcome: 'done' })]
    await Promise.all(waiting.map((one) => one.then(() => log.end())))
    await log.end()
    expect(entriesIn(store)).toHaveLength(4)
  })

  it.each(['before', 'after', 'lost'] as const)(
    'stays whole wherever a writer is killed (%s), and what resolved is there',
    async (when) => {
      for (let at = 1; at < 14; at++) {
        const log = testLog()
        await log.writer('before').note(opening(), { outcome: 'done' })
        const dying = dyingStore(log.store, at, when)
        const writer = createAuditLog({ store: dying.store, secrets: log.secrets, clock: log.clock })
        const resolved: string[] = []
        for (let entry = 0; entry < 4; entry++)
          await writer.open(opening()).then(
            (id) => resolved.push(id),
            (error: Error) => expect(error.cause).toBeInstanceOf(when === 'lost' ? Error : Died),
          )
        const kept = new Set(entriesIn(log.store).map((entry) => (entry.kind === 'seal' ? '' : idOf(entry))))
        expect(resolved.filter((id) => !kept.has(id))).toEqual([])
        if (when === 'lost') expect(resolved.length).toBeGreaterThanOrEqual(3)
        await log.writer('after').note(opening(), { outcome: 'done' })
        await log.seal()
        const report = await log.verify()
        expect({ at, wrong: report.wrong, uncovered: report.uncovered.entries }).toEqual({
          at,
          wrong: undefined,
          uncovered: 0,
        })
        expect(report.counts['without-closing'] ?? 0).toBeGreaterThanOrEqual(resolved.length)
      }
    },
  )

  it('leaves its stream to a write that was given up and came through late', async () => {
    const { store, secrets, clock, seal, verify: check } = testLog()
    let late: (() => Promise<unknown>) | undefined
    const slow = {
      ...store,
      create: (key: string, body: Buffer | string) => {
        if (late || !key.endsWith('0000000001.json')) return store.create(key, body)
        late = () => store.create(key, body)
        return Promise.reject(new Error('timed out'))
      },
    }
    const log = createAuditLog({ store: slow, secrets, clock })
    await expect(log.open(opening())).rejects.toThrow(/timed out/)
    await log.note(opening(), { outcome: 'done' })
    await late?.()
    await log.note(opening(), { outcome: 'done' })
    await seal()
    expect(await check()).toMatchObject({ ok: true, actions: 3, counts: { 'without-closing': 1 } })
  })

  it('never takes an object of somebody else in its stream for its own', async () => {
    const { store, writer } = testLog()
    const log = writer()
    await log.open(opening())
    const before = log.stream
    store.files.set(objectKey(before, 2), Buffer.from('somebody was here'))
    const id = await log.open(opening())
    expect(log.stream).not.toBe(before)
    expect(store.files.get(objectKey(log.stream, 1))?.toString()).toContain(id)
    expect(store.files.get(objectKey(before, 2))?.toString()).toBe('somebody was here')
  })

  it('takes 20 writers at once, each with a stream of its own', async () => {
    const log = testLog()
    const writers = Array.from({ length: 20 }, (_, number) => log.writer(`w${number}`))
    await Promise.all(
      writers.map(async (writer) => {
        for (let entry = 0; entry < 10; entry++) await writer.note(opening(), { outcome: 'done' })
      }),
    )
    expect(new Set(objectsIn(log.store).map((key) => key.split('/')[1])).size).toBe(20)
    await log.seal()
    expect(await log.verify()).toMatchObject({ ok: true, actions: 200, counts: {} })
  })
})

describe('What the log says of what was typed and seen', () => {
  const record = { application: 'pas', table: 'policies', key: ['P-4711', '1'] }

  it('is commitments that verify with the key, each only for its entry and field, until the key is forgotten', async () => {
    const { store, secrets, writer, seal, verify: check } = testLog()
    const log = writer()
    await log.note(opening({ typed: { name: 'Anna', ids: ['1', '2'] }, purpose: { note: 'by telephone' } }), {
      outcome: 'done',
    })
    await log.note(opening({ typed: { name: 'Anna' } }), { outcome: 'done' })
    const [first, second] = entriesIn(store).filter((entry) => entry.kind === 'opening')
    if (!first || !second) throw new Error('two openings were written')
    expect(first.typed?.name).not.toBe(second.typed?.name)
    const same = (field: string, value: string | string[]) => checkCommitment(secrets, first, field, value)
    expect(await same('typed.name', 'Anna')).toBe('same')
    expect(await same('typed.ids', ['1', '2'])).toBe('same')
    expect(await same('purpose.note', 'by telephone')).toBe('same')
    expect(await same('typed.name', 'Anne')).toBe('different')
    expect(await same('typed.ids', '1,2')).toBe('different')
    expect(await same('typed.other', 'Anna')).toBe('absent')

    await secrets.forget('2026-11-06')
    expect(await same('typed.name', 'Anna')).toBe('forgotten')
    await seal()
    expect((await check()).ok).toBe(true)
  })

  it('is tokens of records, the same within a month and others in the next, none once the key is forgotten', async () => {
    const { store, secrets, writer, clock } = testLog()
    const log = writer()
    for (const at of ['2026-10-30T10:00:00.000Z', '2026-11-05T10:00:00.000Z', '2026-11-20T10:00:00.000Z']) {
      clock.set(at)
      await log.note(opening({ action: 'page' }), {
        outcome: 'done',
        records: [record, record, { ...record, key: ['P-1'] }],
      })
    }
    const seen = entriesIn(store).flatMap((entry) => (entry.kind === 'records' ? [entry.tokens] : []))
    expect(seen.map((tokens) => tokens.length)).toEqual([2, 2, 2])
    const [october = [], november = [], later = []] = seen
    expect(november).toEqual(later)
    expect(october.some((token) => november.includes(token))).toBe(false)
    const tokens = () => tokensFor(secrets, record, new Date('2026-10-15'), new Date('2026-11-30'))
    expect(await tokens()).toEqual([october[0], november[0]])
    secrets.keys.delete('2026-10')
    expect(await tokens()).toEqual([november[0]])
    expect(
      await tokensFor(secrets, { ...record, key: ['P-47', '11 1'] }, new Date('2026-11-01'), new Date('2026-11-02')),
    ).not.toEqual([november[0]])
  })

  it('is spread over entries that the tree can hold where an export shows many records', async () => {
    const { store, writer, seal, verify: check } = testLog()
    const records = Array.from({ length: 45_000 }, (_, number) => ({ ...record, key: [`P-${number}`] }))
    await writer().note(opening({ action: 'export' }), { outcome: 'done', rows: 45_000, records })
    const entries = entriesIn(store)
    expect(entries.flatMap((entry) => (entry.kind === 'records' ? entry.tokens : []))).toHaveLength(45_000)
    expect(entries.at(-1)).toMatchObject({ kind: 'closing', records: { tokens: 45_000, parts: 23 } })
    expect(objectsIn(store).length).toBeGreaterThan(1)
    await seal()
    expect(await check()).toMatchObject({ ok: true, counts: {} })
  })

  it('holds nothing of what was typed, noted or seen in any file below audit/', async () => {
    const { store, writer, seal } = testLog()
    const canaries = ['CANARY-typed-Ünïcode', 'CANARY-list', 'CANARY-note "quoted"', 'CANARY-key']
    const [typed = '', list = '', note = '', key = ''] = canaries
    const log = writer()
    const id = await log.open(
      opening({ typed: { name: typed, ids: [list, list] }, purpose: { reason: 'claim', note } }),
    )
    await log.close(id, { outcome: 'done', records: [{ application: 'pas', table: 'policies', key: [key] }] })
    await seal()
    const spellings = canaries.flatMap((canary) => {
      const bytes = Buffer.from(canary)
      return [
        bytes,
        ...['hex', 'base64', 'base64url'].map((form) => Buffer.from(bytes.toString(form as 'hex').slice(0, 12))),
      ]
    })
    expect(store.files.size).toBeGreaterThan(5)
    for (const [name, body] of store.files)
      for (const spelling of [...spellings, Buffer.from('CANARY')])
        expect({ name, holds: name.includes('CANARY') || body.includes(spelling) }).toEqual({ name, holds: false })
  })
})

describe('The objects of a stream', () => {
  it('verify by their chain alone before any seal covers them', async () => {
    const log = testLog()
    const writer = log.writer()
    for (let entry = 0; entry < 4; entry++) await writer.open(opening())
    const changed = copyOf(log.store)
    const key = objectKey(writer.stream, 2)
    changed.files.set(key, Buffer.from(changed.files.get(key)?.toString().replace('p-1', 'p-2') ?? ''))
    expect((await verify({ store: changed, publicKeys: [log.key] })).wrong?.file).toBe(objectKey(writer.stream, 3))
    const gap = memoryStore(new Map([...log.store.files].filter(([name]) => name !== key)))
    expect((await verify({ store: gap, publicKeys: [log.key] })).wrong).toMatchObject({ file: key })
  })
})
