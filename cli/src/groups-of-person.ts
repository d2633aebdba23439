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

/** Ids of local users or sample people by their groups; undefined where only a provider elsewhere knows them. */
export async function personsByGroup(): Promise<Map<string, string[]> | undefined> {
  const { home, signIn } = readSettings()
  if (signIn.issuer) return undefined
  const users = localUsers(secretsOf({ path: home }))
  const people = (await users.configured()) ? await users.list() : samplePeople
  const persons = new Map<string, string[]>()
  for (const { id, groups } of people)
    for (const group of groups) persons.set(group, [...(persons.get(group) ?? []), id])
  return persons
}
