import { beforeAll, describe, expect, it } from 'vitest'
import { type OidcIdentityOptions, oidcIdentity } from '../../src/identity/oidc-identity.ts'
import { audience, claims, hmacSigned, issuer, now, type Signer, seconds, signer, unsigned } from './tokens.ts'

let ours: Signer
let strangers: Signer
beforeAll(async () => {
  ours = await signer('k1')
  strangers = await signer('k1')
})

const identity = (options: Partial<OidcIdentityOptions> = {}) =>
  oidcIdentity({ issuer, audience, jwks: { keys: [ours.jwk] }, clock: () => now, ...options })

const ask = (headers: Record<string, string>) => new Request('http://localhost/api/me', { headers })

describe('An access token of the issuer', () => {
  it('says who is asking', async () => {
    const token = await ours.sign()
    const person = { id: 'ada', name: 'Ada', groups: ['claims'] }
    expect(await identity().authenticate(ask({ authorization: `Bearer ${token}` }))).toEqual(person)
  })

  it.each(['RS256', 'EdDSA'] as const)('may be signed by %s', async (alg) => {
    const other = await signer('k2', alg)
    expect((await identity({ jwks: { keys: [other.jwk] } }).verify(await other.sign()))?.id).toBe('ada')
  })

  it('may be for several audiences, of which we are one', async () => {
    expect(await identity().verify(await ours.sign({ aud: ['urn:other', audience] }))).toBeDefined()
  })

  it('gives groups from the claim that is configured, as texts, each once and not without end', async () => {
    const groups = [
      'a',
      7,
      null,
      { b: 1 },
      'a',
      '',
      'x'.repeat(300),
      ...Array.from({ length: 400 }, (_, at) => `g${at}`),
    ]
    const person = await identity({ groupsClaim: 'cognito:groups' }).verify(
      await ours.sign({ groups: ['admin'], 'cognito:groups': groups }),
    )
    expect(person?.groups.slice(0, 3)).toEqual(['a', 'g0', 'g1'])
    expect(person?.groups).toHaveLength(256)
  })

  it.each([['admin'], [{ 0: 'admin', length: 1 }], [true]])('gives no groups where the claim is %j', async (groups) => {
    expect((await identity().verify(await ours.sign({ groups })))?.groups).toEqual([])
  })

  it('gives the records of the person where a claim is named for them, as texts', async () => {
    const token = await ours.sign({ own: ['pas:parties:P1', 7, ''], records: ['pas:parties:P2'] })
    expect((await identity({ recordsClaim: 'own' }).verify(token))?.records).toEqual(['pas:parties:P1'])
    expect(await identity().verify(token)).not.toHaveProperty('records')
  })

  it('gives a name that cannot steer a terminal, and the id where there is none', async () => {
    expect((await identity().verify(await ours.sign({ name: ' A\u001b[2J\u202eda\n ' })))?.name).toBe('A [2J da')
    expect((await identity().verify(await ours.sign({ name: undefined })))?.name).toBe('ada')
  })
})

