import type { Person } from '../identity/port.ts'
import { unchangedUntil } from './grants.ts'
import type { Rights } from './port.ts'
import { rightsBy } from './rights.ts'
import type { StoredVersion } from './versions.ts'

/** Sets of groups that are remembered; people of the same groups have the same rights. */
const most = 1000

/**
 * Rights by a version, worked out once for the same groups and for as long as no grant begins or ends. Of another version nothing is
 * used again. Whoever gets them shares them, with the views that they hold.
 */
export function createHeldRights() {
  let of = ''
  const held = new Map<string, { rights: Rights; from: number; until: number }>()

  return (version: StoredVersion, person: Pick<Person, 'groups'>, at: Date): Rights => {
    if (of !== version.hash) held.clear()
    of = version.hash
    const key = JSON.stringify([...new Set(person.groups)].sort())
    const now = at.getTime()
    const known = held.get(key)
    if (known && known.from <= now && now < known.until) return known.rights
    const rights = rightsBy(version.rules, version.number, person, at)
    if (held.size >= most) held.clear()
    held.set(key, { rights, from: now, until: unchangedUntil(version.rules.grants, at) })
    return rights
  }
}
