import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FairQueue } from '../src/engine/pool/fair-queue.ts'
import { Lane } from '../src/engine/pool/lane.ts'
import type { Failure } from '../src/engine/pool/messages.ts'
import { makeArchive, policies, rowsOf, run, startOptions, statement, type TestArchive } from './engine-archive.ts'

type Engine = Awaited<ReturnType<TestArchive['engine']>>

let archive: TestArchive
let engine: Engine | undefined

beforeAll(async () => {
  archive = await makeArchive({ pas: { policies } })
})
afterEach(async () => {
  await engine?.close()
  engine = undefined
})
afterAll(() => archive.close())

const endless = `SELECT count(*) AS n FROM policies a CROSS JOIN policies b CROSS JOIN policies c
  WHERE a.note || b.note < c.note || a.note`
const quick = 'SELECT count(*) AS n FROM policies'
const greedy = `SELECT cardinality(array_agg(DISTINCT x)) AS n
  FROM (SELECT a.note || b.note AS x FROM policies a CROSS JOIN policies b) all_of_them`

/** An export's process has a low priority: on a busy machine it takes its time to begin. */
async function running(of: Engine, id: string) {
  for (let tries = 0; tries < 3000; tries++) {
    if ((await of.status(id)).state === 'RUNNING') return
    await sleep(10)
  }
  throw new Error('never ran')
}

async function until(what: () => boolean | Promise<boolean>) {
  for (let tries = 0; tries < 500; tries++) {
    if (await what()) return
    await sleep(20)
  }
  throw new Error('never came true')
}

const alive = (pid: number) => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

describe('time', () => {
  it('stops a search at its limit and says what to do', async () => {
    engine = await archive.engine()
    const { execution } = await run(engine, endless, [], { timeLimit: 300 })
    expect(execution.error).toMatchObject({ kind: 'limit', retryable: false })
    expect(execution.error?.message).toContain('longer than 300 ms. Narrow it down')
    expect(execution.statistics.engineMs).toBeGreaterThan(290)
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
  })

  it('kills a process that does not listen, after the grace, and goes on with another', async () => {
    engine = await archive.engine({ grace: 300 })
    await rowsOf(engine, quick)
    const [pid] = engine.pids()
    const id = await engine.start(statement(endless), startOptions({ timeLimit: 500 }))
    await running(engine, id)
    process.kill(pid ?? 0, 'SIGSTOP')
    expect((await engine.wait(id, 10_000)).error?.kind).toBe('limit')
    expect(alive(pid ?? 0)).toBe(false)
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
  })
})

