import { identityBeside } from '@muniment/api/sign-in/beside'
import { secretsOf } from '@muniment/api/sign-in/open'
import { peopleOf } from '@muniment/api/sign-in/people'
import { OperatorError } from '@muniment/archive/errors'
import type { Identity, Person } from '@muniment/archive/identity/port'
import { TOKEN_VARIABLE } from '@muniment/archive/identity/settings'
import { localUsers } from '@muniment/archive/identity/users'
import { readSettings } from './settings.ts'

/** Who changes something by the command line: whoever the token in MUNIMENT_TOKEN was given to, verified as the server does. */
export async function actingPerson(): Promise<Person> {
  const person = await personOfToken()
  if (person) return person
  throw new OperatorError(
    `Changing this needs to know who you are: set ${TOKEN_VARIABLE}. In the demonstration: ${TOKEN_VARIABLE}=$(npx muniment token henrik.lund)`,
  )
}

/** Who answers for what a command of the demonstration reads, where nobody is named: the one who may see the most. */
const DEMONSTRATOR = 'mira.kovacs'

/** For commands that read records: whoever the token was given to. Without one, in the demonstration, its data protection officer. */
export async function actingIdentity(): Promise<Identity> {
  const person = (await personOfToken()) ?? (await demonstrator())
  if (person) return { authenticate: async () => structuredClone(person) }
  throw new OperatorError(
    `Records are shown to who may see them: set ${TOKEN_VARIABLE} to a token of your sign-in provider.`,
  )
}

async function demonstrator(): Promise<Person | undefined> {
  const { signIn, home } = readSettings()
  if (signIn.issuer) return undefined
  return (await peopleOf(localUsers(secretsOf({ path: home })), true).offered())?.find(({ id }) => id === DEMONSTRATOR)
}

/** Undefined where no token is set. */
export async function personOfToken(): Promise<Person | undefined> {
  const token = process.env[TOKEN_VARIABLE]
  if (!token) return undefined
  const { signIn, home } = readSettings()
  const identity = await identityBeside(signIn, secretsOf({ path: home }))
  const person = await identity.verify(token)
  if (person) return person
  throw new OperatorError(`The token in ${TOKEN_VARIABLE} is not valid, or no longer: they are good for minutes.`)
}
