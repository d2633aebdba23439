import { secretsOf } from '@muniment/api/sign-in/open'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { localUsers } from '@muniment/archive/identity/users'
import { readSettings } from './settings.ts'

/** The groups of a local user or sample person; undefined where the setting does not know the person, as behind a provider elsewhere. */
export async function groupsOfPerson(id: string): Promise<string[] | undefined> {
  const { home, signIn } = readSettings()
  if (signIn.issuer) return undefined
  const users = localUsers(secretsOf({ path: home }))
  if (await users.configured()) return (await users.find(id))?.groups
  return samplePeople.find((person) => person.id === id)?.groups
}
