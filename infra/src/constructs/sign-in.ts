import {
  AccountRecovery,
  CfnUserPoolClient,
  CfnUserPoolGroup,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Names } from '../names.ts'
import type { EnvironmentSettings } from '../settings.ts'

export interface SignInProps {
  readonly names: Names
  readonly settings: EnvironmentSettings['signIn']
  /** Adds people's names to access tokens, which Cognito makes without. */
  readonly tokens: IFunction
}

/** People and how they prove who they are: nobody signs up by themselves, everybody has a second factor. */
export class SignIn extends Construct {
  readonly pool: UserPool
  /** Address of the sign-in pages, which the browser reaches from our pages. */
  readonly pages: string
  readonly #settings: EnvironmentSettings['signIn']

  constructor(scope: Construct, id: string, { names, settings, tokens }: SignInProps) {
    super(scope, id)
    this.#settings = settings
    this.pool = new UserPool(this, 'People', {
      userPoolName: names.base,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
        passwordHistorySize: 5,
      },
      // Essentials would do for what is added to access tokens; threat protection takes Plus, which has all of it.
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, tokens, LambdaVersion.V2_0)
    const groups = settings.groups.map(
      (groupName) => new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId: this.pool.userPoolId, groupName }),
    )
    // Cognito answers many changes of one pool at once with a refusal.
    for (const [place, group] of groups.entries())
      if (place > 0) group.addResourceDependency(groups[place - 1] ?? group)
    const domainPrefix = settings.domainPrefix ?? `${names.base}-${Aws.ACCOUNT_ID}`
    this.pool.addDomain('Pages', { cognitoDomain: { domainPrefix } })
    this.pages = `https://${domainPrefix}.auth.${Stack.of(this).region}.amazoncognito.com`
  }

  /** As tokens name it. Built by hand: not everything that plays Cognito gives the pool's own attribute. */
  get issuer(): string {
    const { region, urlSuffix } = Stack.of(this)
    return `https://cognito-idp.${region}.${urlSuffix}/${this.pool.userPoolId}`
  }

  /** A public client, which proves itself by PKCE. Times are those of the embedded provider. */
  clientFor(origin: string): UserPoolClient {
    const client = new UserPoolClient(this, 'Web', {
      userPool: this.pool,
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
        callbackUrls: [`${origin}/signed-in`],
        logoutUrls: [`${origin}/signed-out`],
      },
      accessTokenValidity: Duration.minutes(10),
      idTokenValidity: Duration.minutes(10),
      refreshTokenValidity: Duration.hours(12),
    })
    const own = client.node.defaultChild
    if (own instanceof CfnUserPoolClient)
      // Said nothing, Cognito lets passwords in past its sign-in pages.
      own.explicitAuthFlows = [
        'ALLOW_REFRESH_TOKEN_AUTH',
        ...(this.#settings.rehearsal === true ? ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] : []),
      ]
    return client
  }
}
