/** What changing the access rules has in common, whatever is done: who may, by which version, and its entry in the log. */
import type { AuditLog, Actor as LoggedActor, Opening } from '../audit/port.ts'
import { NotFoundError, OperatorError } from '../errors.ts'
import type { Person } from '../identity/port.ts'
import type { ObjectStore } from '../store/port.ts'
import { rolesWith } from './duties.ts'
import { rightsBy } from './rights.ts'
import type { Duty, Signature } from './rules.ts'
import { readRules, type StoredVersion } from './versions.ts'

export type Actor = Pick<Person, 'id' | 'groups'>
export type Clock = () => Date

export interface Doing {
  clock: Clock
  /** What happens is opened in it before, and closed after. Refusals are noted by whoever answers the person. */
  audit?: AuditLog | undefined
}

export async function inLog<T extends { hash: string } | { id: string }>(
  audit: AuditLog | undefined,
  opening: Opening,
  /** What it puts into `detail` is told in the closing, where there is one. */
  act: (detail: Record<string, string>) => Promise<T>,
): Promise<T> {
  const entry = await audit?.open(opening)
  const close = async (outcome: 'done' | 'failed', detail?: Record<string, string>) => {
    if (entry !== undefined) await audit?.close(entry, { outcome, ...(detail && { detail }) })
  }
  const detail: Record<string, string> = {}
  let done: T
  try {
    done = await act(detail)
  } catch (error) {
    await close('failed')
    throw error
  }
  await close('done', { ...detail, ...('hash' in done && { hash: done.hash }) })
  return done
}

export const actorOf = (version: StoredVersion, by: Actor, at: Date): LoggedActor => {
  const { roles, groups } = rightsBy(version.rules, version.number, by, at)
  return { id: by.id, roles, groups, rules: version.number }
}

export const signature = ({ id, groups }: Actor, at: Date): Signature => ({
  by: id,
  at: at.toISOString(),
  groups: [...groups],
})

export async function current(store: ObjectStore): Promise<StoredVersion> {
  const version = await readRules(store)
  if (version) return version
  throw new OperatorError(
    'There are no access rules yet that could be changed. The operator puts the first in force: npx muniment access begin FILE.',
  )
}

export function needDuty(version: StoredVersion, by: Actor, at: Date, duty: Duty, what: string) {
  if (rightsBy(version.rules, version.number, by, at).has(duty)) return
  throw new NotFoundError(
    `You may not ${what}: by version ${version.number} of the access rules that is for ${rolesWith(duty).join(' or ')}s. ` +
      version.rules.contact,
  )
}
