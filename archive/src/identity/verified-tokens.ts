import { createHash } from 'node:crypto'
import type { JWTPayload } from 'jose'

/** Milliseconds for which a signature need not be checked again; a key that its provider withdrew counts no longer than that. */
const keptMs = 60_000
const most = 2_000

interface Verified {
  payload: JWTPayload
  at: number
}

/**
 * What tokens say whose signatures were checked a moment ago: a page asks several times a second with the same one. Only what a token says
 * is remembered, by the hash of its whole text; when it ends is looked at each time.
 */
export function createVerifiedTokens({ toleranceMs, clock }: { toleranceMs: number; clock: () => Date }) {
  const held = new Map<string, Verified>()
  const keyOf = (token: string) => createHash('sha256').update(token).digest('base64url')

  return {
    /** Undefined where it has to be verified. */
    find(token: string): JWTPayload | undefined {
      const key = keyOf(token)
      const found = held.get(key)
      if (!found) return undefined
      const now = clock().getTime()
      const { exp = 0, nbf = 0 } = found.payload
      const fresh = now >= found.at && now < found.at + keptMs
      if (fresh && exp * 1_000 + toleranceMs > now && nbf * 1_000 <= now + toleranceMs) return found.payload
      held.delete(key)
      return undefined
    },

    keep(token: string, payload: JWTPayload): void {
      const [oldest] = held.keys()
      if (oldest !== undefined && held.size >= most) held.delete(oldest)
      held.set(keyOf(token), { payload, at: clock().getTime() })
    },
  }
}
