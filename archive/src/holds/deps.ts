import { rolesWith } from '../access/duties.ts'
import { rightsBy } from '../access/rights.ts'
import type { Duty, Signature } from '../access/rules.ts'
import { type Actor, current, signature } from '../access/rules-acts.ts'
import type { AuditLog, Actor as LoggedActor, Opening } from '../audit/port.ts'
import type { Catalog } from '../catalog/port.ts'
import type { QueryEngine } from '../engine/port.ts'
import { NotFoundError } from '../errors.ts'
import type { Application } from '../model/types.ts'
import type { ObjectStore } from '../store/port.ts'
import type { HeldCheck } from './held-by.ts'
import type { LateHold } from './types.ts'

/** What a hold came too late for, and runs of which that could not be found out. */
export interface Late {
  late: LateHold[]
  unchecked: { run: string; why: string }[]
}

export interface HoldDeps {
  store: ObjectStore
  engine: QueryEngine
  catalog: Catalog
  loadModel: (application: string) => Promise<Application>
  audit: AuditLog
  clock: () => Date
  /** Tables of a record class, its own first. Throws InputError where there is none of the name. */
  classTables?: (application: string, domain: string, name: string) => Promise<string[]>
  /**
   * Once the register has the hold: bars each decision that no run has taken yet about what is covered, and tells what was decided before.
   * Absent where nothing is ever destroyed.
   */
  bar?: (hold: {
    application: string
    hold: string
    register: number
    covers: (...row: Parameters<HeldCheck['covers']>) => boolean
  }) => Promise<Late>
}

/** One of `duties` at least. Gives who it is for the log, and the signature. Throws NotFoundError where they may not. */
export async function mustMay(
  { store, clock }: Pick<HoldDeps, 'store' | 'clock'>,
  by: Actor,
  duties: readonly Duty[],
  what: string,
): Promise<{ actor: LoggedActor; signed: Signature }> {
  const now = clock()
  const version = await current(store)
  const rights = rightsBy(version.rules, version.number, by, now)
  if (!duties.some((duty) => rights.has(duty))) {
    const roles = [...new Set(duties.flatMap(rolesWith))]
    throw new NotFoundError(
      `You may not ${what}: by version ${version.number} of the access rules that is for ${roles.join(' or ')}s. ${version.rules.contact}`,
    )
  }
  return {
    actor: { id: by.id, roles: rights.roles, groups: rights.groups, rules: version.number },
    signed: signature(by, now),
  }
}

/** Does it between an opening and a closing of the log; `detail` is told in the closing. */
export async function inLog<T>(
  { audit }: Pick<HoldDeps, 'audit'>,
  opening: Opening,
  act: (detail: Record<string, string | number>) => Promise<T>,
): Promise<T> {
  const entry = await audit.open(opening)
  const detail: Record<string, string | number> = {}
  let done: T
  try {
    done = await act(detail)
  } catch (error) {
    await audit.close(entry, { outcome: 'failed', detail })
    throw error
  }
  await audit.close(entry, { outcome: 'done', detail })
  return done
}
