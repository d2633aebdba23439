import { markOf } from '../../src/shared/process-mark.ts'
import { closeEntries } from '../../src/upkeep/close-entries.ts'
import { closeInterrupted } from '../../src/upkeep/close-interrupted.ts'
import { logged } from './logged.ts'
import type { World } from './world.ts'

export const hour = 3_600_000

/** Of a process that is certainly gone. */
export const stopped = { process: 'linux another-boot 1 2 3', owner: true as const }

/** As the owner that begins after whatever was left. */
export async function upkeep(world: World, at = new Date(Date.now() + 2 * hour)): Promise<void> {
  const parts = { store: world.store, audit: world.audit, by: markOf({ owner: true }), clock: () => at, began: at }
  await closeInterrupted(parts)
  await closeEntries({ ...parts, from: new Date(at.getTime() - 24 * hour) })
}

/** How the actions ended, by all their closings: each has one, or none yet. */
export const outcomesOf = async ({ store }: World, action: string) =>
  (await logged(store, action)).map(({ closings }) => closings.map(({ outcome }) => outcome))
