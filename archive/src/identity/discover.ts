import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { fetchJson } from './fetch-json.ts'
import { isLoopback } from './settings.ts'

const Address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => text.startsWith('https:') || isLoopback(new URL(text).hostname), 'not https')
const Discovery = z.object({
  issuer: z.string(),
  jwks_uri: Address,
  authorization_endpoint: Address,
  token_endpoint: Address,
  end_session_endpoint: Address.optional(),
})

export interface ProviderAddresses {
  jwks: string
  authorization: string
  token: string
  /** Absent where the provider has none: signing out then ends the session here only. */
  endSession?: string
}

/** What an OpenID provider says of itself. Throws OperatorError where it does not answer, or speaks for another issuer. */
export async function discover(issuer: string): Promise<ProviderAddresses> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  let found: z.infer<typeof Discovery>
  try {
    found = Discovery.parse(await fetchJson(address))
  } catch (cause) {
    throw new OperatorError(`The sign-in provider does not say what it is at ${address}. Is the issuer right?`, {
      cause,
    })
  }
  if (found.issuer !== issuer)
    throw new OperatorError(`The sign-in provider at ${issuer} calls itself ${found.issuer}: name it so.`)
  return {
    jwks: found.jwks_uri,
    authorization: found.authorization_endpoint,
    token: found.token_endpoint,
    ...(found.end_session_endpoint !== undefined && { endSession: found.end_session_endpoint }),
  }
}
