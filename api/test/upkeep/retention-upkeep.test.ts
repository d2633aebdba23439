import { placeHold } from '@muniment/archive/holds/place'
import { dueKey, planKey } from '@muniment/archive/layout'
import { createLog } from '@muniment/archive/log'
import type { TemplateLibrary } from '@muniment/query-templates/port'
import { holdDeps } from '@muniment/retention/holds/hold-deps'
import { PrefixSchedules } from '@muniment/retention/prefixes/types'
import { createRetention } from '@muniment/retention/retention'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createPlanWorld,
  keeper,
  type PlanWorld,
  schedulesOf,
  second,
} from '../../../retention/test/plan/plan-world.ts'
import { readDue } from '../../src/shared/due-calendar.ts'
import { createRetentionUpkeep } from '../../src/upkeep/retention-upkeep.ts'

let world: PlanWorld
let retention: ReturnType<typeof createRetention>
let told: { msg: string; [name: string]: unknown }[]
beforeEach(async () => {
  world = await createPlanWorld({ policies: [['due', '2001-05-06', 'over', null]] }, schedulesOf())
  const { deps } = world
  const never = () => Promise.reject(new Error('nobody asks for keys here'))
  retention = createRetention({
    ...deps,
    applications: async () => ['app'],
    keySecrets: { key: never, find: never },
    signer: never,
    publicKeys: never,
  })
  told = []
})
afterEach(() => world?.close())

/** A process that begins: what it knows, it knows from the bucket. */
function begun(prefixes?: PrefixSchedules) {
  const { deps, archive } = world
  const log = createLog('test', { level: 'silent' })
  for (const level of ['info', 'warn', 'error'] as const)
    log[level] = ((fields: object, msg: string) => void told.push({ ...fields, msg, level })) as never
  // The edge to templates: their model is the archive's.
  const templates = {
    list: async () => ['app'],
    get: async () => ({ application: archive.model('app') }),
  } as unknown as TemplateLibrary
  return createRetentionUpkeep({ ...deps, templates, retention, prefixes: async () => prefixes, log })
}
const runs = () => retention.runs('app')
const errors = () => told.filter(({ level }) => level === 'error')

describe('the timer of retention', () => {
  it('plans what is due once, keeps the calendar for after a restart, and approves and destroys nothing', async () => {
    await begun().tick()
    const [run] = await runs()
    expect(run).toMatchObject({ domain: 'all', state: 'planned', destroyed: 0 })
    expect((await readDue(world.store, 'app'))?.classes.map((one) => [one.class, one.due])).toEqual([
      ['claims', 0],
      ['policies', 1],
    ])
    world.setTime('2026-11-24T10:00:00.000Z')
    const second = begun()
    await second.tick()
    await second.tick()
    expect((await runs()).map((one) => [one.run, one.state])).toEqual([[run?.run, 'planned']])
    expect((await readDue(world.store, 'app'))?.asOf).toBe('2026-11-24')
    expect(errors()).toEqual([])
  })

  it('plans again when the plan that waits is too old to be approved', async () => {
    await begun().tick()
    world.setTime('2026-12-23T09:00:00.000Z')
    await begun().tick()
    expect(await runs()).toHaveLength(1)
    world.setTime('2026-12-24T11:00:00.000Z')
    await begun().tick()
    expect(await runs()).toHaveLength(2)
  })

  it('plans no second time on the day on which a list was sent back, and does on the next', async () => {
    await begun().tick()
    const [run] = await runs()
    const { hash } = await retention.planned(run?.run ?? '')
    await retention.sendBack(run?.run ?? '', { hash, said: 'Not now.', by: second })
    await begun().tick()
    expect(await runs()).toHaveLength(1)
    world.setTime('2026-11-24T10:00:00.000Z')
    await begun().tick()
    expect(await runs()).toHaveLength(2)
  })

  it('makes no plan of what is held, and none while a run cannot be read', async () => {
    const scope = { kind: 'keys' as const, table: 'policies', keys: [['due']] }
    const said = { application: 'app', matter: 'M', authority: 'Court', reason: 'R.', by: keeper }
    await placeHold(holdDeps(world.deps), { ...said, scope, review: '2026-11-20' })
    await begun().tick()
    expect(await runs()).toEqual([])
    expect(errors()).toEqual([])
    expect(told.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).toEqual([
      'the review of a hold is overdue; the hold stands',
    ])
    await world.store.create(planKey('R-20261101-0123456789ab'), '{')
    world.setTime('2026-11-24T10:00:00.000Z')
    await begun().tick()
    expect(errors().length).toBeGreaterThan(0)
  })

  it('reminds of a run that was approved and is not carried out, and leaves it to people', async () => {
    await begun().tick()
    const run = (await runs())[0]?.run ?? ''
    const { hash } = await retention.planned(run)
    await retention.approve(run, { hash, said: '1', by: second })
    await begun().tick()
    expect(told.filter(({ level }) => level === 'warn')).toEqual([])
    world.setTime('2026-11-25T11:00:00.000Z')
    await begun().tick()
    expect(told.filter(({ level }) => level === 'warn')).toMatchObject([{ run, state: 'approved' }])
    expect((await retention.runs('app')).map(({ state }) => state)).toEqual(['approved'])
  })

  it('begins nothing once it was stopped, and waits for what it began', async () => {
    const upkeep = begun()
    const ticking = upkeep.tick()
    await upkeep.stop()
    await ticking
    await upkeep.tick()
    expect(await runs()).toEqual([])
    expect(await world.store.head(dueKey('app'))).toBeUndefined()
  })

  it('removes what is over besides the records', async () => {
    const rule = { period: 'P1Y', reason: 'R.' }
    const prefixes = PrefixSchedules.parse({
      format: 1,
      title: 'T',
      prefixes: {
        quarantine: rule,
        searches: rule,
        results: rule,
        requests: { ...rule, period: 'P2Y' },
        holds: { keep: true, reason: 'R.' },
        lists: rule,
      },
    })
    await world.store.create('searches/2020-01-01/s1.json', '{}')
    await world.store.create('searches/2028-01-01/s2.json', '{}')
    world.setTime('2028-06-01T10:00:00.000Z')
    await begun(prefixes).tick()
    expect(errors()).toEqual([])
    const left: string[] = []
    for await (const { key } of world.store.list('searches/')) left.push(key)
    expect(left).toEqual(['searches/2028-01-01/s2.json'])
  })
})
