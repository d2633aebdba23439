import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import type { TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import { HOST_VARIABLE, ISSUER_VARIABLE, isLoopback, type SignInSettings } from '@muniment/archive/identity/settings'
import { localUsers } from '@muniment/archive/identity/users'
import type { Logger } from 'pino'
import type { SignIn } from '../contract.ts'
import type { ClientAddress } from '../shared/client-address.ts'
import { embeddedSignIn } from './embedded.ts'
import type { OnSignInEvent } from './events.ts'
import type { OidcHandler } from './handler.ts'
import { outsideSignIn } from './outside.ts'

export const secretsOf = (home: { path: string }): string => join(home.path, 'secrets')

export interface OpenSignIn {
  identity: TokenIdentity
  describe(): Promise<SignIn>
  /** Origins that pages have to reach besides ours. */
  connectTo: string[]
  /** What answers below /oidc, where the provider is the embedded one. */
  handle?: OidcHandler
  tokenFor(person: string): Promise<string>
  close(): Promise<void>
}

/** Throws OperatorError where the server would offer the sample people to others than who sits at this machine. */
export async function checkMayListen(settings: SignInSettings, secrets: string): Promise<void> {
  if (settings.issuer || isOnlyHere(settings) || (await localUsers(secrets).configured())) return
  throw new OperatorError(
    'The sample people may sign in without a password, so this server answers to this machine only. Before other machines reach it ' +
      `(${HOST_VARIABLE}, MUNIMENT_ORIGIN), add a local user by \`npx muniment users add\`, or name a sign-in provider in ${ISSUER_VARIABLE}.`,
  )
}

interface OpenOptions {
  settings: SignInSettings
  secrets: string
  /** As browsers see the server. */
  origin: string
  log: Logger
  onEvent?: OnSignInEvent
  addressOf?: ClientAddress
}

/** Sign-in as the settings say: at the provider that they name, else at the embedded one. */
export async function openSignIn({
  settings,
  secrets,
  origin,
  log,
  onEvent,
  addressOf,
}: OpenOptions): Promise<OpenSignIn> {
  if (settings.issuer) {
    const outside = await outsideSignIn(settings.issuer, origin, onEvent)
    const { token } = await outside.describe()
    return {
      ...outside,
      connectTo: new URL(token).origin === origin ? [] : [new URL(token).origin],
      tokenFor: async () => {
        throw new OperatorError('Tokens are given by the demonstration only. Here the sign-in provider gives them.')
      },
      close: async () => {},
    }
  }
  const users = localUsers(secrets)
  const maySample = isOnlyHere(settings)
  const embedded = await embeddedSignIn({
    secrets,
    origin,
    users,
    maySample,
    log,
    ...(onEvent && { onEvent }),
    ...(addressOf && { addressOf }),
  })
  return { ...embedded, connectTo: [] }
}

const isOnlyHere = ({ host, origin }: SignInSettings): boolean =>
  isLoopback(host) && (origin === undefined || isLoopback(new URL(origin).hostname))
