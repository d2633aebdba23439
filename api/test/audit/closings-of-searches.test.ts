import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { tokensFor } from '@muniment/archive/audit/keys/commitments'
import type { Statement } from '@muniment/archive/engine/port'
import { afterEach, describe, expect, it } from 'vitest'
import type { Search } from '../../src/contract.ts'
import { recordKey } from '../../src/shared/keys.ts'
import { closeEntries } from '../../src/upkeep/close-entries.ts'
import { answering, loanResult, loans } from '../support/loans.ts'
import { logged, refusingBelow } from '../support/logged.ts'
import { type Answer, memoryEngine } from '../support/memory-engine.ts'
import { hour, outcomesOf, upkeep } from '../support/upkeep.ts'
import { openWorld, problemOf, type World } from '../support/world.ts'

const asked = {
  application: 'lending',
  useCase: 'find-loan',
  inputs: { holder: 'x' },
  purpose: { reason: 'system-test', note: 'test' },
}

let world: World
afterEach(() => world.close())

describe('the entry of a search', () => {
  it('is closed as interrupted by the upkeep that closes the search, once', async () => {
    world = await openWorld({ engine: memoryEngine(() => 'never').engine })
    const left = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    // Of one that still waits for its turn it is not certain that its entry was opened.
    const state = async () => JSON.parse(String((await world.store.get(recordKey(left.id)))?.body)).state as string
    await expect.poll(state, { timeout: 20_000 }).toBe('running')
    await upkeep(world)
    await upkeep(world)
    expect(await outcomesOf(world, 'search')).toEqual([['interrupted']])
    // The process that was still following it finds that it has ended, and adds nothing.
    await world.ask('DELETE', `/api/searches/${left.id}`)
    await world.settled()
    expect(await outcomesOf(world, 'search')).toEqual([['interrupted']])
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
    expect(await outcomesOf(world, 'search')).toEqual([['done']])
  })

  it('is closed as failed where the search cannot be recorded', async () => {
    world = await openWorld({
      engine: memoryEngine(answering(3)).engine,
      store: refusingBelow('searches/', () => true),
    })
    expect((await world.ask('POST', '/api/searches', asked)).status).toBe(500)
    expect(await outcomesOf(world, 'search')).toEqual([['failed']])
  })

  /** A world whose process ends as soon as a search's record has the end, and the log has not. */
  async function stoppedBeforeClosing(answer: (statement: Statement) => Answer, search: object) {
    let refusing = false
    const opened = await openWorld({
      engine: memoryEngine(answer).engine,
      by: { process: 'linux another-boot 1 2 3' },
      auditStore: refusingBelow('audit/', () => refusing),
      store: (store) => ({
        ...store,
        replace: async (...args) => {
          const done = await store.replace(...args)
          // What was used is written later.
          refusing ||= args[0].startsWith('searches/')
          return done
        },
      }),
    })
    expect((await opened.ask('POST', '/api/searches', search, { prefer: 'wait=5' })).status).toBe(200)
    await opened.settled()
    refusing = false
    return opened
  }

  it('is closed by what the record says, where the process stopped after writing that', async () => {
    world = await stoppedBeforeClosing(answering(3), asked)
    expect(await outcomesOf(world, 'search')).toEqual([[]])
    const [{ opening } = { opening: undefined }] = await logged(world.store, 'search')
    const faults = world.lines.filter((line) => line.includes('"fault"'))
    expect(faults.some((line) => line.includes(`"entry":"${opening?.id}"`))).toBe(true)
    await upkeep(world)
    await upkeep(world)
    expect(await outcomesOf(world, 'search')).toEqual([['done']])
    expect((await logged(world.store, 'search'))[0]?.closings[0]).toMatchObject({ rows: 3, bytes: 1_000 })
  })

  it('names the record of its title, though the process stopped before it could', async () => {
    const rows = loans(1)
    const columns = loanResult.map((column) => ({ ...column, from: `loans.${column.name}` }))
    const file = { ...asked, useCase: 'loan-file', inputs: { loan_number: 'L-000001' } }
    world = await stoppedBeforeClosing(() => ({ columns, rows }), file)
    expect(await outcomesOf(world, 'search')).toEqual([[]])
    await upkeep(world)
    const [entry] = await logged(world.store, 'search')
    expect(entry?.closings).toMatchObject([
      { outcome: 'done', records: { tokens: 1 }, detail: { closed: 'by upkeep' } },
    ])
    const now = new Date()
    const record = { application: 'lending', table: 'loans', key: ['L-000001'] }
    expect(entry?.tokens).toEqual(await tokensFor(world.secrets, record, now, now))
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
    await upkeep(world)
    await upkeep(world, new Date(Date.now() + 4 * hour))
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
    await upkeep(world)
    expect(await outcomesOf(world, 'search')).toEqual([['done'], ['interrupted']])
  })

  it('is left alone while it is young, or while somebody is at work on it', async () => {
    world = await openWorld({ engine: memoryEngine(() => 'never').engine })
    const left = (await (await world.ask('POST', '/api/searches', asked)).json()) as Search
    const now = new Date()
    await closeEntries({ ...world, from: new Date(0), began: now, clock: () => now })
    const later = new Date(Date.now() + hour)
    await closeEntries({ ...world, from: new Date(0), began: later, clock: () => later })
    expect(await outcomesOf(world, 'search')).toEqual([[]])
    await world.ask('DELETE', `/api/searches/${left.id}`)
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
