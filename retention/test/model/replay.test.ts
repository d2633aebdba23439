import type { PlacedHold } from '@muniment/archive/holds/place'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { executeRun } from '../../src/execute/execute-run.ts'
import { fsck } from '../../src/fsck/fsck.ts'
import { createRunWorld, DUE, RUN, type RunWorld } from './run-world.ts'
import { steppingStore } from './stepping.ts'

/** Every n-th point; all of them with MUNIMENT_ALL_INTERLEAVINGS=1. */
/** Every so many-th interleaving; all of them by MUNIMENT_INTERLEAVINGS=1, more than here by `npm run endure`. */
const EVERY = Number(process.env.MUNIMENT_INTERLEAVINGS ?? 48)

let world: RunWorld
/** Operations of a run that nobody disturbs. */
let operations = 0
let names: string[] = []
let replayed = 0

const SURVIVORS = [0, 1, 4, 5].flatMap((n) => [`T${n}`, `P${n}`])

/** A run from begin to end, with `act` before its operation `at`. */
async function runWith(at: number, act: () => Promise<unknown>) {
  let stepping: ReturnType<typeof steppingStore> | undefined
  const { deps } = world.process((store: ObjectStore) => {
    stepping = steppingStore(store, async (operation) => {
      if (operation === at) await act()
    })
    return stepping.store
  })
  const outcome = await executeRun(deps, RUN, { workers: 1 }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { outcome, operations: stepping?.operations() ?? 0, names: stepping?.names ?? [] }
}

/** Whatever is left is carried out, and then all must be as it should: `held` by what was told when they were placed. */
async function mustHold(placed: PlacedHold[], released = false) {
  replayed++
  const { deps } = world.process()
  const { state } = await executeRun(deps, RUN, { workers: 1 })
  expect(state).toBe('executed')
  const there = await world.rowsThere()
  for (const key of SURVIVORS) expect(there.has(key), `${key} was never due`).toBe(true)
  for (const { late, unchecked } of placed)
    expect({ unchecked, late: late.length <= 2 }).toEqual({ unchecked: [], late: true })
  const late = new Set(placed.flatMap((hold) => hold.late.map(({ key }) => key[0])))
  for (const thing of DUE)
    for (const key of [thing, world.partOf(thing)]) {
      const isHeld = placed.length > 0 && thing === 'T2'
      if (!isHeld) expect(there.has(key), `${key} was due and not held`).toBe(false)
      else if (!late.has(key) && !released)
        expect(there.has(key), `${key} is held, and nobody said that it is late`).toBe(true)
    }
  const { problems } = await fsck(deps)
  expect(problems).toEqual([])
  return there
}

beforeAll(async () => {
  world = await createRunWorld()
  await world.reset()
  const undisturbed = await runWith(0, async () => {})
  expect(undisturbed.outcome).toBeUndefined()
  operations = undisturbed.operations
  names = undisturbed.names
  if (process.env.MUNIMENT_TELL) console.info(undisturbed.names.map((name, at) => `${at + 1} ${name}`).join('\n'))
  await mustHold([])
  replayed = 0
}, 120_000)
afterAll(async () => {
  console.info(`model: ${replayed} interleavings replayed against the real code, of a run of ${operations} operations`)
  await world?.close()
})

const points = (from = 1) =>
  Array.from({ length: Math.ceil(operations / EVERY) }, (_, n) => from + n * EVERY).filter((n) => n <= operations)

it('has a run of as many operations as there were', () => {
  expect(operations).toBeGreaterThanOrEqual(150)
})

it('lets a hold that is placed between any two operations of a run win, or says for what it is late', async () => {
  const told = new Set<number>()
  for (const at of points()) {
    await world.reset()
    const placed: PlacedHold[] = []
    const { outcome } = await runWith(at, async () => placed.push(await world.place('T2')))
    expect(outcome, `at ${at}`).toBeUndefined()
    expect(placed).toHaveLength(1)
    for (const { late } of placed) told.add(late.length)
    await mustHold(placed)
  }
  // Neither, the part alone, part and thing.
  expect([...told].sort()).toEqual([0, 1, 2])
}, 600_000)

it('lets a hold win against a stale worker that resumes after another finished, wherever it was paused', async () => {
  for (const at of points(2)) {
    await world.reset()
    const placed: PlacedHold[] = []
    await runWith(at, async () => {
      placed.push(await world.place('T2'))
      // The slot names the work and not the worker: this one goes on with it.
      await executeRun(world.process().deps, RUN, { workers: 1 })
    })
    await mustHold(placed)
  }
}, 600_000)

it('lets a hold win that is placed between another worker and the stale one', async () => {
  for (const at of points(3)) {
    await world.reset()
    const placed: PlacedHold[] = []
    await runWith(at, async () => {
      await runWith(Math.ceil(operations / 2), async () => placed.push(await world.place('T2')))
    })
    await mustHold(placed)
  }
}, 600_000)

it('keeps what two overlapping holds protect where one of them is released in between', async () => {
  for (const at of points(4)) {
    await world.reset()
    const placed: PlacedHold[] = []
    const first = await world.place('T2')
    await runWith(at, async () => {
      placed.push(await world.place('T2'))
      await world.release(first.hold.id)
    })
    await mustHold(placed)
    const { register } = await world.register()
    expect(register.holds.map(({ state }) => state)).toEqual(['released', 'standing'])
  }
}, 600_000)

it('destroys nothing else where a hold is placed and released again during the run', async () => {
  for (const at of points(1)) {
    await world.reset()
    const placed: PlacedHold[] = []
    await runWith(at, async () => {
      const hold = await world.place('T2')
      placed.push(hold)
      await world.release(hold.hold.id)
    })
    const there = await mustHold(placed, true)
    // A record goes as a whole, or stays as a whole, but for what was decided before the hold.
    if (there.has('P2')) expect(there.has('T2')).toBe(true)
  }
}, 600_000)

it('refuses a load and survives a crawl during a run', async () => {
  for (const at of points(2)) {
    await world.reset()
    const loads: unknown[] = []
    await runWith(at, async () => {
      await world.process().deps.catalog.crawl('app')
      await world.world.deliver({ 'THINGS.csv': 'ID,NAME\nT50,x\n', 'PARTS.csv': 'ID,THING\nP50,T50\n' })
      loads.push(
        await world.world.ingest().then(
          ({ state }) => state,
          (error: Error) => error.message,
        ),
      )
      await world.process().deps.catalog.crawl('app')
    })
    const there = await mustHold([])
    const [load] = loads
    expect(there.has('T50')).toBe(load === 'committed')
    if (load !== 'committed') expect(load).toMatch(/run/i)
  }
}, 600_000)

it('would be found out to destroy what is held, did holds bar nothing', async () => {
  const decisions = names.flatMap((name, at) => (/^create .*\/decision-/.test(name) ? [at + 1] : []))
  expect(decisions.length).toBe(4)
  let lost = 0
  for (const at of decisions) {
    await world.reset()
    const placed: PlacedHold[] = []
    const { holds } = world.process()
    const { bar: _, ...barring } = holds
    await runWith(at, async () => placed.push(await world.place('T2', { ...world.process(), holds: barring })))
    await executeRun(world.process().deps, RUN, { workers: 1 })
    const there = await world.rowsThere()
    expect(placed.map(({ late }) => late)).toEqual([[]])
    if (!there.has('T2') || !there.has('P2')) lost++
  }
  expect(lost).toBeGreaterThan(0)
}, 120_000)

it('lets only one of two runs have the records', async () => {
  for (const at of points(1)) {
    await world.reset()
    const other = await world.anotherRun()
    let second: unknown
    const { outcome } = await runWith(at, async () => {
      second = await executeRun(world.process().deps, other, { workers: 1 }).then(
        ({ state }) => state,
        (error: Error) => error.message,
      )
    })
    replayed++
    // Whoever has the slot goes on; the other finds it taken, or the records gone.
    expect([outcome === undefined, second === 'executed'].filter(Boolean), `at ${at}`).toHaveLength(1)
    const there = await world.rowsThere()
    for (const key of SURVIVORS) expect(there.has(key)).toBe(true)
    for (const thing of DUE)
      expect([there.has(thing), there.has(world.partOf(thing))], `at ${at}`).toEqual([false, false])
    expect((await fsck(world.process().deps)).problems).toEqual([])
  }
}, 600_000)
