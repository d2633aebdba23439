import { samplePeople } from './sample-people.ts'

/** What the log and the rules call what is no person. */
const RESERVED = new Set(['nobody', 'server', 'sample', 'command', 'command-line', 'local', 'system', 'muniment'])

/** Whether the log would take whoever has this id for something else: for the server, say, or for an account of the machine. */
export const isReserved = (id: string): boolean => RESERVED.has(id.toLowerCase()) || id.startsWith('account:')

/** Why nobody may be given this id; undefined where somebody may. */
export function whyNotGiven(id: string): string | undefined {
  if (id === 'local') return 'choose another than local: that is how this machine itself is called'
  if (isReserved(id)) return `choose another than ${id}: the log calls something so that is no person`
  if (samplePeople.some((person) => person.id === id))
    return `choose another than ${id}: it is of a person of the demonstration, whose searches and exports would be theirs`
  return undefined
}
