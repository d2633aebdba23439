import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { oidcIdentity, type TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { SignInSettings } from '@muniment/archive/identity/settings'
import { localUsers } from '@muniment/archive/identity/users'
import { changePrivate, readPrivate } from '@muniment/archive/private-files'
import { z } from 'zod'
import { asOfNow } from './as-of-now.ts'
import { providerKeys } from './keys.ts'
import { outsideSignIn } from './outside.ts'
import { peopleOf } from './people.ts'
import { EMBEDDED_AUDIENCE } from './provider.ts'

const Issuer = z.strictObject({ issuer: z.url() })
const issuerFile = (secrets: string): string => join(secrets, 'oidc', 'issuer.json')

/** Under which name the embedded provider last gave tokens: its port is in it. */
export const rememberIssuer = (secrets: string, issuer: string): Promise<void> =>
  changePrivate(issuerFile(secrets), () => `${JSON.stringify({ issuer })}\n`)

/** The identity by which commands on the same machine take tokens, as the server does; it need not be running. */
export async function identityBeside(settings: SignInSettings, secrets: string): Promise<TokenIdentity> {
  if (settings.issuer) return (await outsideSignIn(settings.issuer, settings.origin ?? '')).identity
  const kept = await readPrivate(issuerFile(secrets))
  if (!kept) throw new OperatorError('No server has run on this data folder yet, so no token can be of its people.')
  const { issuer } = Issuer.parse(JSON.parse(kept.toString('utf8')))
  const { verifying } = await providerKeys(join(secrets, 'oidc'), new Date())
  const tokens = oidcIdentity({ issuer, audience: EMBEDDED_AUDIENCE, jwks: verifying })
  return asOfNow(tokens, peopleOf(localUsers(secrets), true))
}
