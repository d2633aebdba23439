import { describe, expect, it } from 'vitest'
import { readSignInSettings } from '../../src/identity/settings.ts'

const outside = { MUNIMENT_ISSUER: 'https://idp.example', MUNIMENT_AUDIENCE: 'urn:api', MUNIMENT_CLIENT_ID: 'web' }

describe('The settings of sign-in', () => {
  it('are this machine alone where nothing is said', () => {
    expect(readSignInSettings({})).toEqual({ host: '127.0.0.1' })
  })

  it('name a provider, with what its tokens hold', () => {
    expect(readSignInSettings({ ...outside, MUNIMENT_GROUPS_CLAIM: 'cognito:groups' }).issuer).toEqual({
      issuer: 'https://idp.example',
      audience: 'urn:api',
      clientId: 'web',
      groupsClaim: 'cognito:groups',
      audienceClaim: 'aud',
      tokenType: 'at+jwt',
      scope: 'openid profile',
    })
  })

  it('name whom X-Forwarded-For is believed from, and the claim of a person’s own records', () => {
    const env = { ...outside, MUNIMENT_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1', MUNIMENT_RECORDS_CLAIM: 'own' }
    expect(readSignInSettings(env)).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '192.0.2.1'],
      issuer: { recordsClaim: 'own' },
    })
  })

  it.each([
    ['a host without an origin', { HOST: '0.0.0.0' }, 'MUNIMENT_ORIGIN'],
    ['an origin without https', { HOST: '0.0.0.0', MUNIMENT_ORIGIN: 'http://archive.example' }, 'https://'],
    ['an origin with a path', { MUNIMENT_ORIGIN: 'https://archive.example/x' }, 'nothing behind it'],
    ['an audience without an issuer', { MUNIMENT_AUDIENCE: 'urn:api' }, 'without MUNIMENT_ISSUER'],
    ['an issuer without https', { ...outside, MUNIMENT_ISSUER: 'http://idp.example' }, 'https'],
    ['an issuer without a client', { ...outside, MUNIMENT_CLIENT_ID: '' }, 'MUNIMENT_CLIENT_ID'],
    ['an unknown audience claim', { ...outside, MUNIMENT_AUDIENCE_CLAIM: 'azp' }, 'neither aud nor client_id'],
    [
      'tokens that could be ID tokens',
      { ...outside, MUNIMENT_AUDIENCE: 'web', MUNIMENT_TOKEN_TYPE: 'any' },
      'ID tokens would pass',
    ],
  ])('are refused in a sentence: %s', (_, env, sentence) => {
    expect(() => readSignInSettings(env)).toThrow(sentence)
  })
})