describe('Nobody is signed in by', () => {
  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic YWRhOnB3' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['something that is no token', { authorization: 'Bearer abc' }],
    ['a cookie', { cookie: 'access_token=abc' }],
  ] as [string, Record<string, string>][])('%s', async (_, headers) => {
    expect(await identity().authenticate(ask(headers))).toBeUndefined()
  })

  it('two tokens at once', async () => {
    const token = await ours.sign()
    expect(await identity().authenticate(ask({ authorization: `Bearer ${token}, Bearer ${token}` }))).toBeUndefined()
  })

  it('a token of enormous length', async () => {
    expect(await identity().verify(await ours.sign({ name: 'x'.repeat(20_000) }))).toBeUndefined()
  })

  it.each(['none', 'None', 'NONE', ''])('the attack of an unsigned token (alg %j)', async (alg) => {
    expect(await identity().verify(unsigned({ alg, typ: 'at+jwt', kid: 'k1' }))).toBeUndefined()
  })

  it('the attack of taking the public key for a shared secret (HS256)', async () => {
    const rsa = await signer('r1', 'RS256')
    for (const secret of [rsa.pem, rsa.pem.trim(), JSON.stringify(rsa.jwk), String(rsa.jwk.n)])
      expect(await identity({ jwks: { keys: [rsa.jwk] } }).verify(hmacSigned(secret, { kid: 'r1' }))).toBeUndefined()
  })

  it('the attack of a shared secret among the published keys', async () => {
    const secret = { kty: 'oct', k: Buffer.from('known to all').toString('base64url'), kid: 'o1', alg: 'HS256' }
    const published = { keys: [ours.jwk, secret] }
    expect(await identity({ jwks: published }).verify(hmacSigned('known to all', { kid: 'o1' }))).toBeUndefined()
  })

  it('an algorithm that is not on the list, though the key is published', async () => {
    const other = await signer('r2', 'RS512')
    expect(await identity({ jwks: { keys: [other.jwk] } }).verify(await other.sign())).toBeUndefined()
  })

  it('the attack of bringing the key along (jwk, jku, x5u)', async () => {
    for (const header of [{ jwk: strangers.jwk }, { jku: 'http://127.0.0.1:9/keys' }, { x5u: 'http://127.0.0.1:9/' }])
      expect(await identity().verify(await strangers.sign({}, header))).toBeUndefined()
  })

  it('a signature of somebody else under a key id of ours', async () => {
    expect(await identity().verify(await strangers.sign())).toBeUndefined()
  })

  it('a token that was changed after it was signed', async () => {
    const [header, , signature] = (await ours.sign()).split('.')
    const payload = Buffer.from(JSON.stringify({ ...claims(), groups: ['approval'] })).toString('base64url')
    expect(await identity().verify(`${header}.${payload}.${signature}`)).toBeUndefined()
  })

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['an issuer that begins like ours', { iss: `${issuer}.evil.example` }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'urn:other' }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject of enormous length', { sub: 'x'.repeat(300) }],
    ['a subject with control characters', { sub: 'ada\u0000' }],
    ['a subject that the log calls nobody', { sub: 'nobody' }],
    ['a subject that is taken for an account of the machine', { sub: 'account:root' }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
  ])('a token with %s', async (_, changes) => {
    expect(await identity().verify(await ours.sign(changes))).toBeUndefined()
  })

  it.each([
    ['the type of an ID token', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['the type of another kind of token', {}, { typ: 'logout+jwt' }],
  ])('a token with %s', async (_, changes, header) => {
    expect(await identity().verify(await ours.sign(changes, header))).toBeUndefined()
  })

  it('a critical header that we do not know', async () => {
    expect(await identity().verify(await ours.sign({}, { crit: ['b64'], b64: false }).catch(() => 'x'))).toBeUndefined()
  })
})

describe('Clocks may differ by five minutes', () => {
  it.each([
    ['ended 299 seconds ago', { exp: seconds - 299 }, true],
    ['ended 301 seconds ago', { exp: seconds - 301 }, false],
    ['counts from in 299 seconds on', { nbf: seconds + 299 }, true],
    ['counts from in 301 seconds on', { nbf: seconds + 301 }, false],
    ['was made in 299 seconds', { iat: seconds + 299 }, true],
    ['was made in 301 seconds', { iat: seconds + 301 }, false],
  ])('so that a token that %s is taken: %s', async (_, changes, taken) => {
    expect((await identity().verify(await ours.sign(changes))) !== undefined).toBe(taken)
  })
})

describe('An ID token', () => {
  const cognito = { audienceClaim: 'client_id', audience: 'the-client' } as const
  const any = { tokenType: 'any' } as const

  it('never passes as an access token where tokens name their client (as Cognito)', async () => {
    const access = { aud: undefined, client_id: 'the-client', token_use: 'access' }
    expect(await identity(cognito).verify(await ours.sign(access, { typ: undefined }))).toBeDefined()
    for (const changes of [
      { ...access, token_use: 'id' },
      { ...access, token_use: undefined },
      { ...access, client_id: 'another' },
      { aud: 'the-client', token_use: 'id' },
      { ...access, at_hash: 'x' },
    ])
      expect(await identity(cognito).verify(await ours.sign(changes, { typ: undefined }))).toBeUndefined()
  })

  it('never passes where tokens have no type of their own', async () => {
    expect(await identity(any).verify(await ours.sign({ typ: 'Bearer' }, { typ: 'JWT' }))).toBeDefined()
    for (const changes of [
      { nonce: 'n' },
      { at_hash: 'x' },
      { c_hash: 'x' },
      { typ: 'ID' },
      { typ: 'Refresh' },
      { token_use: 'id' },
    ])
      expect(await identity(any).verify(await ours.sign(changes, { typ: 'JWT' }))).toBeUndefined()
  })
})
