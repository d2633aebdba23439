import { join } from 'node:path'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import { tokensFor } from '@muniment/archive/audit/keys/commitments'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import { seal } from '@muniment/archive/audit/seal/seal'
import { verify } from '@muniment/archive/audit/verify/verify'
import type { Row } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Export } from '../../src/contract.ts'
import { exportKeysKey } from '../../src/shared/keys.ts'
import { sweepResults } from '../../src/upkeep/sweep.ts'
import { logged, refusingBelow } from '../support/logged.ts'
import { type Answer, memoryEngine } from '../support/memory-engine.ts'
import { hour, outcomesOf, stopped, upkeep } from '../support/upkeep.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

describe('the records in a file', () => {
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
    expect(await outcomesOf(world, 'export')).toEqual([[]])
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
    await upkeep(world, late)
    await upkeep(world, late)
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
      await upkeep(world)
      expect(await outcomesOf(world, 'export')).toEqual([['interrupted']])
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
    await upkeep(world)
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
