import { OperatorError } from '@muniment/archive/errors'
import type { HeldCheck } from '@muniment/archive/holds/held-by'
import { z } from 'zod'
import { heldKey, heldPrefix } from '../run/run-keys.ts'
import { readRecord } from '../run/run-state.ts'
import type { Plan } from '../run/types.ts'
import { createOrRead } from './files.ts'
import type { ListedRow, Lists } from './lists.ts'
import { type ExecuteDeps, heldNow } from './ports.ts'
import type { Session } from './session.ts'

/** Records of the lists that are held: of each the class and its key. A record is held as a whole, by any row of it. */
const HeldRecords = z.strictObject({
  register: z.int().nonnegative(),
  sha256: z.string(),
  records: z.array(z.tuple([z.string(), z.array(z.string())])),
})

export interface Holding {
  register: number
  isHeld(row: ListedRow): boolean
}

const nameOf = (cls: string, record: readonly string[]) => JSON.stringify([cls, record])

/**
 * What is held of a run's lists. Each time it is asked it reads the register itself; the lists are gone through once for each version of it.
 * What was held at one decision is held at all that follow, also where the hold is released meanwhile: else a record could go in part, or
 * go from under what was kept.
 */
export function createHolding(deps: ExecuteDeps, plan: Plan, lists: Lists, classTables: ReadonlyMap<string, string>) {
  const known = new Map<string, ReadonlySet<string>>()

  function tableOf(cls: string): string {
    const table = classTables.get(cls)
    if (table === undefined) throw new OperatorError(`The schedules of run ${plan.run} have no class ${cls}.`)
    return table
  }

  async function heldBy(session: Session, check: HeldCheck): Promise<ReadonlySet<string>> {
    const before = known.get(check.register.sha256)
    if (before) return before
    const held = new Set<string>()
    const records: [string, string[]][] = []
    await lists.each(session, (table, row) => {
      const name = nameOf(row.class, row.record)
      if (held.has(name)) return
      const ids = check.covers(table, row.key, { table: tableOf(row.class), key: row.record })
      if (!Array.isArray(ids)) throw new OperatorError('The hold register gave no answer; nothing is destroyed.')
      if (ids.length === 0 && check.coversTable(table).length === 0) return
      held.add(name)
      records.push([row.class, row.record])
    })
    if (held.size > 0) {
      const { version, sha256 } = check.register
      const body = JSON.stringify({ register: version, sha256, records })
      const stands = await createOrRead(deps.store, heldKey(plan.run, version), body)
      if (HeldRecords.parse(JSON.parse(stands.toString())).sha256 !== sha256)
        throw new OperatorError(
          `Version ${version} of the hold register is not the one that it was before; nothing is destroyed.`,
        )
    }
    known.set(check.register.sha256, held)
    return held
  }

  return async function holding(session: Session): Promise<Holding> {
    const check = await heldNow(deps, plan.application)
    const { version } = check.register
    if (!Number.isInteger(version) || version < plan.holds.version)
      throw new OperatorError(
        `The hold register is version ${version}, older than the plan's ${plan.holds.version}; nothing is destroyed.`,
      )
    const now = await heldBy(session, check)
    const earlier = new Set<string>()
    for await (const { key } of deps.store.list(heldPrefix(plan.run)))
      for (const [cls, record] of (await readRecord(deps.store, key, HeldRecords))?.records ?? [])
        earlier.add(nameOf(cls, record))
    return {
      register: version,
      isHeld: ({ class: cls, record }) => now.has(nameOf(cls, record)) || earlier.has(nameOf(cls, record)),
    }
  }
}
