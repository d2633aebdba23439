import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deployedHeaders } from '../../src/rehearse/deployed-headers.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headers-'))
  mkdirSync(join(folder, 'cdk.out'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(csp: unknown): void {
  const ResponseHeadersPolicyConfig = {
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { ContentSecurityPolicy: csp },
      FrameOptions: { FrameOption: 'DENY' },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 5 },
    },
    CustomHeadersConfig: {
      Items: [
        { Header: 'X-One', Value: '1', Override: true },
        { Header: 'Cache-Control', Value: 'no-store', Override: false },
      ],
    },
  }
  const Policy = { Type: 'AWS::CloudFront::ResponseHeadersPolicy', Properties: { ResponseHeadersPolicyConfig } }
  const file = join(folder, 'cdk.out', 'muniment-rehearsal-service.template.json')
  writeFileSync(file, JSON.stringify({ Resources: { Policy, Other: { Type: 'AWS::S3::Bucket' } } }))
}

it('what the template puts on every answer is told with its references filled in', () => {
  write({ 'Fn::Join': ['', ["connect-src 'self' https://x-", { Ref: 'AWS::AccountId' }, '.', { Ref: 'AWS::Region' }]] })
  expect(deployedHeaders(folder)).toEqual({
    'content-security-policy': "connect-src 'self' https://x-000000000000.eu-central-1",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=5',
    'x-one': '1',
  })
})

it('a reference that nobody can fill in is no header', () => {
  write({ Ref: 'SomeResource' })
  expect(() => deployedHeaders(folder)).toThrow('SomeResource')
})
