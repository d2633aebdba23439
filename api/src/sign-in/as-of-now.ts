import type { TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { Person } from '@muniment/archive/identity/port'
import type { People } from './people.ts'

/** Who was removed, or has other groups now, is not who the token says: a new one has to be fetched. */
export function asOfNow(tokens: TokenIdentity, people: People): TokenIdentity {
  async function look(said: Person | undefined): Promise<Person | undefined> {
    const now = said && (await people.find(said.id))
    if (!now || JSON.stringify([now.name, now.groups]) !== JSON.stringify([said.name, said.groups])) return undefined
    return { ...said, ...(now.records && { records: now.records }) }
  }
  return {
    verify: async (token) => look(await tokens.verify(token)),
    authenticate: async (request) => look(await tokens.authenticate(request)),
  }
}
