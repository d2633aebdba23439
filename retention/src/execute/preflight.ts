import { mkdir, statfs } from 'node:fs/promises'
import { readLedger } from '@muniment/archive/catalog/ledger'
import { objectNow } from '@muniment/archive/rewrites/object-now'
import { readRewrites } from '@muniment/archive/rewrites/rewrites'
import { readSlot, slotInWords } from '@muniment/archive/work-slot/work-slot'
import { preflightPlan } from '../plan/preflight-plan.ts'
import type { Plan } from '../run/types.ts'
import type { ExecuteDeps } from './ports.ts'

/** Days after which a plan may not be begun any more. */
export const PLAN_DAYS = 30
const DAY = 86_400_000
/** Clocks may differ by so much. */
const SKEW = 5 * 60_000

function clockReasons(deps: ExecuteDeps, plan: Plan): string[] {
  const now = deps.clock().getTime()
  if (!Number.isFinite(now)) return ['The clock of this machine gives no time.']
  const planned = Date.parse(plan.planned)
  if (planned > now + SKEW)
    return [`The clock of this machine says that the plan was made in the future (${plan.planned}).`]
  if (now - planned > PLAN_DAYS * DAY)
    return [`The plan is of ${plan.planned}, more than ${PLAN_DAYS} days ago: plan again.`]
  return []
}

async function objectReasons({ store }: ExecuteDeps, plan: Plan): Promise<string[]> {
  const reasons: string[] = []
  const loaded = new Map(
    (await readLedger(store, plan.application)).flatMap(({ objects }) => objects.map((one) => [one.key, one])),
  )
  const rewrites = await readRewrites(store, plan.application)
  for (const { key, etag, size } of plan.objects) {
    const known = loaded.get(key)
    const info = await store.head(key)
    const now = known && (await objectNow(store, known, rewrites.get(key) ?? [], info))
    if (!now || (now.state !== 'as-loaded' && now.state !== 'rewritten') || now.etag !== etag || now.size !== size)
      reasons.push(`${key} is not as it was when the plan was made.`)
  }
  return reasons
}

/** Versions of planned objects that neither a load nor a rewrite accounts for: who put them there is to be found out before they go. */
async function versionReasons({ store }: ExecuteDeps, plan: Plan): Promise<string[]> {
  const { versions } = store
  if (!versions) return []
  const state = await versions.state()
  if (state === 'never') return []
  if (state === 'suspended')
    return [
      'Versioning of the bucket is suspended, so that what is replaced may or may not be kept: switch it on again.',
    ]
  const loaded = new Map(
    (await readLedger(store, plan.application)).flatMap(({ objects }) => objects.map((one) => [one.key, one.etag])),
  )
  const rewrites = await readRewrites(store, plan.application)
  const reasons: string[] = []
  for (const { key } of plan.objects) {
    const known = new Set([loaded.get(key), ...(rewrites.get(key) ?? []).map(({ applied }) => applied?.etag)])
    for await (const version of versions.list(key))
      if (version.key === key && (version.deleteMarker || !known.has(version.etag)))
        reasons.push(`${key} has a version (${version.versionId}) that no load and no run accounts for.`)
  }
  return reasons
}

async function diskReasons(deps: ExecuteDeps, plan: Plan): Promise<string[]> {
  const free =
    deps.freeBytes ??
    (async () => {
      await mkdir(deps.work, { recursive: true })
      const { bavail, bsize } = await statfs(deps.work)
      return bavail * bsize
    })
  const largest = plan.objects
    .map(({ size }) => size)
    .sort((a, b) => b - a)
    .slice(0, 2)
  // Each worker has an object before and after.
  const needed = 3 * largest.reduce((sum, size) => sum + size, 0) + (64 << 20)
  const there = await free()
  return there >= needed ? [] : [`The disk of the work folder has ${there} bytes free, and ${needed} are needed.`]
}

/** Reasons why a run may not begin; none: it may. Whatever cannot be looked at throws, and so keeps it from beginning too. */
export async function preflight(deps: ExecuteDeps, plan: Plan): Promise<string[]> {
  const slot = await readSlot(deps.store, plan.application)
  const other = slot && !(slot.slot?.kind === 'run' && slot.slot.work === plan.run)
  return [
    ...clockReasons(deps, plan),
    ...(other ? [`${slotInWords(plan.application, slot.slot)}.`] : []),
    ...(await (deps.preflight ?? ((one: Plan) => preflightPlan(deps, one)))(plan)),
    ...(await objectReasons(deps, plan)),
    ...(await versionReasons(deps, plan)),
    ...(await diskReasons(deps, plan)),
  ]
}
