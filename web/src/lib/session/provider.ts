import type { SignIn } from '@muniment/api/contract'
import { isRecord } from '../kept.ts'
import { challengeOf, randomText } from './pkce.ts'

export interface Tokens {
  access: string
  refresh?: string
  id?: string
  /** Milliseconds since 1970, by this machine's clock. */
  expires: number
}

/** The provider says that a sign-in or a session is over; asking again changes nothing. */
export class SignInRefused extends Error {}

export async function fetchSignIn(): Promise<SignIn> {
  const response = await fetch('/sign-in.json', { credentials: 'omit' })
  if (!response.ok) throw new Error(`/sign-in.json answered ${response.status}`)
  return (await response.json()) as SignIn
}

export interface Beginning {
  state: string
  verifier: string
  address: string
}

/** Address at which the browser signs in, and what proves afterwards that it was this page that began. */
export async function beginning(signIn: SignIn, prefix: string): Promise<Beginning> {
  const state = prefix + randomText()
  const verifier = randomText()
  const query = new URLSearchParams({
    client_id: signIn.clientId,
    response_type: 'code',
    scope: signIn.scope,
    redirect_uri: `${signIn.origin}/signed-in`,
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
  })
  return { state, verifier, address: `${signIn.authorization}?${query}` }
}

/** The code that the provider sent back. Throws SignInRefused for an answer that is none, or another provider's (RFC 9207). */
export function codeOf(signIn: SignIn, answer: URLSearchParams): string {
  const [code, issuer] = [answer.get('code'), answer.get('iss')]
  if (code && (issuer === null || issuer === signIn.issuer)) return code
  throw new SignInRefused(answer.get('error') ?? 'no code')
}

export const redeem = (signIn: SignIn, code: string, verifier: string): Promise<Tokens> =>
  askForTokens(signIn, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: `${signIn.origin}/signed-in`,
  })

export async function refresh(signIn: SignIn, tokens: Tokens): Promise<Tokens> {
  if (tokens.refresh === undefined) throw new SignInRefused('no refresh token')
  const renewed = await askForTokens(signIn, { grant_type: 'refresh_token', refresh_token: tokens.refresh })
  // A provider that does not rotate them gives no new one.
  return { ...tokens, ...renewed }
}

async function askForTokens(signIn: SignIn, fields: Record<string, string>): Promise<Tokens> {
  const response = await fetch(signIn.token, {
    method: 'POST',
    body: new URLSearchParams({ client_id: signIn.clientId, ...fields }),
    headers: { accept: 'application/json' },
    credentials: 'omit',
    cache: 'no-store',
  })
  if (response.status >= 400 && response.status < 500 && response.status !== 429)
    throw new SignInRefused(String(response.status))
  const body: unknown = response.ok ? await response.json() : undefined
  if (!isRecord(body) || typeof body.access_token !== 'string')
    throw new Error(`The provider answered ${response.status}.`)
  const seconds = typeof body.expires_in === 'number' ? body.expires_in : 300
  return {
    access: body.access_token,
    expires: Date.now() + seconds * 1_000,
    ...(typeof body.refresh_token === 'string' ? { refresh: body.refresh_token } : {}),
    ...(typeof body.id_token === 'string' ? { id: body.id_token } : {}),
  }
}

/** Where a session is ended; undefined where the provider has no such address. */
export function endAddress(signIn: SignIn, tokens: Tokens | undefined): string | undefined {
  if (signIn.endSession === undefined) return undefined
  const back = `${signIn.origin}/signed-out`
  const query = new URLSearchParams({
    client_id: signIn.clientId,
    post_logout_redirect_uri: back,
    // Cognito's name for it.
    logout_uri: back,
    ...(tokens?.id === undefined ? {} : { id_token_hint: tokens.id }),
  })
  return `${signIn.endSession}?${query}`
}

/** Who the tokens were given to. Read, not verified: they came straight from the provider. */
export function subjectOf(tokens: Tokens): string | undefined {
  try {
    const part = (tokens.id ?? tokens.access).split('.')[1] ?? ''
    const payload: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
    return isRecord(payload) && typeof payload.sub === 'string' ? payload.sub : undefined
  } catch {
    return undefined
  }
}
