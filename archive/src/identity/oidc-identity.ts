import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type RemoteKeysOptions, remoteKeys } from './key-source.ts'
import type { Identity, Person } from './port.ts'
import { isReserved } from './reserved.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/** Seconds by which the clocks of provider, server and browser may differ. */
export const CLOCK_SKEW_SECONDS = 300

/** Signatures by a key pair only: with a shared secret, or none, anybody who knows the public key could sign. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']

const MAX_TOKEN = 16 * 1024
const MAX_ID = 255
const MAX_NAME = 200
const MAX_GROUPS = 256
const MAX_GROUP = 256

export interface OidcIdentityOptions {
  issuer: string
  audience: string
  /** Keys that are known here, or the address at which the provider publishes them. */
  jwks?: JSONWebKeySet
  jwksUri?: string
  /** Claim that holds the groups, as a list of texts. */
  groupsClaim?: string
  /** Claim that holds the person's own records, as a list of texts; none where nothing is said. */
  recordsClaim?: string
  /** `client_id` for providers whose access tokens name the client and no audience, with `token_use: access` (Cognito). */
  audienceClaim?: 'aud' | 'client_id'
  /**
   * `at+jwt` asks for the type that RFC 9068 gives access tokens. `any` is for providers that do not set it; the audience must then be
   * one that no ID token has, so not the client.
   */
  tokenType?: 'at+jwt' | 'any'
  clock?: () => Date
  remote?: Omit<RemoteKeysOptions, 'clock'>
}

export interface TokenIdentity extends Identity {
  /** The person that an access token was given to; undefined where it proves nothing. */
  verify(token: string): Promise<Person | undefined>
}

/** Verifies access tokens of an OpenID provider. */
export function oidcIdentity(options: OidcIdentityOptions): TokenIdentity {
  const { issuer, audience, groupsClaim = 'groups', audienceClaim = 'aud', clock = () => new Date() } = options
  // Cognito sets no type; what tells its access tokens apart is checked below.
  const tokenType = audienceClaim === 'client_id' ? 'any' : (options.tokenType ?? 'at+jwt')
  const keys = keysOf(options)
  const verified = createVerifiedTokens({ toleranceMs: CLOCK_SKEW_SECONDS * 1_000, clock })

  async function verify(token: string): Promise<Person | undefined> {
    if (token.length > MAX_TOKEN) return undefined
    const now = clock()
    const known = verified.find(token)
    if (known) return personOf(known, groupsClaim, options.recordsClaim)
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: now,
        requiredClaims: ['sub', 'exp', 'iat'],
        ...(audienceClaim === 'aud' && { audience }),
        ...(tokenType === 'at+jwt' && { typ: 'at+jwt' }),
      })
      if (audienceClaim === 'client_id' && (payload.client_id !== audience || payload.token_use !== 'access'))
        return undefined
      if (looksLikeIdToken(payload) || isFromTheFuture(payload, now)) return undefined
      verified.keep(token, payload)
      return personOf(payload, groupsClaim, options.recordsClaim)
    } catch (error) {
      // A TypeError is jose's word for a key that does not fit its algorithm.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
      throw error
    }
  }

  return {
    verify,
    async authenticate(request) {
      const token = bearerOf(request.headers)
      return token === undefined ? undefined : verify(token)
    },
  }
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(headers.get('authorization') ?? '')?.[1]
}

function keysOf({ jwks, jwksUri, clock, remote }: OidcIdentityOptions): JWTVerifyGetKey {
  if (jwks) return createLocalJWKSet(jwks)
  if (jwksUri !== undefined) return remoteKeys(jwksUri, { ...remote, ...(clock && { clock }) })
  throw new TypeError('either jwks or jwksUri')
}

/** What only ID tokens carry, or what says so itself (`token_use` of Cognito, `typ` of Keycloak). */
function looksLikeIdToken(payload: JWTPayload): boolean {
  const { token_use: use, typ } = payload
  return (
    ['nonce', 'at_hash', 'c_hash', 's_hash'].some((claim) => payload[claim] !== undefined) ||
    (use !== undefined && use !== 'access') ||
    (typ !== undefined && typ !== 'Bearer')
  )
}

const isFromTheFuture = ({ iat = 0 }: JWTPayload, now: Date): boolean =>
  iat > now.getTime() / 1_000 + CLOCK_SKEW_SECONDS

function personOf(payload: JWTPayload, groupsClaim: string, recordsClaim: string | undefined): Person | undefined {
  const id = payload.sub
  if (id === undefined || id === '' || id.length > MAX_ID || /\p{C}/u.test(id) || isReserved(id)) return undefined
  const names = [payload.name, payload.preferred_username, payload.username].map(readableName)
  const groups = textsIn(payload[groupsClaim])
  const records = recordsClaim === undefined ? [] : textsIn(payload[recordsClaim])
  // What does not fit grants nothing: rights come from groups, and nothing is taken away by one.
  return {
    id,
    name: names.find((name) => name !== '') ?? id,
    groups: [...new Set(groups)].slice(0, MAX_GROUPS),
    ...(records.length > 0 && { records: [...new Set(records)].slice(0, MAX_GROUPS) }),
  }
}

const textsIn = (claim: unknown): string[] =>
  (Array.isArray(claim) ? claim : []).filter(
    (text): text is string => typeof text === 'string' && text !== '' && text.length <= MAX_GROUP,
  )

/** Names may hold anything; this one is shown, printed and stored. */
function readableName(name: unknown): string {
  if (typeof name !== 'string') return ''
  return name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
}
