import { discover } from '@muniment/archive/identity/discover'
import { oidcIdentity, type TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { IssuerSettings } from '@muniment/archive/identity/settings'
import type { SignIn } from '../contract.ts'
import type { OnSignInEvent } from './events.ts'
import { firstOfSession } from './first-of-session.ts'

/** Sign-in at a provider that is not ours. Throws OperatorError where it does not say what it is. */
export async function outsideSignIn(
  settings: IssuerSettings,
  origin: string,
  onEvent?: OnSignInEvent,
): Promise<{ identity: TokenIdentity; describe(): Promise<SignIn> }> {
  const { issuer, audience, clientId, scope, groupsClaim, recordsClaim, audienceClaim, tokenType } = settings
  const { jwks, authorization, token, endSession } = await discover(issuer)
  const described: SignIn = {
    issuer,
    clientId,
    scope,
    audience,
    demonstration: false,
    origin,
    authorization,
    token,
    ...(endSession !== undefined && { endSession }),
  }
  const identity = oidcIdentity({
    issuer,
    audience,
    jwksUri: jwks,
    groupsClaim,
    ...(recordsClaim !== undefined && { recordsClaim }),
    audienceClaim,
    tokenType,
  })
  return {
    identity: onEvent ? firstOfSession(identity, issuer, onEvent) : identity,
    describe: async () => described,
  }
}