describe('cancelling', () => {
  it('stops work in the engine at once', async () => {
    engine = await archive.engine()
    const id = await engine.start(statement(endless), startOptions())
    await running(engine, id)
    const began = performance.now()
    await engine.cancel(id)
    expect(performance.now() - began).toBeLessThan(1500)
    expect((await engine.status(id)).state).toBe('CANCELLED')
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
    await engine.cancel(id)
  })

  it('takes a waiting search out of the queue', async () => {
    engine = await archive.engine()
    const blocking = await engine.start(statement(endless), startOptions())
    await running(engine, blocking)
    const waiting = await engine.start(statement(quick), startOptions())
    await sleep(50)
    expect((await engine.status(waiting)).state).toBe('QUEUED')
    await engine.cancel(waiting)
    expect(await engine.status(waiting)).toMatchObject({ state: 'CANCELLED', statistics: { bytesScanned: 0 } })
    await engine.cancel(blocking)
  })

  it('stops a search that has not reached the queue yet', async () => {
    engine = await archive.engine()
    const id = await engine.start(statement(endless), startOptions())
    await engine.cancel(id)
    expect((await engine.status(id)).state).toBe('CANCELLED')
  })

  it('ends everything that runs or waits when the engine is closed', async () => {
    const closing = await archive.engine()
    const ids = await Promise.all([1, 2, 3].map(() => closing.start(statement(endless), startOptions())))
    await running(closing, ids[0] ?? '')
    const ends = ids.map((id) => closing.wait(id, 10_000))
    const pids = closing.pids()
    await closing.close()
    expect((await Promise.all(ends)).map(({ state }) => state)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
    await until(() => !pids.some(alive))
    await expect(closing.start(statement(quick), startOptions())).rejects.toThrow('shut down')
    expect((await readdir(path.join(archive.home, '.work'))).filter((name) => name.startsWith('engine-'))).toEqual([])
  })
})

describe('crashes', () => {
  it('fails the one search whose process is killed, and no other', async () => {
    engine = await archive.engine({ searchWorkers: 2 })
    await Promise.all([rowsOf(engine, quick), rowsOf(engine, quick)])
    const before = engine.pids()
    const doomed = await engine.start(statement(endless), startOptions())
    const other = await engine.start(statement(endless), startOptions())
    await running(engine, doomed)
    await running(engine, other)
    // Which of both runs where is not told: the one that fails is the one that was killed.
    process.kill(before[0] ?? 0, 'SIGKILL')
    await until(async () => {
      const states = await Promise.all([doomed, other].map(async (id) => (await engine?.status(id))?.state))
      return states.includes('FAILED')
    })
    const both = await Promise.all([engine.status(doomed), engine.status(other)])
    const failed = both.find(({ state }) => state === 'FAILED')
    expect(both.map(({ state }) => state).sort()).toEqual(['FAILED', 'RUNNING'])
    expect(failed?.error).toMatchObject({ kind: 'system', retryable: true })
    expect(failed?.error?.message).toContain('other searches are not affected')
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
    await Promise.all([engine.cancel(doomed), engine.cancel(other)])
    expect(engine.pids()).not.toEqual(before)
  })

  it('does not lose what waits when an idle process dies', async () => {
    engine = await archive.engine()
    await rowsOf(engine, quick)
    process.kill(engine.pids()[0] ?? 0, 'SIGKILL')
    await sleep(100)
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
  })

  it('says who must act when a process cannot be started at all', async () => {
    const lane = new Lane({
      processes: 1,
      eager: false,
      lowPriority: false,
      grace: 100,
      resident: 1024 ** 3,
      settings: () => ({ memory: 1024 ** 2, threads: 1, scratch: '/dev/null/nowhere', scratchLimit: 1 }),
    })
    const failure = await new Promise<Failure | 'cancelled'>((resolve) => {
      const nothing = () => undefined
      const setup = () => ({ name: 'pas', version: '1', folder: '/', tables: [], absent: [], rowRules: [] })
      const job = { id: 'x', application: 'pas', sql: quick, values: [], work: { kind: 'prepare' as const } }
      lane.push({
        person: 'anna',
        job,
        timeLimit: 1000,
        setup,
        started: nothing,
        progress: nothing,
        rows: nothing,
        done: nothing,
        failed: resolve,
      })
    })
    lane.close()
    expect(failure).toMatchObject({ kind: 'system' })
    expect(typeof failure === 'string' ? '' : failure.message).toMatch(
      /cannot be started .* The operator must look into it/,
    )
  })

  it('says who must act when a database cannot be opened', async () => {
    engine = await archive.engine({ searchThreads: 0 })
    const { execution } = await run(engine, quick)
    expect(execution.error).toMatchObject({ kind: 'system' })
    expect(execution.error?.message).toContain('The operator must look')
  })
})

describe('memory', () => {
  it('fails a search that needs more than it may use, and no other', async () => {
    engine = await archive.engine({ memory: 64 * 1024 ** 2, scratch: 32 * 1024 ** 2, searchWorkers: 2 })
    const [hungry, modest] = await Promise.all([run(engine, greedy, [], { timeLimit: 60_000 }), run(engine, quick)])
    expect(hungry.execution.error).toMatchObject({ kind: 'limit' })
    expect(hungry.execution.error?.message).toContain('needed more memory')
    expect(modest.rows).toEqual([['10000']])
    expect(await rowsOf(engine, quick)).toEqual([['10000']])
  })

  it('kills a process that holds more than DuckDB was given and what it needs beside', async () => {
    engine = await archive.engine({ overhead: -450 * 1024 ** 2 })
    const { execution } = await run(engine, endless)
    expect(execution.error).toMatchObject({ kind: 'limit' })
    expect(execution.error?.message).toContain('needed more memory')
  })

  it('refuses a result of more bytes than are kept', async () => {
    engine = await archive.engine({ resultBytes: 700_000 })
    const { execution } = await run(
      engine,
      'SELECT a.note || b.note AS x FROM policies a JOIN policies b ON a.units = b.units',
      [],
      { rowLimit: 1_000_000 },
    )
    expect(execution.error).toMatchObject({ kind: 'limit' })
    expect(execution.error?.message).toContain('Narrow the search down, or export it')
  })

  it('does not let functions make texts of any size', async () => {
    engine = await archive.engine()
    const { execution } = await run(engine, "SELECT length(lpad('x', 1000000000, 'y')) AS n")
    expect(execution.error).toMatchObject({ kind: 'user' })
  })
})

describe('turns', () => {
  it('lets each person’s first search come before another’s second', async () => {
    engine = await archive.engine()
    await rowsOf(engine, quick)
    const order: string[] = []
    const blocking = await engine.start(statement(endless), startOptions({ person: 'blocker' }))
    await running(engine, blocking)
    const starts: [string, string][] = [
      ['anna', 'a1'],
      ['anna', 'a2'],
      ['anna', 'a3'],
      ['bert', 'b1'],
      ['cleo', 'c1'],
    ]
    const ends = []
    for (const [person, name] of starts) {
      const id = await engine.start(statement(quick), startOptions({ person }))
      ends.push(engine.wait(id, 20_000).then(() => order.push(name)))
    }
    await sleep(50)
    await engine.cancel(blocking)
    await Promise.all(ends)
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
  })

  it('answers searches while an export runs', async () => {
    engine = await archive.engine()
    const exporting = await engine.start(statement(endless), startOptions({ lane: 'export' }))
    await running(engine, exporting)
    const answers = await Promise.all(Array.from({ length: 10 }, () => rowsOf(engine as Engine, quick)))
    expect(answers.every((rows) => rows[0]?.[0] === '10000')).toBe(true)
    expect((await engine.status(exporting)).state).toBe('RUNNING')
    await engine.cancel(exporting)
  })

  it('refuses more than may wait', async () => {
    engine = await archive.engine({ queued: 1 })
    const ids = []
    ids.push(await engine.start(statement(endless), startOptions()))
    await running(engine, ids[0] ?? '')
    ids.push(await engine.start(statement(endless), startOptions()))
    await sleep(50)
    await expect(engine.start(statement(quick), startOptions())).rejects.toThrow('Too many searches are waiting')
    for (const id of ids) await engine.cancel(id)
  })

  it('queues round by round', () => {
    const queue = new FairQueue<number>()
    for (const [person, item] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
      ['a', 4],
      ['b', 5],
    ] as const)
      queue.push(person, item)
    expect(queue.remove(2)).toBe(true)
    expect(queue.remove(9)).toBe(false)
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([1, 3, 4, 5, undefined])
    expect(queue.size).toBe(0)
  })
})
