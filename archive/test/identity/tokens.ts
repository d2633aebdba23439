import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'

export const issuer = 'https://sign-in.example'
export const audience = 'urn:test:api'
export const now = new Date('2026-11-23T12:00:00Z')
export const seconds = now.getTime() / 1_000

export interface Signer {
  kid: string
  jwk: JWK
  /** The public key as text: what an attacker knows. */
  pem: string
  sign(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>
}

export const claims = () => ({
  iss: issuer,
  aud: audience,
  sub: 'ada',
  name: 'Ada',
  groups: ['claims'],
  iat: seconds,
  exp: seconds + 600,
  jti: randomUUID(),
})

export async function signer(kid: string, alg: 'ES256' | 'RS256' | 'RS512' | 'EdDSA' = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return {
    kid,
    jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' },
    pem: await exportSPKI(publicKey),
    sign: (changes = {}, header = {}) => {
      const payload = Object.entries({ ...claims(), ...changes }).filter(([, value]) => value !== undefined)
      const marked = Object.entries({ alg, kid, typ: 'at+jwt', ...header }).filter(([, value]) => value !== undefined)
      return new SignJWT(Object.fromEntries(payload))
        .setProtectedHeader(Object.fromEntries(marked) as { alg: string })
        .sign(privateKey)
    },
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const unsigned = (header: Record<string, unknown>, changes = {}): string =>
  `${part(header)}.${part({ ...claims(), ...changes })}.`

export function hmacSigned(secret: string, header: Record<string, unknown>): string {
  const text = `${part({ alg: 'HS256', typ: 'at+jwt', ...header })}.${part(claims())}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** A provider that publishes keys, as far as it answers. */
export async function stubProvider(keys: JWK[]) {
  const state = { keys, asked: 0, answer: 'keys' as 'keys' | 'down' | 'huge' | 'silent' | 'elsewhere' }
  const server = createServer((_, response) => {
    state.asked++
    if (state.answer === 'silent') return
    if (state.answer === 'down') return void response.writeHead(503).end()
    if (state.answer === 'elsewhere') return void response.writeHead(302, { location: '/other' }).end()
    const padding = state.answer === 'huge' ? 'x'.repeat(1_000_000) : ''
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: state.keys, padding }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    state,
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
