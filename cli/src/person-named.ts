import { identityBeside } from '@muniment/api/sign-in/beside'
import { secretsOf } from '@muniment/api/sign-in/open'
import { peopleOf } from '@muniment/api/sign-in/people'
import { OperatorError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import { TOKEN_VARIABLE } from '@muniment/archive/identity/settings'
import { localUsers } from '@muniment/archive/identity/users'
import { readSettings } from './settings.ts'

/** Token of the second person, where an act takes two. */
export const SECOND_TOKEN_VARIABLE = 'MUNIMENT_SECOND_TOKEN'

/**
 * The person whom a command names as the one who acts. In the demonstration a sample person's name is enough; elsewhere a token of
 * theirs must prove it. Throws OperatorError with what to do.
 */
export async function personNamed(id: string, variable: string = TOKEN_VARIABLE): Promise<Person> {
  const { signIn, home } = readSettings()
  const secrets = secretsOf({ path: home })
  const token = process.env[variable]
  if (token) {
    const person = await (await identityBeside(signIn, secrets)).verify(token)
    if (!person)
      throw new OperatorError(`The token in ${variable} is not valid, or no longer: they are good for minutes.`)
    if (person.id !== id) throw new OperatorError(`The token in ${variable} is not ${id}'s.`)
    return person
  }
  const people = signIn.issuer ? undefined : peopleOf(localUsers(secrets), true)
  const offered = await people?.offered()
  if (!people || !offered)
    throw new OperatorError(`That ${id} acts must be proved: set ${variable} to a token that your sign-in gave them.`)
  const person = await people.find(id)
  if (person) return person
  throw new OperatorError(`There is no sample person ${id}: ${offered.map((sample) => sample.id).join(', ')}.`)
}
