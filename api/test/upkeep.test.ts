import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Search } from '../src/contract.ts'
import { fateOf, markOf, type ProcessMark } from '../src/shared/process-mark.ts'
import type { SearchRecord } from '../src/shared/search-record.ts'
import { createSearchRecords } from '../src/shared/search-records.ts'
import { closeInterrupted } from '../src/upkeep/close-interrupted.ts'
import { sweepResults, sweepUnfinishedExports } from '../src/upkeep/sweep.ts'
import { answering } from './support/loans.ts'
import { memoryEngine } from './support/memory-engine.ts'
import { openWorld, problemOf, type World } from './support/world.ts'

let world: World
afterEach(() => world.close())
const day = 24 * 3_600_000
const clock = () => new Date()

describe('sweeping', () => {
  it('removes results that are too old; the search stays and says how to see it again', async () => {
    const { engine } = memoryEngine(answering(3))
    world = await openWorld({ engine })
    const old = await world.search('find-loan', { holder: 'x' })
    const young = await world.search('find-loan', { holder: 'y' })
    const tomorrow = new Date(Date.now() + day + 60_000)
    const file = (id: string) => join(world.home, 'results', id, 'loans.json')
    // Results are stored beside the answer.
    await vi.waitFor(() => Promise.all([stat(file(old.id)), stat(file(young.id))]))
    await utimes(file(young.id), tomorrow, tomorrow)
    expect(await sweepResults({ store: world.store, clock: () => tomorrow, resultsMs: day })).toBe(1)

    // A process that has not read the result before.
    const other = await openWorld({ engine, folder: world.root })
    const gone = await other.get(`/api/searches/${old.id}/panels/loans`)
    expect(gone.status).toBe(410)
    expect((await problemOf(gone)).detail).toContain('Run the search again')
    expect((await other.get(`/api/searches/${young.id}/panels/loans`)).status).toBe(200)
    expect(((await (await other.get(`/api/searches/${old.id}`)).json()) as Search).state).toBe('done')
  })

  it('looks at no result of a search that is too young to have old ones', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    await world.search('find-loan', { holder: 'x' })
    const listed: string[] = []
    const store: typeof world.store = {
      ...world.store,
      list(prefix) {
        listed.push(prefix)
        return world.store.list(prefix)
      },
    }
    expect(await sweepResults({ store, clock: () => new Date(), resultsMs: day })).toBe(0)
    expect(listed).toEqual([])
  })

  it('removes exported files; the record of the export stays', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const search = await world.search('find-loan', { holder: 'x' })
    const made = await world.exported(search.id, { panel: 'loans', format: 'csv' })
    const tomorrow = () => new Date(Date.now() + day + 60_000)
    await sweepResults({ store: world.store, clock: tomorrow, resultsMs: day })
    expect((await world.get(`/api/exports/${made.id}`)).status).toBe(200)
    expect((await world.get(`/api/exports/${made.id}/file`)).status).toBe(410)
  })

  it('removes what a stopped process left of half-written exports', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const work = join(world.home, '.work')
    await mkdir(join(work, 'exports', 'left', 'unloaded'), { recursive: true })
    await writeFile(join(work, 'exports', 'left', 'unloaded', 'result.csv'), 'x')
    await sweepUnfinishedExports(work)
    expect(await readdir(join(work, 'exports'))).toEqual([])
  })
})

