import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { placeHold } from '@muniment/archive/holds/place'
import { dispositionKey, planKey, schedulesKey } from '@muniment/archive/layout'
import { approveStatement, makeStatement } from '@muniment/archive/statements/make-statement'
import type { Statement } from '@muniment/archive/statements/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dryRun, dueByMonth } from '../../src/plan/dry-run.ts'
import { explainRecord } from '../../src/plan/explain-record.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { preflightPlan } from '../../src/plan/preflight-plan.ts'
import { planHash, readList, readPlan } from '../../src/plan/read-plan.ts'
import type { DispositionRow } from '../../src/run/types.ts'
import {
  approveSchedules,
  endSchedulesProposal,
  listSchedulesProposals,
  proposeSchedules,
} from '../../src/schedule/proposals.ts'
import { readSchedules } from '../../src/schedule/versions.ts'
import { createPlanWorld, keeper, nobody, type PlanWorld, schedulesOf, second } from './plan-world.ts'

const values = {
  policies: [
    ['due', '2001-05-06', 'over', null],
    ['young', '2020-05-06', 'over', null],
    ['open', '2001-05-06', 'open', null],
    ['undated', null, 'over', null],
    ['claimed', '2001-05-06', 'over', null],
    ['gone-claim', '2001-05-06', 'over', null],
    ['noted', '2001-05-06', 'over', null],
    ['named', '2001-05-06', 'over', null],
    ['naming', '2001-05-06', 'over', 'named'],
    ['twice', '2001-05-06', 'over', null],
    ['twice', '2020-05-06', 'over', null],
    ['held', '2001-05-06', 'over', null],
    ['impossible', '0001-01-01', 'over', null],
    [null, '2001-05-06', 'over', null],
  ],
  covers: [
    ['due', '1'],
    ['due', '2'],
    ['young', '1'],
    ['held', '1'],
  ],
  options: [
    ['due', '1', 'a'],
    ['due', '2', 'ü'],
    ['young', '1', 'a'],
    ['held', '1', ''],
  ],
  claims: [
    ['C1', 'claimed', '2024-01-01'],
    ['C2', 'gone-claim', '2010-01-01'],
  ],
  notes: [['N1', 'noted']],
}

let world: PlanWorld
beforeAll(async () => {
  world = await createPlanWorld(values)
})
afterAll(() => world?.close())

const of = { application: 'app', domain: 'all' }
const plan = (more: object = {}) => makePlan(world.deps, { ...of, by: keeper, ...more })

async function listed(run: string, table: string): Promise<DispositionRow[]> {
  const rows: DispositionRow[] = []
  for await (const batch of readList(world.store, run, table)) rows.push(...batch)
  return rows
}
const keysOf = (rows: DispositionRow[]) => rows.map(({ key }) => key.join('|')).sort()

