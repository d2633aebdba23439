import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { approvalKey, catalogKey, dispositionKey, HOLD_REGISTER, planKey, slotKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { executeRun } from '../../src/execute/execute-run.ts'
import type { ExecuteDeps } from '../../src/execute/ports.ts'
import { eventKey } from '../../src/run/run-keys.ts'
import { createRunWorld, RUN, type RunWorld } from './run-world.ts'
import { steppingStore } from './stepping.ts'

let world: RunWorld
let all: string[]
beforeAll(async () => {
  world = await createRunWorld()
  await world.reset()
  all = [...(await world.rowsThere())].sort()
}, 120_000)
afterAll(() => world?.close())
beforeEach(() => world.reset())

const file = (key: string) => join(world.world.home.path, key)

/** The run does not come to its end, and every row is there. */
async function destroysNothing(change: Partial<ExecuteDeps> = {}) {
  const { deps } = world.process()
  const outcome = await executeRun({ ...deps, ...change }, RUN, { workers: 2 }).then(
    ({ state }) => state,
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(Error)
  expect([...(await world.rowsThere())].sort()).toEqual(all)
  return outcome as Error
}

const loadKey = async () => {
  const [load] = (await readdir(file('loads/app'))).filter((name) => /^[0-9a-f]{32}$/.test(name))
  return `loads/app/${load}/load.json`
}
const closureKeyOf = async () => {
  const placed = await world.place('T2')
  const folder = `holds/${placed.hold.id}`
  const [name] = (await readdir(file(folder))).filter((each) => each.startsWith('closure-'))
  return `${folder}/${name}`
}

const INPUTS: [string, () => string | Promise<string>][] = [
  ['hold register', () => HOLD_REGISTER],
  ['closure of a hold', closureKeyOf],
  ['plan', () => planKey(RUN)],
  ['approval', () => approvalKey(RUN)],
  ['disposition list of the parts', () => dispositionKey(RUN, 'parts')],
  ['disposition list of the things', () => dispositionKey(RUN, 'things')],
  ['ledger of loads', loadKey],
]

const WAYS: [string, (path: string) => Promise<void>][] = [
  ['missing', (path) => rm(path)],
  ['empty', (path) => writeFile(path, '')],
  ['null', (path) => writeFile(path, 'null')],
  ['undefined', (path) => writeFile(path, 'undefined')],
  ['an empty object', (path) => writeFile(path, '{}')],
  ['an empty list', (path) => writeFile(path, '[]')],
  ['cut off', async (path) => writeFile(path, (await readFile(path)).subarray(0, -20))],
]

for (const [input, keyOf] of INPUTS)
  for (const [way, tamper] of WAYS)
    it(`destroys nothing where the ${input} is ${way}`, async () => {
      await tamper(file(await keyOf()))
      await destroysNothing()
    })

const change = async (key: string, edit: (value: Record<string, unknown>) => void) => {
  const value = JSON.parse(await readFile(file(key), 'utf8')) as Record<string, unknown>
  edit(value)
  await writeFile(file(key), JSON.stringify(value))
}

it.each<[string, () => Promise<unknown>]>([
  [
    'a register of a later version than any',
    () => change(HOLD_REGISTER, (value) => Object.assign(value, { version: 7 })),
  ],
  ['a plan for another day', () => change(planKey(RUN), (value) => Object.assign(value, { asOf: '2031-01-01' }))],
  [
    'a plan of the future',
    () => change(planKey(RUN), (value) => Object.assign(value, { planned: '2099-01-01T00:00:00.000Z' })),
  ],
  [
    'a plan of another run',
    () => change(planKey(RUN), (value) => Object.assign(value, { run: 'R-20260301-ffffffffffff' })),
  ],
  [
    'an approval of another list',
    () => change(approvalKey(RUN), (value) => Object.assign(value, { hash: 'f'.repeat(64) })),
  ],
  [
    'a list that was sent back',
    () => change(approvalKey(RUN), (value) => Object.assign(value, { outcome: 'sent-back' })),
  ],
  [
    'an approval by whoever planned it',
    () => change(approvalKey(RUN), (value) => Object.assign(value.signed as object, { by: 'karla' })),
  ],
  [
    'a list of another table',
    async () => writeFile(file(dispositionKey(RUN, 'things')), await readFile(file(dispositionKey(RUN, 'parts')))),
  ],
  [
    'a work slot that another run has',
    () =>
      writeFile(
        file(slotKey('app')),
        JSON.stringify({ kind: 'run', work: 'R-20260301-ffffffffffff', begun: '2026-03-01T10:00:00.000Z' }),
      ),
  ],
  ['a work slot that cannot be read', () => writeFile(file(slotKey('app')), '{')],
  [
    'what was said of the run that cannot be read',
    async () => {
      await world.process().deps.store.create(eventKey(RUN, 1), '{}')
    },
  ],
])('destroys nothing with %s', async (_, tamper) => {
  await tamper()
  await destroysNothing()
})

it.each<[string, () => Date]>([
  ['that gives no time', () => new Date(Number.NaN)],
  ['that is before the plan', () => new Date('2026-02-01T00:00:00.000Z')],
  ['that is years after the plan', () => new Date('2031-01-01T00:00:00.000Z')],
])('destroys nothing by a clock %s', async (_, clock) => {
  await destroysNothing({ clock })
})

it('destroys nothing by a clock that is before a hold was placed', async () => {
  await world.place('T4')
  // The hold is of 11:00; half an hour before, the plan was made already.
  await destroysNothing({ clock: () => new Date('2026-03-01T10:30:00.000Z') })
})

it.each<[string, Partial<ExecuteDeps>]>([
  ['no schedules can be read', { classTables: () => Promise.reject(new Error('There are no schedules.')) }],
  ['the schedules have no class of the list', { classTables: async () => new Map() }],
  ['schedules, statements or objects changed', { preflight: async () => ['The statements changed since.'] }],
  ['what changed since cannot be found out', { preflight: () => Promise.reject(new Error('Unknown.')) }],
  ['the model cannot be read', { loadModel: () => Promise.reject(new Error('There is no model.')) }],
  ['the register cannot be asked', { held: () => Promise.reject(new Error('Timeout.')) }],
  [
    'the register gives no answer',
    {
      held: async () => ({
        register: { version: 0, sha256: 'x' },
        covers: () => undefined as unknown as string[],
        coversTable: () => [],
      }),
    },
  ],
  [
    'the register gives no version',
    {
      held: async () => ({
        register: { version: undefined as unknown as number, sha256: 'x' },
        covers: () => [],
        coversTable: () => [],
      }),
    },
  ],
])('destroys nothing where %s', async (_, lacking) => {
  await destroysNothing(lacking)
})

it('destroys nothing where schedules, model, statements and loads are not those that the plan was made of', async () => {
  const { preflight: _, ...deps } = world.process().deps
  await expect(executeRun(deps, RUN, { workers: 1 })).rejects.toThrow(/Other schedules are in force/)
  expect([...(await world.rowsThere())].sort()).toEqual(all)
})

/** Operations of a run up to the one that first takes a record away. */
async function operationsBefore(): Promise<number> {
  let names: string[] = []
  const { deps } = world.process((store: ObjectStore) => {
    const stepping = steppingStore(store, () => {})
    names = stepping.names
    return stepping.store
  })
  await executeRun(deps, RUN, { workers: 1 })
  return names.findIndex((name) => /^(remove|replace) archive\//.test(name))
}

it('destroys nothing where any one operation before the first destruction fails', async () => {
  const before = await operationsBefore()
  expect(before).toBeGreaterThanOrEqual(40)
  let survived = 0
  for (let at = 1; at <= before; at++) {
    await world.reset()
    const { deps } = world.process((store: ObjectStore) => {
      const stepping = steppingStore(store, (operation, what) => {
        if (operation === at) throw new Error(`${what} timed out`)
        // A catalog may be crawled a second time; a record may not be taken.
        if (operation > at && /^(remove|replace) archive\//.test(what)) throw new Error('a record was taken')
      })
      return stepping.store
    })
    const outcome = await executeRun(deps, RUN, { workers: 1 }).then(
      ({ state }) => state,
      (error: Error) => error.message,
    )
    expect(outcome, `operation ${at}`).not.toBe('executed')
    expect(outcome, `operation ${at}`).not.toBe('a record was taken')
    expect([...(await world.rowsThere())].sort(), `operation ${at}`).toEqual(all)
    survived++
  }
  console.info(`model: ${survived} operations that failed before the first destruction, and nothing destroyed`)
}, 300_000)

it('is not hindered by a catalog that is missing, which is made anew from what there is', async () => {
  await rm(file(catalogKey('app')))
  const { state } = await executeRun(world.process().deps, RUN, { workers: 2 })
  expect(state).toBe('executed')
})
