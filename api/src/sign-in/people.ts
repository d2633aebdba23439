import type { Person } from '@muniment/archive/identity/port'
import { type SamplePerson, samplePeople } from '@muniment/archive/identity/sample-people'
import type { Users } from '@muniment/archive/identity/users'

export interface People {
  /** The sample people, where they are the ones who may sign in; undefined where passwords are asked for. */
  offered(): Promise<readonly SamplePerson[] | undefined>
  find(id: string): Promise<Person | undefined>
  check(id: string, password: string): Promise<Person | undefined>
}

/** Who may sign in at the embedded provider: the local users, or the sample people while there never were any. */
export function peopleOf(users: Users, maySample: boolean): People {
  const offered = async () => (maySample && !(await users.configured()) ? samplePeople : undefined)
  return {
    offered,
    async find(id) {
      const sample = await offered()
      if (!sample) return users.find(id)
      const found = sample.find((person) => person.id === id)
      if (!found) return undefined
      const { name, groups, records } = found
      return { id, name, groups: [...groups], ...(records && { records: [...records] }) }
    },
    check: (id, password) => users.check(id, password),
  }
}
