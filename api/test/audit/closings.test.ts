import { join } from 'node:path'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import { tokensFor } from '@muniment/archive/audit/keys/commitments'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import { seal } from '@muniment/archive/audit/seal/seal'
import { verify } from '@muniment/archive/audit/verify/verify'
import type { Row } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Export, Search } from '../../src/contract.ts'
import { exportKeysKey, exportRecordKey, recordKey } from '../../src/shared/keys.ts'
import { markOf } from '../../src/shared/process-mark.ts'
import { closeEntries } from '../../src/upkeep/close-entries.ts'
import { closeInterrupted } from '../../src/upkeep/close-interrupted.ts'
import { sweepResults } from '../../src/upkeep/sweep.ts'
import { answering } from '../support/loans.ts'
import { logged, refusingBelow } from '../support/logged.ts'
import { type Answer, memoryEngine } from '../support/memory-engine.ts'
import { openWorld, problemOf, type World } from '../support/world.ts'

const asked = {
  application: 'lending',
  useCase: 'find-loan',
  inputs: { holder: 'x' },
  purpose: { reason: 'system-test', note: 'test' },
}
const hour = 3_600_000

let world: World
afterEach(() => world.close())

/** As the owner that begins after whatever was left. */
async function upkeep(at = new Date(Date.now() + 2 * hour)): Promise<void> {
  const parts = { store: world.store, audit: world.audit, by: markOf({ owner: true }), clock: () => at, began: at }
  await closeInterrupted(parts)
  await closeEntries({ ...parts, from: new Date(at.getTime() - 24 * hour) })
}

const outcomes = async (action: string) =>
  (await logged(world.store, action)).map(({ closings }) => closings.map(({ outcome }) => outcome))

describe('the entry of a search', () => {
  it('is closed as interrupted by the upkeep that closes the search, once', async () => {
    world = await openWorld({ engine: memoryEngine(() => 'never').engine })
    const left = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    await upkeep()
    await upkeep()
    expect(await outcomes('search')).toEqual([['interrupted']])
    // The process that was still following it finds that it has ended, and adds nothing.
    await world.ask('DELETE', `/api/searches/${left.id}`)
    await world.settled()
    expect(await outcomes('search')).toEqual([['interrupted']])
  })

  it('is closed once, where two processes follow the search to its end', async () => {
    let release = () => undefined as unknown
    const held = new Promise<void>((resolve) => {
      release = () => resolve()
    })
    const { engine } = memoryEngine(answering(3))
    const slow = { ...engine, wait: (id: string, ms: number) => held.then(() => engine.wait(id, ms)) }
    world = await openWorld({ engine: slow, by: { process: 'host elsewhere 1' } })
    const { id } = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const other = await openWorld({
      engine: slow,
      folder: world.root,
      store: () => world.store,
      by: { process: 'host elsewhere 2' },
    })
    const read = other.get(`/api/searches/${id}`, { prefer: 'wait=10' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    release()
    expect(((await (await read).json()) as Search).state).toBe('done')
    await Promise.all([world.settled(), other.settled()])
    expect(await outcomes('search')).toEqual([['done']])
  })

  it('is closed as failed where the search cannot be recorded', async () => {
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      store: refusingBelow('searches/', () => true),
    })
    expect((await world.ask('POST', '/api/searches', asked)).status).toBe(500)
    expect(await outcomes('search')).toEqual([['failed']])
  })

  it('is closed by what the record says, where the process stopped after writing that', async () => {
    let refusing = false
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      by: { process: 'linux another-boot 1 2 3' },
      auditStore: refusingBelow('audit/', () => refusing),
      store: (store) => ({
        ...store,
        replace: async (...args) => {
          const done = await store.replace(...args)
          // The process ends here: its record has the end, the log has not. What was used is written later.
          refusing ||= args[0].startsWith('searches/')
          return done
        },
      }),
    })
    expect((await world.ask('POST', '/api/searches', asked, { prefer: 'wait=5' })).status).toBe(200)
    await world.settled()
    refusing = false
    expect(await outcomes('search')).toEqual([[]])
    const [{ opening } = { opening: undefined }] = await logged(world.store, 'search')
    const faults = world.lines.filter((line) => line.includes('"fault"'))
    expect(faults.some((line) => line.includes(`"entry":"${opening?.id}"`))).toBe(true)
    await upkeep()
    await upkeep()
    expect(await outcomes('search')).toEqual([['done']])
    expect((await logged(world.store, 'search'))[0]?.closings[0]).toMatchObject({ rows: 3, bytes: 1_000 })
  })

  it('is not closed where the process stopped before it was opened, though the search was recorded', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    await world.settled()
    const object = await world.store.get(recordKey(search.id))
    const { finished, ...ended } = JSON.parse(object?.body.toString() ?? '') as Search & { entry: string }
    expect(finished).toBeDefined()
    // The two are written side by side: this one was, and its entry was not.
    const left = { ...ended, id: search.id.replace(/.{12}$/, '0123456789ab'), state: 'queued', entry: 'never-opened' }
    await world.store.create(recordKey(left.id), JSON.stringify({ ...left, panels: [] }))
    await upkeep()
    await upkeep(new Date(Date.now() + 4 * hour))
    expect(JSON.parse((await world.store.get(recordKey(left.id)))?.body.toString() ?? '').state).toBe('failed')
    const closed: string[] = []
    for await (const entry of exportEntries(world.store, { from: new Date(0), until: new Date('2100-01-01') }))
      if (entry.kind === 'closing') closed.push(entry.of)
    expect(closed).toHaveLength(1)
    expect(closed).not.toContain('never-opened')
  })

  it('is closed as interrupted where the process stopped before the search was recorded', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    // The closing comes a moment after the answer.
    await world.settled()
    await world.audit.open({
      action: 'search',
      actor: { id: 'ada', roles: [], groups: [], rules: 1 },
      subject: { search: search.id.replace(/.{12}$/, '0123456789ab') },
    })
    await upkeep()
    expect(await outcomes('search')).toEqual([['done'], ['interrupted']])
  })

  it('is left alone while it is young, or while somebody is at work on it', async () => {
    world = await openWorld({ engine: memoryEngine(() => 'never').engine })
    const left = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const now = new Date()
    await closeEntries({ ...world, from: new Date(0), began: now, clock: () => now })
    const later = new Date(Date.now() + hour)
    await closeEntries({ ...world, from: new Date(0), began: later, clock: () => later })
    expect(await outcomes('search')).toEqual([[]])
    await world.ask('DELETE', `/api/searches/${left.id}`)
  })
})

