import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { owner } from '../run/ministack.ts'
import { ACCOUNT, ENVIRONMENT } from './environment.ts'

type Value =
  | string
  | number
  | boolean
  | { readonly Ref: string }
  | { readonly 'Fn::Join': readonly [string, readonly Value[]] }

interface Config {
  readonly SecurityHeadersConfig: {
    readonly ContentSecurityPolicy: { readonly ContentSecurityPolicy: Value }
    readonly FrameOptions: { readonly FrameOption: Value }
    readonly ReferrerPolicy: { readonly ReferrerPolicy: Value }
    readonly StrictTransportSecurity: { readonly AccessControlMaxAgeSec: Value }
  }
  readonly CustomHeadersConfig: {
    readonly Items: readonly { readonly Header: string; readonly Value: Value; readonly Override: boolean }[]
  }
}

/** What CloudFront is told to put on every answer, by the template that was deployed; names in small letters. */
export function deployedHeaders(folder: string): Record<string, string> {
  const file = join(folder, 'cdk.out', `muniment-${ENVIRONMENT}-service.template.json`)
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources: Record<string, { Type: string; Properties?: { ResponseHeadersPolicyConfig?: Config } }>
  }
  const policies = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFront::ResponseHeadersPolicy')
  const config = policies[0]?.Properties?.ResponseHeadersPolicyConfig
  if (!config || policies.length !== 1) throw new Error(`The template has ${policies.length} policies of headers.`)
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = config
  return {
    'content-security-policy': textOf(security.ContentSecurityPolicy.ContentSecurityPolicy),
    'x-content-type-options': 'nosniff',
    'x-frame-options': textOf(security.FrameOptions.FrameOption),
    'referrer-policy': textOf(security.ReferrerPolicy.ReferrerPolicy),
    'strict-transport-security': `max-age=${textOf(security.StrictTransportSecurity.AccessControlMaxAgeSec)}`,
    ...Object.fromEntries(
      custom.Items.filter(({ Override }) => Override).map(({ Header, Value }) => [Header.toLowerCase(), textOf(Value)]),
    ),
  }
}

const known: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': owner.region,
  'AWS::URLSuffix': 'amazonaws.com',
}

function textOf(value: Value): string {
  if (typeof value !== 'object') return String(value)
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(textOf).join(value['Fn::Join'][0])
  const found = known[value.Ref]
  if (found === undefined) throw new Error(`The template's headers go by ${value.Ref}, which is not known here.`)
  return found
}
