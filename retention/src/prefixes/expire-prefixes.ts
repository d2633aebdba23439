import { OperatorError } from '@muniment/archive/errors'
import { inLog } from '@muniment/archive/holds/deps'
import { heldBy } from '@muniment/archive/holds/held-by'
import { readRegister } from '@muniment/archive/holds/register'
import { approvalKey, certificateKey, planKey, RUNS_PREFIX, runPrefix } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { RetentionDeps } from '../deps.ts'
import { Approval } from '../run/types.ts'
import { checkPrefixes, cutoff } from './check-prefixes.ts'
import { type PrefixName, PrefixSchedules } from './types.ts'

type Deps = Pick<RetentionDeps, 'store' | 'audit'>

/** What is kept or removed together. */
interface Unit {
  prefix: PrefixName
  folder: string
  keys: string[]
}

/** Folders removed in one go at most; the next run goes on. */
const MOST = 5_000

/**
 * Removes what is over by the schedules of prefixes, folder by folder, each with an entry in the log; gives the folders. Nothing of an
 * application's quarantine goes while a hold stands there. Throws OperatorError, before anything is removed, where the register of holds or the
 * schedules are in doubt.
 */
export async function expirePrefixes(deps: Deps, now: Date, given: PrefixSchedules): Promise<string[]> {
  if (Number.isNaN(now.getTime())) throw new OperatorError('The clock of this machine gives no time.')
  const schedules = PrefixSchedules.parse(given)
  const [finding] = checkPrefixes(schedules)
  if (finding) throw new OperatorError(`The schedules of prefixes would not do: ${finding}`)
  const units = (await unitsOver(deps.store, schedules, now)).slice(0, MOST)
  for (const unit of units) await removeUnit(deps, unit)
  return units.map(({ folder }) => folder)
}

async function removeUnit({ store, audit }: Deps, { prefix, folder, keys }: Unit): Promise<void> {
  const actor = { id: 'muniment', roles: [], groups: [], rules: 0 }
  await inLog({ audit }, { action: 'prefix-expiry', actor, subject: { prefix, folder } }, async (detail) => {
    for (const key of keys) await store.remove(key)
    const gone = new Set(keys)
    let versions = 0
    if (store.versions)
      // What was written meanwhile is nobody's to remove.
      for await (const { key, versionId, latest, deleteMarker } of store.versions.list(folder))
        if (gone.has(key) && (!latest || deleteMarker)) {
          await store.versions.remove(key, versionId)
          versions++
        }
    Object.assign(detail, { objects: keys.length, versions })
  })
}

async function unitsOver(store: ObjectStore, { prefixes }: PrefixSchedules, now: Date): Promise<Unit[]> {
  const before = (name: PrefixName) => cutoff(prefixes[name].period, now)
  const { register } = await readRegister(store)
  const units: Unit[] = []
  const add = async (prefix: PrefixName, folder: string, wanted: (key: string) => boolean = () => true) => {
    const keys: string[] = []
    let over = true
    for await (const { key, modified } of store.list(folder))
      if (wanted(key)) {
        keys.push(key)
        over &&= modified.getTime() < before(prefix).getTime()
      }
    if (over && keys.length > 0) units.push({ prefix, folder, keys })
  }

  for (const application of await foldersOf(store, 'quarantine/')) {
    const name = application.slice('quarantine/'.length, -1)
    // Also proves that what the holds protect can be read.
    await heldBy(store, name, () => now)
    if (register.holds.some((hold) => hold.state === 'standing' && hold.application === name)) continue
    for (const load of await foldersOf(store, application)) await add('quarantine', load)
  }
  for (const folder of await foldersOf(store, 'searches/')) {
    const day = Date.parse(`${folder.slice('searches/'.length, -1)}T23:59:59.999Z`)
    if (day < before('searches').getTime()) await add('searches', folder)
  }
  for (const folder of await foldersOf(store, 'results/')) await add('results', folder)
  for (const folder of await foldersOf(store, 'requests/')) await add('requests', folder)
  for (const folder of await foldersOf(store, RUNS_PREFIX)) {
    const run = folder.slice(RUNS_PREFIX.length, -1)
    const over = await isOver(store, run, before('lists'))
    if (over === 'certified') await add('lists', `${runPrefix(run)}lists/`)
    // Without its lists a plan is none: first it goes, and then what it named.
    if (over === 'idle') await add('lists', runPrefix(run))
    units.at(-1)?.keys.sort((one, other) => Number(other === planKey(run)) - Number(one === planKey(run)))
  }
  return units
}

async function foldersOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const name of store.names(prefix)) if (name.endsWith('/')) found.push(`${prefix}${name}`)
  return found
}

/** Why nobody needs a run's lists any more, if so: it was certified, or sent back or never approved (`idle`), before the moment. */
async function isOver(store: ObjectStore, run: string, before: Date): Promise<'certified' | 'idle' | undefined> {
  const [plan, certificate, approval] = await Promise.all([
    store.head(planKey(run)),
    store.head(certificateKey(run)),
    store.get(approvalKey(run)),
  ])
  if (!plan) return undefined
  if (certificate) return certificate.modified < before ? 'certified' : undefined
  if (!approval) return plan.modified < before ? 'idle' : undefined
  const said = Approval.safeParse(JSON.parse(approval.body.toString()))
  return said.success && said.data.outcome === 'sent-back' && approval.modified < before ? 'idle' : undefined
}
