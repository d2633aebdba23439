import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { oidcIdentity, type TokenIdentity } from '@muniment/archive/identity/oidc-identity'
import type { Users } from '@muniment/archive/identity/users'
import { importJWK, SignJWT } from 'jose'
import type { Logger } from 'pino'
import type { SignIn } from '../contract.ts'
import { type ClientAddress, clientAddress } from '../shared/client-address.ts'
import { asOfNow } from './as-of-now.ts'
import { rememberIssuer } from './beside.ts'
import type { OnSignInEvent } from './events.ts'
import { createHandler, type OidcHandler } from './handler.ts'
import { providerKeys, SIGNING_ALGORITHM } from './keys.ts'
import { peopleOf } from './people.ts'
import { ACCESS_TOKEN_SECONDS, createProvider, EMBEDDED_AUDIENCE, EMBEDDED_CLIENT, MOUNT, SCOPE } from './provider.ts'
import { storedState } from './stored-state.ts'

export interface EmbeddedSignInOptions {
  /** `secrets` of the data folder. */
  secrets: string
  origin: string
  users: Users
  /** Whether the sample people may be there at all: on loopback only. */
  maySample: boolean
  log: Logger
  clock?: () => Date
  onEvent?: OnSignInEvent
  /** Where requests come from, by which the waits for wrong passwords go; the connection's other end where nothing is said. */
  addressOf?: ClientAddress
}

export interface EmbeddedSignIn {
  identity: TokenIdentity
  /** What the web application asks first. */
  describe(): Promise<SignIn>
  handle: OidcHandler
  /** A short-lived token for scripts; throws OperatorError outside the demonstration. */
  tokenFor(person: string): Promise<string>
  close(): Promise<void>
}

/** The OpenID provider of the embedded setting, and the identity that goes by its tokens. */
export async function embeddedSignIn(options: EmbeddedSignInOptions): Promise<EmbeddedSignIn> {
  const { secrets, origin, users, maySample, log, clock = () => new Date(), onEvent = async () => {} } = options
  const { addressOf = clientAddress() } = options
  const folder = join(secrets, 'oidc')
  const keys = await providerKeys(folder, clock())
  const state = await storedState(join(folder, 'state'), clock)
  const people = peopleOf(users, maySample)
  const issuer = `${origin}${MOUNT}`
  await rememberIssuer(secrets, issuer)
  const provider = await createProvider({ origin, people, keys, state, log })

  async function describe(): Promise<SignIn> {
    return {
      issuer,
      clientId: EMBEDDED_CLIENT,
      scope: SCOPE,
      audience: EMBEDDED_AUDIENCE,
      demonstration: (await people.offered()) !== undefined,
      origin,
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      endSession: `${issuer}/session/end`,
    }
  }

  async function tokenFor(id: string): Promise<string> {
    const offered = await people.offered()
    if (!offered)
      throw new OperatorError('Tokens are given to the sample people of the demonstration only. Others sign in.')
    const person = offered.find((one) => one.id === id)
    if (!person)
      throw new OperatorError(`There is no sample person ${id}; there is ${offered.map((one) => one.id).join(', ')}.`)
    const [key] = keys.signing
    if (!key) throw new OperatorError('There is no key to sign with.')
    const now = Math.floor(clock().getTime() / 1_000)
    return new SignJWT({ client_id: 'muniment-script', name: person.name, groups: person.groups })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(EMBEDDED_AUDIENCE)
      .setSubject(person.id)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .setJti(randomUUID())
      .sign(await importJWK(key, SIGNING_ALGORITHM))
  }

  const tokens = oidcIdentity({ issuer, audience: EMBEDDED_AUDIENCE, jwks: keys.verifying, clock })

  return {
    identity: asOfNow(tokens, people),
    describe,
    handle: createHandler({ provider, origin, people, clock, log, onEvent, addressOf }),
    tokenFor,
    close: () => state.settled(),
  }
}
