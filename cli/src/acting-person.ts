import { identityBeside } from '@muniment/api/sign-in/beside'
import { secretsOf } from '@muniment/api/sign-in/open'
import { OperatorError } from '@muniment/archive/errors'
import { localIdentity } from '@muniment/archive/identity/local-identity'
import type { Identity, Person } from '@muniment/archive/identity/port'
import { TOKEN_VARIABLE } from '@muniment/archive/identity/settings'
import { readSettings } from './settings.ts'

/** Who changes something by the command line: whoever the token in MUNIMENT_TOKEN was given to, verified as the server does. */
export async function actingPerson(): Promise<Person> {
  const person = await personOfToken()
  if (person) return person
  throw new OperatorError(
    `Changing this needs to know who you are: set ${TOKEN_VARIABLE}. In the demonstration: ${TOKEN_VARIABLE}=$(npx muniment token henrik.lund)`,
  )
}

/** For commands that read: without a token they act as this machine's account, which belongs to no group. */
export async function actingIdentity(): Promise<Identity> {
  const person = await personOfToken()
  return person ? { authenticate: async () => structuredClone(person) } : localIdentity()
}

async function personOfToken(): Promise<Person | undefined> {
  const token = process.env[TOKEN_VARIABLE]
  if (!token) return undefined
  const { signIn, home } = readSettings()
  const identity = await identityBeside(signIn, secretsOf({ path: home }))
  const person = await identity.verify(token)
  if (person) return person
  throw new OperatorError(`The token in ${TOKEN_VARIABLE} is not valid, or no longer: they are good for minutes.`)
}
