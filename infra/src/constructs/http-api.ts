import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi as Api,
  CfnRoute,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Names } from '../names.ts'
import type { EnvironmentSettings } from '../settings.ts'

export interface HttpApiProps {
  readonly names: Names
  readonly settings: EnvironmentSettings['api']
  readonly retention: RetentionDays
}

/**
 * Answered without a token, as in the embedded setting: whether it is up, where to sign in, and a file by its short-lived address,
 * which is the proof itself (browsers navigate there). The OpenAPI document needs a token there, so it does here.
 */
export const openRoutes = [
  { path: '/api/health', why: 'Says that the service is up, and nothing else.' },
  { path: '/sign-in.json', why: 'Says where to sign in, which is asked before anybody can have a token.' },
  {
    path: '/api/files/{token}',
    why: 'Browsers fetch files by navigating, without a token: the address is signed, short-lived and checked by the function.',
  },
] as const

/** What is logged of a request. No address, no path, no query, no agent, no person: the function logs which route answered. */
const logged = {
  request: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  protocol: '$context.protocol',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  bytes: '$context.responseLength',
  functionStatus: '$context.integrationStatus',
  refused: '$context.authorizer.error',
  error: '$context.error.responseType',
}

/** API Gateway's HTTP API: cheaper than the REST kind and with a JWT authorizer of its own. */
export class HttpApi extends Construct {
  readonly api: Api
  readonly host: string

  constructor(scope: Construct, id: string, { names, settings, retention }: HttpApiProps) {
    super(scope, id)
    this.api = new Api(this, 'Api', {
      apiName: names.base,
      description: 'Muniment. Browsers come through CloudFront.',
      createDefaultStage: false,
    })
    const logs = new LogGroup(this, 'AccessLog', { retention, removalPolicy: RemovalPolicy.RETAIN })
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(logged)),
      },
    })
    const { region, urlSuffix } = Stack.of(this)
    this.host = `${this.api.apiId}.execute-api.${region}.${urlSuffix}`
  }

  /** Everything needs a token of `issuer` for `clientId`, but the open routes. The function checks it again. */
  answerWith(handler: IFunction, { issuer, clientId }: { issuer: string; clientId: string }): void {
    const integration = new HttpLambdaIntegration('Function', handler)
    const add = (path: string, method: HttpMethod, authorizer: IHttpRouteAuthorizer) =>
      this.api.addRoutes({ path, methods: [method], integration, authorizer })
    add('/api/{proxy+}', HttpMethod.ANY, new HttpJwtAuthorizer('Token', issuer, { jwtAudience: [clientId] }))
    for (const { path, why } of openRoutes) {
      const methods = path === '/api/files/{token}' ? [HttpMethod.GET, HttpMethod.HEAD] : [HttpMethod.GET]
      for (const method of methods)
        for (const route of add(path, method, new HttpNoneAuthorizer())) {
          const own = route.node.defaultChild
          if (own instanceof CfnRoute) Validations.of(own).acknowledge({ id: 'AwsSolutions-APIG4', reason: why })
        }
    }
  }
}
