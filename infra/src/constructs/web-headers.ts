import { securityHeaderList, strictTransport } from '@muniment/api/shared/security-headers'
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * The embedded server's headers, also on what CloudFront and API Gateway answer by themselves. `Cache-Control` only where the
 * origin says nothing: an answer is kept by no cache unless it says so.
 */
export function webHeaders(scope: Construct, id: string, connectTo: readonly string[]): ResponseHeadersPolicy {
  const all = new Map([...securityHeaderList({ connectTo }), strictTransport])
  const take = (name: string): string => {
    const value = all.get(name)
    if (value === undefined)
      throw new Error(`${name} is no longer among the security headers: look what took its place.`)
    all.delete(name)
    return value
  }
  const must = (name: string, expected: string) => {
    if (take(name) !== expected) throw new Error(`${name} is no longer ${expected}: change what CloudFront is told.`)
  }
  const maxAge = /^max-age=(\d+)$/.exec(take('Strict-Transport-Security'))?.[1]
  if (maxAge === undefined) throw new Error('Strict-Transport-Security says more than max-age: tell CloudFront too.')
  must('X-Content-Type-Options', 'nosniff')
  must('X-Frame-Options', 'DENY')
  must('Referrer-Policy', 'no-referrer')
  const securityHeadersBehavior: ResponseSecurityHeadersBehavior = {
    contentSecurityPolicy: { contentSecurityPolicy: take('Content-Security-Policy'), override: true },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    strictTransportSecurity: {
      accessControlMaxAge: Duration.seconds(Number(maxAge)),
      includeSubdomains: false,
      override: true,
    },
  }
  // The others CloudFront knows as any header.
  const customHeaders = [...all].map(([header, value]) => ({ header, value, override: true }))
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior,
    customHeadersBehavior: {
      customHeaders: [...customHeaders, { header: 'Cache-Control', value: 'no-store', override: false }],
    },
  })
}
