import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { securityHeaderList, strictTransport } from '@muniment/api/shared/security-headers'
import { describe, expect, it } from 'vitest'
import { functionNames } from '../src/names.ts'
import { spaRouting } from '../src/paths.ts'
import { statementsOf } from './support/policies.ts'
import { synthesiseDemo, text } from './support/synthesised.ts'

const { ofType, first } = await synthesiseDemo()
const one = (type: string): Record<string, unknown> => {
  expect(ofType(type)).toHaveLength(1)
  return first(type).Properties
}

interface Behavior {
  PathPattern?: string
  ViewerProtocolPolicy: string
  CachePolicyId: string
  OriginRequestPolicyId?: string
  AllowedMethods: string[]
  ResponseHeadersPolicyId: unknown
  FunctionAssociations?: { EventType: string }[]
}
interface Distribution {
  DefaultCacheBehavior: Behavior
  CacheBehaviors: Behavior[]
  DefaultRootObject: string
  Origins: { OriginAccessControlId?: unknown; S3OriginConfig?: unknown; CustomOriginConfig?: Record<string, unknown> }[]
}
const distribution = one('AWS::CloudFront::Distribution').DistributionConfig as Distribution

describe('what CloudFront adds to every answer', () => {
  const { SecurityHeadersConfig: known, CustomHeadersConfig: custom } = one('AWS::CloudFront::ResponseHeadersPolicy')
    .ResponseHeadersPolicyConfig as {
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { ContentSecurityPolicy: unknown; Override: boolean }
      ContentTypeOptions: { Override: boolean }
      FrameOptions: { FrameOption: string; Override: boolean }
      ReferrerPolicy: { ReferrerPolicy: string; Override: boolean }
      StrictTransportSecurity: Record<string, unknown>
    }
    CustomHeadersConfig: { Items: { Header: string; Value: string; Override: boolean }[] }
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as references are written here
  const pages = 'https://muniment-demo-${AWS::AccountId}.auth.${AWS::Region}.amazoncognito.com'
  const cacheControl = { Header: 'Cache-Control', Value: 'no-store', Override: false }

  it('is what the embedded server adds, for pages that may talk to the sign-in', () => {
    const told = new Map([
      ['Content-Security-Policy', text(known.ContentSecurityPolicy.ContentSecurityPolicy)],
      ['X-Frame-Options', known.FrameOptions.FrameOption],
      ['Referrer-Policy', known.ReferrerPolicy.ReferrerPolicy],
      // CloudFront knows no other value.
      ...(known.ContentTypeOptions.Override ? [['X-Content-Type-Options', 'nosniff'] as const] : []),
      ['Strict-Transport-Security', `max-age=${known.StrictTransportSecurity.AccessControlMaxAgeSec}`],
      ...custom.Items.filter(({ Header }) => Header !== 'Cache-Control').map(
        ({ Header, Value }) => [Header, Value] as const,
      ),
    ])
    const embedded = new Map([...securityHeaderList({ connectTo: [pages] }), strictTransport])
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(embedded))
    expect(told.get('Content-Security-Policy')).toContain(`connect-src 'self' ${pages};`)
    expect(told.get('Content-Security-Policy')).toContain("require-trusted-types-for 'script'")
  })

  it('takes the place of what an origin says, but for Cache-Control', () => {
    const { ContentSecurityPolicy, FrameOptions, ReferrerPolicy, StrictTransportSecurity } = known
    for (const { Override } of [ContentSecurityPolicy, FrameOptions, ReferrerPolicy]) expect(Override).toBe(true)
    expect(StrictTransportSecurity).toMatchObject({ Override: true, IncludeSubdomains: false })
    expect(custom.Items.filter(({ Override }) => !Override)).toEqual([cacheControl])
  })

  it('is added to pages and API alike', () => {
    const policies = [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors].map((behavior) =>
      text(behavior.ResponseHeadersPolicyId),
    )
    expect(policies).toHaveLength(3)
    expect(new Set(policies).size).toBe(1)
    expect(policies[0]).toContain('SiteHeaders')
  })
})

