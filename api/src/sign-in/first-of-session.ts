import { createHash } from 'node:crypto'
import { bearerOf, type TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { Person } from '@muniment/archive/identity/port'
import { decodeJwt } from 'jose'
import type { OnSignInEvent } from './events.ts'

/** Sessions that are remembered; one that was forgotten is told again. */
const MOST = 50_000

/**
 * Tells of each session of another provider once, when its first token is seen here, and before that token counts. What tells sessions apart
 * is what the token says: `sid`, else when the person signed in, else the token itself.
 */
export function firstOfSession(tokens: TokenIdentity, issuer: string, onEvent: OnSignInEvent): TokenIdentity {
  const seen = new Map<string, Promise<void>>()

  async function told(token: string, person: Person): Promise<Person> {
    const session = sessionOf(token, person.id)
    let telling = seen.get(session)
    if (!telling) {
      telling = onEvent({ action: 'sign-in', person, issuer })
      seen.set(session, telling)
      const [oldest] = seen.keys()
      if (seen.size > MOST && oldest !== undefined) seen.delete(oldest)
      // Where the log cannot be written the next request tries again.
      telling.catch(() => seen.delete(session))
    }
    await telling
    return person
  }

  const verify = async (token: string) => {
    const person = await tokens.verify(token)
    return person && told(token, person)
  }
  return {
    verify,
    async authenticate(request) {
      const token = bearerOf(request.headers)
      return token === undefined ? undefined : verify(token)
    },
  }
}

/** Of a token that was verified. */
function sessionOf(token: string, person: string): string {
  const { sid, auth_time: since, origin_jti: origin, jti } = decodeJwt(token)
  const [mark = token] = [sid, origin, since, jti].filter(
    (claim) => typeof claim === 'string' || typeof claim === 'number',
  )
  return createHash('sha256')
    .update(JSON.stringify([person, mark]))
    .digest('base64url')
}
