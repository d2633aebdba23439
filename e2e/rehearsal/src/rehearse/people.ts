import { createHmac, randomBytes } from 'node:crypto'
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { ownerAt, type StandIns } from '../stand-ins.ts'
import type { Deployed } from './deploy.ts'

export interface Signed {
  /** As the sample people are called. */
  readonly id: string
  readonly email: string
  readonly groups: readonly string[]
  readonly password: string
  /** What the second factor's codes are made of. */
  readonly secret: string
  readonly token: string
  readonly idToken: string
}

/** One person a role, in Cognito, each with a second factor of their own; signed in by the flow that rehearsals may use. */
export async function signInPeople(standIns: StandIns, deployed: Deployed): Promise<Map<string, Signed>> {
  const cognito = new CognitoIdentityProviderClient(ownerAt(standIns.aws))
  const people = new Map<string, Signed>()
  try {
    for (const { id, groups } of samplePeople) people.set(id, await signIn(cognito, deployed, id, groups))
  } finally {
    cognito.destroy()
  }
  return people
}

async function signIn(
  cognito: CognitoIdentityProviderClient,
  deployed: Deployed,
  id: string,
  groups: readonly string[],
): Promise<Signed> {
  const { poolId: UserPoolId, clientId: ClientId } = deployed
  const Username = `${id}@example.com`
  const password = `Aa1!${randomBytes(18).toString('base64url')}`
  const UserAttributes = [
    { Name: 'email', Value: Username },
    { Name: 'email_verified', Value: 'true' },
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
  const { AuthenticationResult: result } = await cognito.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId,
      ClientId,
      ChallengeName: asked.ChallengeName,
      Session: asked.Session,
      ChallengeResponses: { USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: codeOf(secret, new Date()) },
    }),
  )
  if (!result?.AccessToken || !result.IdToken) throw new Error(`${id} got no token.`)
  return { id, email: Username, groups, password, secret, token: result.AccessToken, idToken: result.IdToken }
}

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

/** RFC 6238, as authenticator apps reckon it. */
export function codeOf(secret: string, at: Date): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
