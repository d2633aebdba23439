import type { Rights } from '@muniment/archive/access/port'
import type { Actor } from '@muniment/archive/audit/port'
import type { Person } from '@muniment/archive/identity/port'

/** Who asks, and what the access rules in force made of them when they asked. */
export interface Acting {
  person: Person
  rights: Rights
}

export const actorOf = ({ person, rights }: Acting): Actor => ({
  id: person.id,
  roles: rights.roles,
  groups: rights.groups,
  rules: rights.rules,
})
