/** Called by Cognito before it makes tokens: its access tokens name nobody, so that people would be shown as ids. */

/** Of what Cognito sends (V2_0), what is looked at; all of it is sent back. */
export interface TokenEvent {
  request: { userAttributes: Record<string, string | undefined> }
  response: {
    claimsAndScopeOverrideDetails?: {
      accessTokenGeneration?: { claimsToAddOrOverride?: Record<string, string> }
    } | null
  }
}

/** As much of a name as identity takes. */
const MAX_NAME = 200

/**
 * Adds the person's name to the access token, and nothing else: no right comes from here. Cognito waits five seconds, and nobody signs in
 * where this fails, so it asks nobody and writes nothing.
 */
export const handler = async <E extends TokenEvent>(event: E): Promise<E> => {
  const name = nameIn(event.request.userAttributes)
  if (name === undefined) return event
  const claimsAndScopeOverrideDetails = { accessTokenGeneration: { claimsToAddOrOverride: { name } } }
  return { ...event, response: { claimsAndScopeOverrideDetails } }
}

function nameIn({ name }: Record<string, string | undefined>): string | undefined {
  const text = typeof name === 'string' ? name.trim().slice(0, MAX_NAME) : ''
  return text === '' ? undefined : text
}
