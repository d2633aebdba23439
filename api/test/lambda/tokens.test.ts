import { type OidcIdentityOptions, oidcIdentity } from '@muniment/archive/identity/oidc-identity'
import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { handler, type TokenEvent } from '../../src/lambda/tokens.ts'

const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool'
const SUB = '0b6f3c1e-5a33-4d0e-9f43-8b8a5c3f1a2b'

/** As the Cognito Developer Guide has it. */
const event = (userAttributes: Record<string, string>) => ({
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'eu-central-1',
  userPoolId: 'eu-central-1_Pool',
  userName: SUB,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'web' },
  request: {
    userAttributes,
    scopes: ['openid', 'profile'],
    groupConfiguration: { groupsToOverride: ['claims'], iamRolesToOverride: [], preferredRole: undefined },
  },
  response: { claimsAndScopeOverrideDetails: {} } as TokenEvent['response'],
})
const added = async (attributes: Record<string, string>) =>
  (await handler(event(attributes))).response.claimsAndScopeOverrideDetails

describe('tokens of Cognito', () => {
  it('get the name of the person, and no other attribute, group or scope', async () => {
    const attributes = { sub: SUB, email: 'mira@example.com', name: 'Mira Kovacs', 'custom:role': 'claims-lead' }
    expect(await added(attributes)).toEqual({
      accessTokenGeneration: { claimsToAddOrOverride: { name: 'Mira Kovacs' } },
    })
  })

  it.each([{}, { name: '' }, { name: '  ' }])('stay as they were where the pool knows no name: %o', async (names) => {
    const before = event({ sub: SUB, ...names })
    expect(await handler(structuredClone(before))).toEqual(before)
  })

  it('keep what Cognito sent, whatever the name, and are no longer for it than identity takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (name) => {
        const before = event({ sub: SUB, name })
        const { response, ...rest } = await handler(structuredClone(before))
        const { response: _, ...sent } = before
        expect(rest).toEqual(sent)
        const claims = response.claimsAndScopeOverrideDetails?.accessTokenGeneration?.claimsToAddOrOverride ?? {}
        expect(Object.keys(claims).filter((claim) => claim !== 'name')).toEqual([])
        expect((claims.name ?? '').length).toBeLessThanOrEqual(200)
      }),
    )
  })

  it('are read with that name, and without one with the id', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }
    const options: OidcIdentityOptions = {
      issuer: ISSUER,
      audience: 'web',
      audienceClaim: 'client_id',
      groupsClaim: 'cognito:groups',
      jwks: { keys: [jwk] },
    }
    const personWith = async (attributes: Record<string, string>) => {
      const details = (await handler(event(attributes))).response.claimsAndScopeOverrideDetails
      const claims = { client_id: 'web', token_use: 'access', username: SUB, 'cognito:groups': ['claims'] }
      const token = await new SignJWT({ ...claims, ...details?.accessTokenGeneration?.claimsToAddOrOverride })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(ISSUER)
        .setSubject(SUB)
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(privateKey)
      return oidcIdentity(options).verify(token)
    }
    expect(await personWith({ name: 'Mira Kovacs' })).toEqual({ id: SUB, name: 'Mira Kovacs', groups: ['claims'] })
    expect((await personWith({}))?.name).toBe(SUB)
  })
})