describe('a plan', () => {
  it('lists what is due with all that goes with it, and nothing that is named by what stays', async () => {
    const made = await plan()
    expect(keysOf(await listed(made.run, 'policies'))).toEqual(['due', 'gone-claim', 'held', 'naming'])
    expect(keysOf(await listed(made.run, 'covers'))).toEqual(['due|1', 'due|2', 'held|1'])
    expect(keysOf(await listed(made.run, 'options'))).toEqual(['due|1|a', 'due|2|ü', 'held|1|'])
    expect(keysOf(await listed(made.run, 'claims'))).toEqual(['C2'])
    expect(made.counts).toEqual({
      claims: { due: 1, held: 0, kept: 0, review: 0, undated: 0, conflict: 0, rows: 1 },
      policies: { due: 4, held: 0, kept: 4, review: 0, undated: 3, conflict: 0, rows: 10 },
    })
    expect(made.reasons.policies?.map(({ why, records }) => `${records} ${why}`).sort()).toEqual([
      '1 It has no key.',
      '1 It is named in "claims" by what stays (policy).',
      '1 It is named in "notes" by what stays (policy).',
      '1 It is named in "policies" by what stays (before).',
      '1 It is open.',
      '2 It is not known whether "policy" applies, or from when it counts (the end).',
    ])
    expect(made.objects.map(({ table, stage }) => `${stage} ${table}`)).toEqual(
      expect.arrayContaining(['0 options', '1 covers', '2 policies', '0 claims']),
    )
    const [row] = await listed(made.run, 'options')
    expect(row).toMatchObject({
      key: ['due', '1', 'a'],
      class: 'policies',
      record: ['due'],
      schedule: 'policy',
      dueFrom: '2011-05-07',
      row: 0,
    })
    expect(planHash(await readPlan(world.store, made.run))).toBe(planHash(made))
  })

  it('is refused to whoever may not, and for a day that is still to come in the time zone', async () => {
    await expect(plan({ by: nobody })).rejects.toThrow('You may not plan destruction')
    await expect(plan({ asOf: '2026-11-24' })).rejects.toThrow('still to come')
    await expect(plan({ asOf: '2026-02-30' })).rejects.toThrow('is no day')
  })

  it('that somebody altered is not read, nor its list', async () => {
    const { run } = await plan()
    const file = path.join(world.archive.home, planKey(run))
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"due": 4', '"due": 5'))
    await expect(readPlan(world.store, run)).rejects.toThrow('is not as it was written')
    await writeFile(file, text)
    const list = path.join(world.archive.home, dispositionKey(run, 'claims'))
    await writeFile(list, await readFile(path.join(world.archive.home, dispositionKey(run, 'covers'))))
    await expect(listed(run, 'claims')).rejects.toThrow('is not as it was planned')
  })

  it('is made of nothing while an object, a schedule or the clock is in doubt, and leaves nothing behind', async () => {
    const before = await keysBelow()
    const [object] =
      (await world.archive.catalog.read('app'))?.tables.find(({ name }) => name === 'notes')?.objects ?? []
    const file = path.join(world.archive.home, object?.key ?? '')
    const records = await readFile(file)
    const broken = {
      ...world.deps,
      catalog: {
        ...world.deps.catalog,
        read: async (name: string) => {
          const snapshot = await world.deps.catalog.read(name)
          return (
            snapshot && {
              ...snapshot,
              tables: snapshot.tables.map((table) => ({
                ...table,
                objects: table.objects.map((one) => ({ ...one, etag: 'x' })),
              })),
            }
          )
        },
      },
    }
    await expect(makePlan(broken, { ...of, by: keeper })).rejects.toThrow('another one than the catalog names')
    const incomplete = {
      ...world.deps,
      catalog: {
        ...world.deps.catalog,
        read: async (name: string) => {
          const snapshot = await world.deps.catalog.read(name)
          return (
            snapshot && {
              ...snapshot,
              tables: snapshot.tables.map((table) => ({ ...table, incomplete: true as const })),
            }
          )
        },
      },
    }
    await expect(makePlan(incomplete, { ...of, by: keeper })).rejects.toThrow('missing or altered')
    const schedules = path.join(world.archive.home, schedulesKey('app', 'all', 1))
    const text = await readFile(schedules, 'utf8')
    await writeFile(schedules, text.replace('P10Y', 'P01Y'))
    await expect(plan()).rejects.toThrow('is not as it was written')
    await writeFile(schedules, text)
    world.setTime('2026-01-01T12:00:00.000Z')
    await expect(plan()).rejects.toThrow('clock of this machine')
    world.setTime('2026-11-23T10:00:00.000Z')
    expect((await readFile(file)).equals(records)).toBe(true)
    expect(await keysBelow()).toEqual(before)
  })

  it('goes on being good while nothing changes, and says what did', async () => {
    const made = await plan()
    expect(await preflightPlan(world.deps, made)).toEqual([])
    world.setTime('2027-02-01T10:00:00.000Z')
    expect(await preflightPlan(world.deps, made)).toEqual([expect.stringContaining('days old')])
    world.setTime('2026-11-22T10:00:00.000Z')
    expect(await preflightPlan(world.deps, made)).toEqual(
      expect.arrayContaining([expect.stringContaining('the clock of this machine says')]),
    )
    world.setTime('2026-11-23T10:00:00.000Z')
    const [first] = made.objects
    const other = { ...made, objects: [{ ...(first as (typeof made.objects)[number]), etag: 'other' }] }
    expect(await preflightPlan(world.deps, other)).toEqual(['1 of its 1 objects are not as they were.'])
  })
})

async function keysBelow() {
  const keys: string[] = []
  for await (const { key } of world.store.list('retention/runs/')) keys.push(key)
  return keys
}

describe('a dry run', () => {
  it('tells by month what will be due, and writes nothing', async () => {
    const before = await keysBelow()
    const rows = await dueByMonth(world.deps, { ...of, asOf: '2031-01-01' })
    expect(rows.filter((row) => row.class === 'policies')).toEqual([
      { month: '2011-05-01', domain: 'all', class: 'policies', records: 5, rows: 11 },
      { month: '2030-05-01', domain: 'all', class: 'policies', records: 2, rows: 5 },
    ])
    expect(await keysBelow()).toEqual(before)
  })
})

describe('why a record is still here', () => {
  it('is told with the schedule that decides, conditions, and rows that name it', async () => {
    expect(
      await explainRecord(world.deps, { application: 'app', table: 'options', key: ['young', '1', 'a'] }),
    ).toMatchObject({
      record: { table: 'policies', key: ['young'] },
      standing: 'not-due',
      dueFrom: '2030-05-07',
      schedules: [{ applies: true, event: '2020-05-06', dueFrom: '2030-05-07', decides: true }],
      namedBy: [],
    })
    expect(await explainRecord(world.deps, { application: 'app', table: 'policies', key: ['noted'] })).toMatchObject({
      standing: 'kept',
      because: 'It is named in "notes" by what stays (policy).',
      namedBy: [{ table: 'notes', columns: ['policy'], rows: 1 }],
    })
    await expect(
      explainRecord(world.deps, { application: 'app', table: 'policies', key: ['nobody'] }),
    ).rejects.toThrow()
  })
})

