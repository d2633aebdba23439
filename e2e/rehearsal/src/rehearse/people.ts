import { randomBytes } from 'node:crypto'
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CodeMismatchException,
  CognitoIdentityProviderClient,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { type SamplePerson, samplePeople } from '@muniment/archive/identity/sample-people'
import { ownerAt, type StandIns } from '../stand-ins.ts'
import type { Deployed } from './deploy.ts'
import { type FreshTokens, freshTokens } from './fresh-tokens.ts'
import { codeOf } from './second-factor.ts'

export interface Signed {
  /** As the sample people are called. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
  /** What the second factor's codes are made of. */
  readonly secret: string
  readonly refreshToken: string
  readonly idToken: string
}

export interface People {
  readonly signed: ReadonlyMap<string, Signed>
  readonly token: FreshTokens
}

/** One person a role, in Cognito, each with a second factor of their own; signed in by the flow that rehearsals may use. */
export async function signInPeople(standIns: StandIns, deployed: Deployed): Promise<People> {
  const cognito = new CognitoIdentityProviderClient(ownerAt(standIns.aws))
  const signed = new Map<string, Signed>()
  try {
    for (const person of samplePeople) signed.set(person.id, await signIn(cognito, deployed, person))
  } finally {
    cognito.destroy()
  }
  const token = freshTokens((id) => renew(standIns.aws, deployed.clientId, signed.get(id)))
  return { signed, token }
}

/** A new access token, by the address that browsers ask. */
export async function renew(aws: string, clientId: string, person: Signed | undefined): Promise<string> {
  if (!person) throw new Error('Nobody of that name is signed in.')
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: person.refreshToken,
  })
  const answer = await fetch(`${aws}/oauth2/token`, { method: 'POST', body })
  const given = (await answer.json()) as { access_token?: string }
  if (!given.access_token) throw new Error(`${person.id} got no new token: ${JSON.stringify(given)}`)
  return given.access_token
}

async function signIn(
  cognito: CognitoIdentityProviderClient,
  deployed: Deployed,
  { id, name, groups }: SamplePerson,
): Promise<Signed> {
  const { poolId: UserPoolId } = deployed
  const Username = `${id}@example.com`
  const password = `Aa1!${randomBytes(18).toString('base64url')}`
  const UserAttributes = [
    { Name: 'email', Value: Username },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'name', Value: name },
  ]
  await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      UserAttributes,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: password,
    }),
  )
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }))
  for (const GroupName of groups)
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }))

  // MiniStack lets in whoever has no second factor yet, where Cognito asks to set one up; from then on it asks for codes.
  const first = await begin(cognito, deployed, Username, password)
  const AccessToken = first.AuthenticationResult?.AccessToken
  const { SecretCode: secret = '' } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeOf(secret, new Date()) }))
  await cognito.send(
    new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } }),
  )

  const asked = await begin(cognito, deployed, Username, password)
  if (asked.ChallengeName !== 'SOFTWARE_TOKEN_MFA')
    throw new Error(`${id} was to be asked for a code, not for ${asked.ChallengeName ?? 'nothing'}.`)
  const code = codeOf(secret, new Date())
  const { AuthenticationResult: result } = await answerCode(cognito, deployed, Username, asked.Session, code)
  if (!result?.RefreshToken || !result.IdToken) throw new Error(`${id} got no token.`)
  return { id, name, email: Username, password, secret, refreshToken: result.RefreshToken, idToken: result.IdToken }
}

/** Whether `code` is the second factor of whoever has this name and password. */
export async function checkSecondFactor(
  { aws }: StandIns,
  deployed: Deployed,
  { username, password, code }: { username: string; password: string; code: string },
): Promise<boolean> {
  const cognito = new CognitoIdentityProviderClient(ownerAt(aws))
  try {
    const asked = await begin(cognito, deployed, username, password)
    await answerCode(cognito, deployed, username, asked.Session, code)
    return true
  } catch (error) {
    if (error instanceof CodeMismatchException) return false
    throw error
  } finally {
    cognito.destroy()
  }
}

const answerCode = (
  cognito: CognitoIdentityProviderClient,
  { poolId: UserPoolId, clientId: ClientId }: Deployed,
  USERNAME: string,
  Session: string | undefined,
  SOFTWARE_TOKEN_MFA_CODE: string,
) =>
  cognito.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId,
      ClientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session,
      ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE },
    }),
  )

const begin = (
  cognito: CognitoIdentityProviderClient,
  { poolId: UserPoolId, clientId: ClientId }: Deployed,
  USERNAME: string,
  PASSWORD: string,
) =>
  cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  )
