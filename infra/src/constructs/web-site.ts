import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AccessLevel,
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Duration, Validations } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { spaRouting } from '../paths.ts'
import type { EnvironmentSettings } from '../settings.ts'
import { KeptBucket } from './kept-bucket.ts'
import { webHeaders } from './web-headers.ts'

export interface WebSiteProps {
  readonly settings: Pick<EnvironmentSettings, 'domain' | 'webAclArn'>
  readonly apiHost: string
  readonly accessLogs: IBucket
  /** Origins besides our own that pages talk to. */
  readonly connectTo: readonly string[]
}

/** One host for pages and API: pages from a bucket that only CloudFront reads, /api never from a cache. */
export class WebSite extends Construct {
  readonly files: KeptBucket
  readonly distribution: Distribution
  /** As browsers see it. */
  readonly origin: string

  constructor(scope: Construct, id: string, { settings, apiHost, accessLogs, connectTo }: WebSiteProps) {
    super(scope, id)
    const { domain, webAclArn } = settings
    this.files = new KeptBucket(this, 'Files', { versioned: true, logs: { bucket: accessLogs, prefix: 'web/' } })
    const responseHeadersPolicy = webHeaders(this, 'Headers', connectTo)
    const api = {
      origin: new HttpOrigin(apiHost, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
      }),
      // A token sent in the clear is lost already: such a request is refused, not led elsewhere.
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy,
    }
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Muniment',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(domain && {
        domainNames: [domain.name],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      defaultBehavior: {
        // With the right to list, a file that is not there is a 404 and no 403.
        origin: S3BucketOrigin.withOriginAccessControl(this.files, {
          originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        compress: true,
        responseHeadersPolicy,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.routing() }],
      },
      additionalBehaviors: {
        '/api/*': { ...api, allowedMethods: AllowedMethods.ALLOW_ALL },
        '/sign-in.json': { ...api, allowedMethods: AllowedMethods.ALLOW_GET_HEAD },
      },
    })
    this.origin = `https://${domain?.name ?? this.distribution.distributionDomainName}`
    this.explain(settings)
  }

  private routing(): EdgeFunction {
    return new EdgeFunction(this, 'Routing', {
      comment: "Addresses of the application's own router",
      code: FunctionCode.fromFile({ filePath: spaRouting }),
      runtime: FunctionRuntime.JS_2_0,
    })
  }

  private explain({ domain, webAclArn }: WebSiteProps['settings']): void {
    const acknowledge = (id: string, reason: string) => Validations.of(this.distribution).acknowledge({ id, reason })
    acknowledge(
      'AwsSolutions-CFR1',
      'Where people work from is not known to us; who they are is checked with a second factor.',
    )
    acknowledge(
      'AwsSolutions-CFR3',
      'These logs hold the addresses of people and what they asked for. The API logs each request without them; pages are public files.',
    )
    acknowledge(
      'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'A root object is named and the routing function leaves no address that would list the bucket; its files are public anyway.',
    )
    if (webAclArn === undefined)
      acknowledge(
        'AwsSolutions-CFR2',
        'A web ACL costs by the month while nobody searches; it is a setting (webAclArn). The API is throttled.',
      )
    if (!domain)
      acknowledge(
        'AwsSolutions-CFR4',
        "CloudFront's own name comes with its own TLS policy; with a domain of one's own it is TLS 1.2.",
      )
  }
}