describe('CloudFront', () => {
  const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
  const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac'

  it('keeps no answer of the API, hands on tokens, and refuses them in the clear', () => {
    expect(distribution.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/api/*', '/sign-in.json'])
    for (const behavior of distribution.CacheBehaviors)
      expect(behavior).toMatchObject({
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
        ViewerProtocolPolicy: 'https-only',
      })
    expect(distribution.CacheBehaviors[0]?.AllowedMethods).toContain('DELETE')
  })

  it('alone reads the files, by origin access control', () => {
    const [files, api] = distribution.Origins
    expect(files?.OriginAccessControlId).toBeDefined()
    expect(api?.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    })
    expect(distribution.DefaultCacheBehavior.ViewerProtocolPolicy).toBe('redirect-to-https')
    expect(distribution.DefaultRootObject).toBe('index.html')
  })

  it.each([
    ['/', '/index.html'],
    ['/search/pas/policy-dossier', '/index.html'],
    ['/signed-in', '/index.html'],
    ['/index.html', '/index.html'],
    ['/favicon.svg', '/favicon.svg'],
    ['/assets/app-1a2b.js', '/assets/app-1a2b.js'],
    ['/assets/missing', '/assets/missing'],
    ['/assets', '/assets'],
    ['/v1.2/page', '/index.html'],
  ])('answers %s with %s, as the embedded server does', (uri, served) => {
    const scope: { handler?: (event: { request: { uri: string } }) => { uri: string } } = {}
    runInNewContext(readFileSync(spaRouting, 'utf8'), scope)
    expect(scope.handler?.({ request: { uri } }).uri).toBe(served)
  })
})

describe('the HTTP API', () => {
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => ({
    key: String(Properties.RouteKey),
    authorization: Properties.AuthorizationType,
  }))

  it('wants a token for everything but health, the place to sign in, and files by their signed address', () => {
    expect(
      routes
        .filter(({ authorization }) => authorization !== 'JWT')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['GET /api/files/{token}', 'GET /api/health', 'GET /sign-in.json', 'HEAD /api/files/{token}'])
    expect(routes.filter(({ authorization }) => authorization === 'JWT')).toEqual([
      { key: 'ANY /api/{proxy+}', authorization: 'JWT' },
    ])
  })

  it('takes tokens of the own pool for the own client', () => {
    const { JwtConfiguration: jwt } = one('AWS::ApiGatewayV2::Authorizer') as {
      JwtConfiguration: { Audience: unknown[]; Issuer: unknown }
    }
    expect(jwt.Audience.map(text)).toEqual([expect.stringContaining('SignInWeb')])
    expect(text(jwt.Issuer)).toMatch(
      /^https:\/\/cognito-idp\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}\/\$\{SignInPeople\w+\}$/,
    )
  })

  it('is throttled, and logs no address, path, query, agent or person', () => {
    const stage = one('AWS::ApiGatewayV2::Stage') as {
      DefaultRouteSettings: Record<string, unknown>
      AccessLogSettings: { Format: string }
    }
    expect(stage.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })
    const logged = Object.values(JSON.parse(stage.AccessLogSettings.Format) as Record<string, string>)
    expect(logged).toContain('$context.routeKey')
    for (const member of logged)
      expect(member).not.toMatch(/sourceIp|path|query|userAgent|claims|principal|caller|identity|domainName/i)
  })
})

describe('sign-in', () => {
  it('knows nobody who was not invited, and nobody without a second factor', () => {
    expect(one('AWS::Cognito::UserPool')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      DeletionProtection: 'ACTIVE',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      Policies: { PasswordPolicy: { MinimumLength: 14, PasswordHistorySize: 5 } },
    })
  })

  it('gives a public client codes alone, and passwords no way past the pages', () => {
    const client = one('AWS::Cognito::UserPoolClient')
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'profile'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    })
    expect((client.CallbackURLs as unknown[]).map(text)).toEqual([expect.stringMatching(/^https:\/\/.*\/signed-in$/)])
  })

  it('has the groups that the access rules of the sample speak of', () => {
    const groups = ofType('AWS::Cognito::UserPoolGroup').map(({ Properties }) => Properties.GroupName)
    expect(groups).toEqual(
      expect.arrayContaining(['customer-service', 'claims-lead', 'internal-audit', 'it-operations']),
    )
  })
})

describe('names in access tokens', () => {
  const pool = one('AWS::Cognito::UserPool')

  it('come from a function that Cognito asks in the form that reaches access tokens, which takes a plan that has it', () => {
    expect(pool.LambdaConfig).toEqual({
      PreTokenGenerationConfig: {
        LambdaArn: { 'Fn::GetAtt': [expect.stringMatching(/^Functiontokens/), 'Arn'] },
        LambdaVersion: 'V2_0',
      },
    })
    // Lite gives V1_0 alone, which reaches ID tokens only.
    expect(pool.UserPoolTier).toBe('PLUS')
  })

  it('can be asked for by this pool alone', () => {
    const calls = ofType('AWS::Lambda::Permission').filter(({ Properties }) =>
      text(Properties.FunctionName).includes('Functiontokens'),
    )
    expect(calls.map(({ Properties }) => [Properties.Principal, text(Properties.SourceArn)])).toEqual([
      ['cognito-idp.amazonaws.com', expect.stringMatching(/^\$\{SignInPeople\w+\.Arn\}$/)],
    ])
  })

  it('are added by a function that is told nothing of the archive, within the five seconds that Cognito waits', () => {
    const { Properties } = first('AWS::Lambda::Function', (found) =>
      text(found.Properties.FunctionName).endsWith('-tokens'),
    )
    expect(Properties.Timeout).toBe(5)
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> }
    expect(Object.keys(Variables).filter((name) => name.startsWith('MUNIMENT_'))).toEqual([])
  })
})

describe('calls that nobody waits for', () => {
  const queues = ofType('AWS::SQS::Queue')
  const destinationOf = (name: string) => {
    const id = first('AWS::Lambda::Function', (found) => text(found.Properties.FunctionName).endsWith(`-${name}`)).id
    const config = ofType('AWS::Lambda::EventInvokeConfig').find(
      ({ Properties }) => text(Properties.FunctionName) === `\${${id}}`,
    )
    const { OnFailure } = (config?.Properties.DestinationConfig ?? {}) as { OnFailure?: { Destination: unknown } }
    return text(OnFailure?.Destination ?? 'nowhere').replace(/^\$\{(\w+Left).*$/, '$1')
  }

  it('are left in a queue when they fail to the end', () => {
    expect(['exports', 'sealer', 'upkeep', 'verifier'].map(destinationOf)).toEqual([
      'ExportsLeft',
      'ScheduledLeft',
      'ScheduledLeft',
      'ScheduledLeft',
    ])
    // Somebody waits for these.
    expect(['api', 'tokens'].map(destinationOf)).toEqual(['nowhere', 'nowhere'])
    for (const { Properties } of ofType('AWS::Scheduler::Schedule')) {
      const { DeadLetterConfig } = Properties.Target as { DeadLetterConfig?: { Arn: unknown } }
      expect(text(DeadLetterConfig?.Arn)).toContain('ScheduledLeft')
    }
  })

  it('lie there encrypted, for days, and come there by TLS only', () => {
    expect(
      queues.map(({ Properties }) => [Properties.SqsManagedSseEnabled, Properties.MessageRetentionPeriod]),
    ).toEqual([
      [true, 14 * 86_400],
      [true, 86_400],
    ])
    const refusals = statementsOf(ofType('AWS::SQS::QueuePolicy')).filter(({ effect }) => effect === 'Deny')
    expect(refusals).toHaveLength(queues.length)
    for (const { actions, principal, conditions } of refusals)
      expect({ actions, principal, conditions }).toEqual({
        actions: ['sqs:*'],
        principal: { AWS: '*' },
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      })
  })

  it('set off an alarm while one lies there', () => {
    const watched = ofType('AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible',
    )
    expect(watched.map(({ Properties }) => [Properties.Threshold, Properties.ComparisonOperator])).toEqual([
      [0, 'GreaterThanThreshold'],
      [0, 'GreaterThanThreshold'],
    ])
  })
})

describe('functions', () => {
  it.each(functionNames.filter((name) => name !== 'tokens'))(
    '%s runs on ARM with Node 22, traced, with a log of its own and its settings',
    (name) => {
      const found = first(
        'AWS::Lambda::Function',
        ({ Properties }) => Properties.FunctionName === `muniment-demo-${name}`,
      )
      expect(found.Properties).toMatchObject({
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: expect.anything() },
      })
      const { Variables } = found.Properties.Environment as { Variables: Record<string, unknown> }
      expect(Variables).toMatchObject({
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: 'Muniment/demo',
        MUNIMENT_WORKGROUP: 'muniment-demo',
        MUNIMENT_DATABASE_PREFIX: 'muniment_demo_',
        MUNIMENT_EXPORTS_FUNCTION: 'muniment-demo-exports',
        MUNIMENT_VERIFIER_FUNCTION: 'muniment-demo-verifier',
        MUNIMENT_AUDIENCE_CLAIM: 'client_id',
        MUNIMENT_GROUPS_CLAIM: 'cognito:groups',
      })
    },
  )

  it('are called by the clock: the log is sealed each minute, upkeep is hourly, the log is checked four times a day', () => {
    const schedules = ofType('AWS::Scheduler::Schedule').map(({ Properties }) => [
      Properties.Name,
      Properties.ScheduleExpression,
    ])
    expect(Object.fromEntries(schedules)).toEqual({
      'muniment-demo-sealer': 'rate(1 minute)',
      'muniment-demo-upkeep': 'rate(1 hour)',
      'muniment-demo-verifier': 'rate(6 hours)',
    })
  })
})

describe('alarms', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm')

  it('all reach the topic', () => {
    expect(alarms.length).toBeGreaterThan(15)
    for (const { Properties } of alarms)
      expect((Properties.AlarmActions as unknown[]).map(text)).toEqual([expect.stringContaining('Alerts')])
  })

  it('take silence of what the clock calls for a fault', () => {
    const breaching = alarms.filter(({ Properties }) => Properties.TreatMissingData === 'breaching')
    expect(breaching.map(({ Properties }) => Properties.MetricName).sort()).toEqual([
      'Sealed',
      'UpkeepDone',
      'Verified',
    ])
  })

  it('hold the bytes of a day against the budget', () => {
    const bytes = first('AWS::CloudWatch::Alarm', ({ Properties }) => Properties.MetricName === 'ProcessedBytes')
    expect(bytes.Properties).toMatchObject({ Threshold: 100_000_000_000, Period: 86_400, Statistic: 'Sum' })
  })

  it("tell when an application's crawler failed", () => {
    const rules = ofType('AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern)
    expect(rules).toContainEqual({
      source: ['aws.glue'],
      'detail-type': ['Glue Crawler State Change'],
      detail: { state: ['Failed'], crawlerName: [{ prefix: 'muniment-demo-pas-' }] },
    })
  })
})
