import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Export, Search } from '../../src/contract.ts'
import { exportRecordKey, recordKey } from '../../src/shared/keys.ts'
import { markOf } from '../../src/shared/process-mark.ts'
import { closeEntries } from '../../src/upkeep/close-entries.ts'
import { closeInterrupted } from '../../src/upkeep/close-interrupted.ts'
import { answering } from '../support/loans.ts'
import { logged, refusingBelow } from '../support/logged.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { openWorld, problemOf, type World } from '../support/world.ts'

const asked = { application: 'lending', useCase: 'find-loan', inputs: { holder: 'x' }, purpose: 'test' }
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
          // The process ends here: its record has the end, the log has not.
          refusing = true
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
      await world.get(`/api/exports/${made.id}/file`),
      await world.ask('POST', `/api/exports/${made.id}/address`, { of: 'file' }),
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