describe('the entry of an export', () => {
  const stopped = { process: 'linux another-boot 1 2 3', owner: true as const }

  it('is closed as interrupted by whoever finds it abandoned, once', async () => {
    let hang = false
    const memory = memoryEngine((statement) => (hang ? 'never' : answering(3)(statement)))
    world = await openWorld({ engine: memory.engine, by: stopped })
    const search = await world.search('find-loan', { holder: 'x' })
    hang = true
    const begun = await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'csv' })
    const { id } = (await begun.json()) as Export
    await vi.waitFor(async () => {
      const record = JSON.parse((await world.store.get(exportRecordKey(id)))?.body.toString() ?? '{}')
      expect(record.execution).toBeDefined()
    })
    const other = () =>
      openWorld({ engine: memoryEngine(answering(3)).engine, folder: world.root, store: () => world.store })
    const answers = await Promise.all([await other(), await other()].map((other) => other.get(`/api/exports/${id}`)))
    for (const answer of answers) expect(await answer.json()).toMatchObject({ state: 'failed' })
    const closed = await outcomes('export')
    await world.ask('DELETE', `/api/exports/${id}`)
    await world.settled()
    expect([closed, await outcomes('export')]).toEqual([[['interrupted']], [['interrupted']]])
  })

  it('takes the file along with it, where the log can no longer say whose records are in the file', async () => {
    let refusing = false
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      auditStore: refusingBelow('audit/', () => refusing),
      store: (store) => ({
        ...store,
        createFromFile: async (...args) => {
          refusing = true
          return store.createFromFile(...args)
        },
      }),
    })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    expect(made).toMatchObject({ state: 'failed', problem: { status: 503 } })
    refusing = false
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(503)
    const files: string[] = []
    for await (const { key } of world.store.list(`results/${search.id}/exports/`)) files.push(key)
    expect(files).toEqual([])
    await upkeep()
    expect((await outcomes('export')).flat()).toHaveLength(1)
  })
})

