/** An access token of a person, by their id, that is good for some minutes yet. */
export type FreshTokens = (person: string) => Promise<string>

/** Tokens live for ten minutes, and a run takes longer. */
const goodMs = 4 * 60_000

/** Asks `fetchToken` for each person's when it is needed, and again when it is `goodMs` old. */
export function freshTokens(
  fetchToken: (person: string) => Promise<string>,
  clock: () => number = Date.now,
): FreshTokens {
  const kept = new Map<string, { token: Promise<string>; since: number }>()
  return (person) => {
    const known = kept.get(person)
    if (known && clock() - known.since < goodMs) return known.token
    const token = fetchToken(person)
    kept.set(person, { token, since: clock() })
    // Asked again rather than refused for minutes.
    token.catch(() => kept.delete(person))
    return token
  }
}