describe('a server that begins again', () => {
  it('closes what the one before left open, and nothing else', async () => {
    const { engine } = memoryEngine((statement) =>
      statement.sql.includes('holder = ?') ? answering(3)(statement) : 'never',
    )
    world = await openWorld({ engine })
    const ended = await world.search('find-loan', { holder: 'x' })
    const body = {
      application: 'lending',
      useCase: 'find-loan',
      inputs: { state: ['A'] },
      purpose: { reason: 'system-test', note: 'x' },
    }
    const left = (await (await world.ask('POST', '/api/searches', body)).json()) as Search
    const began = new Date(Date.now() + 1)
    const closed = await closeInterrupted({ store: world.store, audit: world.audit, by: markOf(), began, clock })
    expect(closed).toBe(1)
    expect(await closeInterrupted({ store: world.store, audit: world.audit, by: markOf(), began, clock })).toBe(0)

    const after = await openWorld({ engine: memoryEngine(() => 'never').engine, folder: world.root })
    const read = async (id: string) => (await (await after.get(`/api/searches/${id}`)).json()) as Search
    expect(await read(ended.id)).toEqual(ended)
    expect(await read(left.id)).toMatchObject({ state: 'failed', panels: [{ problem: { status: 503 } }] })
    await world.ask('DELETE', `/api/searches/${left.id}`)
  })

  /** A search that is open, begun under this mark so many milliseconds ago. */
  async function leftBy(by: ProcessMark | undefined, ago = 1_000): Promise<string> {
    const { id } = await world.search('find-loan', { holder: 'x' })
    const entry = await createSearchRecords(world.store).read(id)
    if (!entry) throw new Error('no record')
    const { by: _by, finished: _finished, entry: _entry, ...record } = entry.record
    const panels = record.panels.map(({ outcome: _outcome, ...panel }) => panel)
    const started = new Date(Date.now() - ago).toISOString()
    const open: SearchRecord = { ...record, state: 'running', started, panels, ...(by && { by }) }
    await createSearchRecords(world.store).replace(entry, open)
    return id
  }
  const stateOf = async (id: string) => (await createSearchRecords(world.store).read(id))?.record.state
  const close = () =>
    closeInterrupted({ store: world.store, audit: world.audit, by: markOf(), began: new Date(), clock })

  it.runIf(process.platform === 'linux')(
    'leaves what another process is at work on, until that has ended',
    async () => {
      world = await openWorld({ engine: memoryEngine(answering(3)).engine })
      const module = new URL('../src/shared/process-mark.ts', import.meta.url).href
      const script = `import('${module}').then((m) => { console.log(JSON.stringify(m.markOf())); setInterval(() => {}, 1e6) })`
      const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
      try {
        const [said] = (await once(child.stdout, 'data')) as [Buffer]
        const mark = JSON.parse(said.toString()) as ProcessMark
        const id = await leftBy(mark)
        expect(await close()).toBe(0)
        // Nor does a server that is asked for it take it for lost.
        expect(await (await world.get(`/api/searches/${id}`)).json()).toMatchObject({
          state: expect.stringMatching(/^(queued|running)$/),
        })
        child.kill('SIGKILL')
        await once(child, 'exit')
        expect(await close()).toBe(1)
        expect(await stateOf(id)).toBe('failed')
      } finally {
        child.kill('SIGKILL')
      }
    },
  )

  it('closes what the owner before it, or this process, had begun; of a process nobody can ask about, what is old', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    const elsewhere = { process: 'host another-machine 4711' }
    const young = await leftBy(elsewhere)
    const old = await leftBy(elsewhere, 3_700_000)
    const owner = await leftBy({ ...elsewhere, owner: true })
    const own = await leftBy(markOf())
    const unmarked = await leftBy(undefined)
    await close()
    expect(await Promise.all([young, old, owner, own, unmarked].map(stateOf))).toEqual([
      'running',
      'failed',
      'failed',
      'failed',
      'failed',
    ])
  })

  it('takes an id that another process has now for no life', async () => {
    world = await openWorld({ engine: memoryEngine(answering(3)).engine })
    // The same id as the parent's, begun at another time: as after a restart of the machine's counters.
    const parts = markOf().process.split(' ')
    const reused = [...parts.slice(0, 3), String(process.ppid), ...parts.slice(4).map(() => '1')].join(' ')
    expect(fateOf({ process: reused })).toBe(process.platform === 'linux' ? 'ended' : 'unknown')
    for (const process of ['', 'linux', 'linux a b ../../etc c', 'host', 'x y z'])
      expect(fateOf({ process })).toBe('unknown')
  })
})