describe('the records in a file', () => {
  const stopped = { process: 'linux another-boot 1 2 3', owner: true as const }
  const named = (table: string): Answer => ({
    columns: [
      { name: 'loan_number', type: 'varchar', from: `${table}.loan_number` },
      { name: 'guarantees', type: 'varchar', from: 'loans.loan_number' },
    ],
    rows: numbers,
  })
  let numbers: Row[] = []
  const many = (count: number) => Array.from({ length: count }, (_, index): Row => [`L-${index}`, `L-${index + 1}`])
  const wanted = { panel: 'loans', format: 'csv' }
  const keysOf = (id: string) => world.store.head(exportKeysKey(id))
  const tokenOfLoan = async (number: string) => {
    const now = new Date()
    return tokensFor(world.secrets, { application: 'lending', table: 'loans', key: [number] }, now, now)
  }
  /** Whether the log is whole but for what is open. */
  const verified = async () => {
    const signer = await openFileSigner(join(world.root, 'secrets'))
    const streamKey = await world.secrets.streamKey(async () => [])
    await seal({ store: world.store, signer, clock: () => new Date(), streamKey })
    const { wrong, counts } = await verify({ store: world.store, publicKeys: [verifierLine(signer)] })
    return { wrong, counts }
  }

  it('are named once each before the file may be had, by every column that names them, and their list is removed', async () => {
    numbers = [...many(3), ['L-7', null], [null, 'L-7']]
    world = await openWorld({ engine: memoryEngine(() => named('payments')).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, wanted)
    const [entry] = await logged(world.store, 'export')
    expect(entry?.closings).toMatchObject([{ outcome: 'done', rows: 5, records: { tokens: 5, parts: 1 } }])
    const expected = await Promise.all(['L-0', 'L-1', 'L-2', 'L-3', 'L-7'].map(tokenOfLoan))
    expect(entry?.tokens.toSorted()).toEqual(expected.flat().sort())
    await vi.waitFor(async () => expect(await keysOf(made.id)).toBeUndefined())
  })

  it('where there are many, are named after the file may be had and before the process ends, by parts', async () => {
    numbers = many(30_000)
    let release = () => undefined as unknown
    const held = new Promise<void>((resolve) => {
      release = () => resolve()
    })
    world = await openWorld({
      engine: memoryEngine(() => named('loans')).engine,
      store: (store) => ({
        ...store,
        stream: async (key, range) => {
          if (key.endsWith('records.jsonl')) await held
          return store.stream(key, range)
        },
      }),
    })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, wanted)
    expect(made).toMatchObject({ state: 'done', rows: 30_000 })
    expect(await keysOf(made.id)).toBeDefined()
    expect(await outcomes('export')).toEqual([[]])
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(303)
    release()
    await world.settled()
    const [entry] = await logged(world.store, 'export')
    expect(entry?.closings).toMatchObject([{ outcome: 'done', records: { tokens: 30_001, parts: 16 } }])
    expect(new Set(entry?.tokens).size).toBe(30_001)
    expect(await keysOf(made.id)).toBeUndefined()
  })

  it('of a process that was killed in the middle are named by the next upkeep, however late, in one closing', async () => {
    numbers = many(50_000)
    let objects = 0
    let dead = false
    world = await openWorld({
      engine: memoryEngine(() => named('loans')).engine,
      by: stopped,
      auditStore: (store) => ({
        ...store,
        create: async (key, body) => {
          // A part of the tokens is written, and then nothing any more.
          if (body.length > 100_000 && ++objects > 1) dead = true
          if (dead) throw new Error('killed by the test')
          return store.create(key, body)
        },
      }),
      store: (store) => ({
        ...store,
        replace: async (...args) => (dead ? Promise.reject(new Error('killed by the test')) : store.replace(...args)),
        remove: async (...args) => (dead ? Promise.reject(new Error('killed by the test')) : store.remove(...args)),
      }),
    })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, wanted)
    expect(made.state).toBe('done')
    await world.settled()
    dead = false
    objects = Number.NEGATIVE_INFINITY
    const before = (await logged(world.store, 'export'))[0]
    expect([before?.closings.length, (before?.tokens.length ?? 0) > 2_000]).toEqual([0, true])
    const late = new Date(Date.now() + 100 * hour)
    await sweepResults({ store: world.store, clock: () => late, resultsMs: 24 * hour })
    await upkeep(late)
    await upkeep(late)
    const [entry] = await logged(world.store, 'export')
    expect(entry?.closings).toMatchObject([
      { outcome: 'done', rows: 50_000, records: { tokens: 50_001, parts: 26 }, detail: { closed: 'by upkeep' } },
    ])
    const tokens = await tokenOfLoan('L-49999')
    expect(entry?.tokens).toContain(tokens[0])
    expect(new Set(entry?.tokens).size).toBe(50_001)
    expect(await keysOf(made.id)).toBeUndefined()
    const { wrong, counts } = await verified()
    expect([wrong, counts['second-closing'] ?? 0, counts['without-closing'] ?? 0]).toEqual([undefined, 0, 0])
    const found: string[] = []
    for await (const { opening } of findEntries(world.store, { tokens })) found.push(opening.action)
    expect(found).toEqual(['export'])
  })

  it.each(['gone', 'cut short'])(
    'that nobody can name any more, their list being %s, take the file along with them',
    async (how) => {
      numbers = many(30_000)
      let dead = false
      world = await openWorld({
        engine: memoryEngine(() => named('loans')).engine,
        by: stopped,
        auditStore: refusingBelow('audit/', () => dead),
        store: (store) => ({
          ...store,
          replace: async (key, body, etag) => {
            if (dead) throw new Error('killed by the test')
            const done = await store.replace(key, body, etag)
            dead = JSON.parse(String(body)).state === 'done' && key.includes('/exports/')
            return done
          },
          remove: async (...args) => (dead ? Promise.reject(new Error('killed by the test')) : store.remove(...args)),
        }),
      })
      const search = await world.search('find-loan', { holder: 'x' })
      await world.settled()
      const made = await world.exported(search.id, wanted)
      await world.settled()
      dead = false
      const key = exportKeysKey(made.id)
      const kept = (await world.store.get(key))?.body ?? Buffer.alloc(0)
      await world.store.remove(key)
      if (how === 'cut short') await world.store.create(key, kept.subarray(0, kept.length / 2))
      await upkeep()
      expect(await outcomes('export')).toEqual([['interrupted']])
      expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(503)
      const files: string[] = []
      for await (const { key } of world.store.list(`results/${search.id}/exports/`)) files.push(key)
      expect(files).toEqual([])
    },
  )

  it('where there are many and the log fails, take the file along, and are named by the next upkeep', async () => {
    numbers = many(30_000)
    let refusing = false
    let done = false
    world = await openWorld({
      engine: memoryEngine(() => named('loans')).engine,
      by: stopped,
      auditStore: refusingBelow('audit/', () => refusing && done),
      store: (store) => ({
        ...store,
        replace: async (key, body, etag) => {
          const replaced = await store.replace(key, body, etag)
          done ||= key.includes('/exports/') && JSON.parse(String(body)).state === 'done'
          return replaced
        },
      }),
    })
    const search = await world.search('find-loan', { holder: 'x' })
    await world.settled()
    refusing = true
    const made = await world.exported(search.id, wanted)
    await world.settled()
    refusing = false
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(503)
    const now = (await (await world.get(`/api/exports/${made.id}`)).json()) as Export
    expect(now).toMatchObject({ state: 'failed', problem: { type: 'urn:muniment:problem:log-unavailable' } })
    expect(await world.store.head(`results/${search.id}/exports/${made.id.slice(37)}/${made.fileName}`)).toBeUndefined()
    await upkeep()
    const [entry] = await logged(world.store, 'export')
    expect(entry?.closings).toMatchObject([{ outcome: 'failed', records: { tokens: 30_001 } }])
    expect(await keysOf(made.id)).toBeUndefined()
  })

  it('have no address, whoever asks', async () => {
    numbers = many(30_000)
    world = await openWorld({ engine: memoryEngine(() => named('loans')).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, wanted)
    const asked = await world.ask('POST', `/api/exports/${made.id}/address`, { of: 'records' })
    expect(asked.status).toBe(400)
    for (const path of ['records.jsonl', 'file/../records.jsonl', 'records'])
      expect((await world.get(`/api/exports/${made.id}/${path}`)).status).toBe(404)
  })
})

