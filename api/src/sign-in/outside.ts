import { discover } from '@muniment/archive/identity/discover'
import { oidcIdentity, type TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { IssuerSettings } from '@muniment/archive/identity/settings'
import type { SignIn } from '../contract.ts'

/** Sign-in at a provider that is not ours. Throws OperatorError where it does not say what it is. */
export async function outsideSignIn(
  settings: IssuerSettings,
  origin: string,
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
  return {
    identity: oidcIdentity({
      issuer,
      audience,
      jwksUri: jwks,
      groupsClaim,
      ...(recordsClaim !== undefined && { recordsClaim }),
      audienceClaim,
      tokenType,
    }),
    describe: async () => described,
  }
}