describe('statements', () => {
  const say = (key: string, what: Statement['what'], by = keeper) =>
    makeStatement(world.deps, { application: 'app', table: 'policies', key: [key], what, reason: 'Learnt later.', by })
  const standing = async (key: string) =>
    (await explainRecord(world.deps, { application: 'app', table: 'policies', key: [key] })).standing

  it('shorten a period only once a second person has signed them', async () => {
    const { id } = await say('undated', { kind: 'event', column: 'ended', date: '2002-02-02' })
    expect(await standing('undated')).toBe('undated')
    await expect(approveStatement(world.deps, { application: 'app', id, by: keeper })).rejects.toThrow('You may not')
    await approveStatement(world.deps, { application: 'app', id, by: second })
    expect(await standing('undated')).toBe('due')
  })

  it('make one longer at once, restrict, and are bound as values', async () => {
    await say('naming', { kind: 'event', column: 'ended', date: '2024-02-02' })
    expect(await standing('naming')).toBe('not-due')
    await say('gone-claim', { kind: 'restriction' })
    expect(await standing('gone-claim')).toBe('kept')
    await say("x'; DROP TABLE policies --", { kind: 'restriction' })
    expect(await standing('due')).toBe('due')
    await expect(say('due', { kind: 'correction', column: 'before', value: null })).rejects.toThrow(
      'rows find each other',
    )
    await expect(say('due', { kind: 'restriction' }, nobody)).rejects.toThrow('You may not')
  })

  it('void a plan made before', async () => {
    const made = await plan()
    await say('young', { kind: 'restriction' })
    expect(await preflightPlan(world.deps, made)).toEqual([expect.stringContaining('a statement is new')])
  })

  it('that were altered stop everything', async () => {
    const { id } = await say('young', { kind: 'reviewed', outcome: 'keep' })
    const file = path.join(world.archive.home, `statements/app/${id}.json`)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"keep"', '"destroy"'))
    await expect(plan()).rejects.toThrow('is not as it was written')
    await writeFile(file, text)
  })
})

describe('what is held', () => {
  it('is counted, and on no list', async () => {
    const deps = { ...world.deps }
    await placeHold(deps, {
      application: 'app',
      matter: 'A against B',
      authority: 'Court',
      reason: 'Order',
      scope: { kind: 'keys', table: 'policies', keys: [['held']] },
      by: keeper,
    })
    const made = await plan()
    expect(made.counts.policies).toMatchObject({ held: 1 })
    for (const table of ['policies', 'covers', 'options'])
      expect(keysOf(await listed(made.run, table)).filter((key) => key.startsWith('held'))).toEqual([])
    expect(keysOf(await listed(made.run, 'policies'))).toContain('due')
  })
})

describe('schedules', () => {
  it('change only by two people, who see what becomes due', async () => {
    const now = await dryRun(world.deps, of)
    const proposal = await proposeSchedules(world.deps, {
      schedules: schedulesOf('P1Y'),
      reason: 'Shorter.',
      by: keeper,
    })
    const change = proposal.changes.find((one) => one.class === 'policies')
    expect(change?.dueNow).toBe(now.counts.policies?.due)
    expect(change?.dueThen).toBeGreaterThan(change?.dueNow ?? 0)
    await expect(
      proposeSchedules(world.deps, { schedules: schedulesOf('P1Y'), reason: ' ', by: keeper }),
    ).rejects.toThrow('Say why')
    await expect(approveSchedules(world.deps, { ...of, id: proposal.id, by: keeper })).rejects.toThrow('You may not')
    const other = await proposeSchedules(world.deps, { schedules: schedulesOf('P2Y'), reason: 'Other.', by: keeper })
    await endSchedulesProposal(world.deps, { ...of, id: other.id, kind: 'refused', reason: 'No.', by: second })
    await expect(approveSchedules(world.deps, { ...of, id: other.id, by: second })).rejects.toThrow('was refused')
    const made = await plan()
    const stands = await approveSchedules(world.deps, { ...of, id: proposal.id, by: second })
    expect(await readSchedules(world.store, 'app', 'all')).toEqual(stands)
    expect(stands.number).toBe(2)
    expect(await preflightPlan(world.deps, made)).toEqual([
      'Other schedules are in force than version 1, by which it was planned.',
    ])
    expect((await listSchedulesProposals(world.store, of)).map(({ state }) => state).sort()).toEqual([
      'approved',
      'refused',
    ])
  })
})