describe('while the audit log cannot be written', () => {
  it('nothing is run, shown or taken along, and whoever asks is told why', async () => {
    let refusing = false
    const memory = memoryEngine(answering(3))
    world = await openWorld({ engine: memory.engine, auditStore: refusingBelow('audit/', () => refusing) })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const ran = memory.started.length
    refusing = true
    const refused = [
      await world.ask('POST', '/api/searches', asked),
      await world.get(`/api/searches/${search.id}/panels/loans`),
      await world.ask('POST', `/api/searches/${search.id}/exports`, { panel: 'loans', format: 'csv' }),
      // An address gives nothing yet: what it opens is taken along when it is fetched.
      await world.get((await world.get(`/api/exports/${made.id}/file`)).headers.get('location') ?? ''),
      await world.get((await world.get(`/api/exports/${made.id}/companion`)).headers.get('location') ?? ''),
    ]
    for (const answer of refused) {
      expect(answer.status).toBe(503)
      const problem = await problemOf(answer)
      expect(problem).toMatchObject({ type: 'urn:muniment:problem:log-unavailable' })
      expect(problem.detail).toContain('The audit log cannot be written')
      expect(problem.instance).toMatch(/^urn:uuid:/)
    }
    expect(memory.started).toHaveLength(ran)
    const recorded: string[] = []
    for await (const { key } of world.store.list('searches/')) if (!key.includes('/exports/')) recorded.push(key)
    expect(recorded).toEqual([recordKey(search.id)])
    refusing = false
    expect((await world.get(`/api/searches/${search.id}/panels/loans`)).status).toBe(200)
    expect(await world.store.get(recordKey(search.id))).toBeDefined()
  })
})
