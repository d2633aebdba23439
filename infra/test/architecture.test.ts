import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diagramOf, rightsTable } from '../src/diagram/diagram.ts'
import { edgesOf } from '../src/diagram/edges.ts'
import { nodesOf } from '../src/diagram/nodes.ts'
import { verbOf } from '../src/diagram/what-is-drawn.ts'
import { between } from '../src/docs-block.ts'
import { type StackSummary, summarise } from '../src/summary.ts'
import { demoSettings } from './support/synthesised.ts'

const stacks = await summarise('demo', { ...demoSettings, applications: ['pas'] })
const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8')
const nodes = nodesOf(stacks)
const edges = edgesOf(stacks, nodes)
const idOf = (label: string): string => {
  const found = nodes.find((node) => node.label.startsWith(label))
  if (!found) throw new Error(`No node begins with "${label}".`)
  return found.id
}
const between2 = (from: string, to: string) =>
  edges.filter((edge) => edge.from === idOf(from) && edge.to === idOf(to)).map(({ label }) => label)

/** The stacks with one resource more, or with one changed. */
const changed = (
  id: string,
  resource: (before: Record<string, unknown>) => Record<string, unknown>,
): StackSummary[] => {
  const copy = structuredClone(stacks) as unknown as {
    name: string
    template: { Resources: Record<string, unknown> }
  }[]
  const stack = copy.find(({ name, template }) => id in template.Resources || name.endsWith('-service'))
  if (!stack) throw new Error('There is no stack of the service.')
  stack.template.Resources[id] = resource((stack.template.Resources[id] ?? {}) as Record<string, unknown>)
  return copy as unknown as StackSummary[]
}
const policyOf = (role: string, Action: string, Resource: unknown) => () => ({
  Type: 'AWS::IAM::Policy',
  Properties: { Roles: [{ Ref: role }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
})

describe('docs/architecture.md', () => {
  it('has the picture and the rights of what is synthesised; `npm run -w infra diagram` writes them anew', () => {
    expect(between(page, 'diagram')).toBe(diagramOf(stacks))
    expect(between(page, 'rights')).toBe(rightsTable(stacks))
  })

  it('would differ if a function got one right more', () => {
    const role = Object.keys(stacks.at(-1)?.template.Resources ?? {}).find((id) =>
      /^FunctionsealerRole[0-9A-F]+$/.test(id),
    )
    const more = changed(
      'More',
      policyOf(role ?? '', 's3:DeleteObject', { 'Fn::Join': ['', [bucketArn(), '/audit/*']] }),
    )
    expect(rightsTable(more)).toContain('| Lambda sealer | S3 Archive | deletes `audit/*`;')
    expect(diagramOf(more)).not.toBe(diagramOf(stacks))
  })
})

const bucketArn = () => {
  const archive = nodes.find(({ label }) => label === 'S3 Archive')
  return { 'Fn::ImportValue': `x:ExportsOutputFnGetAtt${archive?.of[0]}ArnABCDEF01` }
}

describe('the picture', () => {
  it('shows the way of a search', () => {
    expect(between2('CloudFront', 'API Gateway')).toEqual(['/api'])
    expect(between2('API Gateway', 'Lambda api')).toEqual(['calls'])
    expect(between2('API Gateway', 'Cognito')).toEqual(['checks tokens of'])
    expect(between2('Lambda api', 'Athena workgroup')).toEqual(['asks'])
  })

  it('shows no arrow by which records could be written or removed but from who loads', () => {
    const records = edges.filter(
      ({ to, label, prefixes }) =>
        to === idOf('S3 Archive') && label !== 'reads' && prefixes.some((prefix) => prefix.startsWith('archive/')),
    )
    expect(records.map(({ from, label }) => `${from} ${label}`)).toEqual([
      `${idOf('who has the policy muniment-demo-loader')} writes`,
    ])
  })

  it('keeps its ids when the CDK names things anew: no hash is in it', () => {
    expect(diagramOf(stacks)).not.toMatch(/[0-9A-F]{8}/)
  })

  it('refuses a type of resource that nobody has thought of', () => {
    const table = changed('Table', () => ({ Type: 'AWS::DynamoDB::Table' }))
    expect(() => diagramOf(table)).toThrow(/AWS::DynamoDB::Table is neither drawn nor left out/)
  })

  it('refuses a grant to nobody, and one on something that is not drawn', () => {
    expect(() => diagramOf(changed('P', policyOf('Nobody', 's3:GetObject', bucketArn())))).toThrow(
      /grants something to nobody/,
    )
    const role = Object.keys(stacks.at(-1)?.template.Resources ?? {}).find((id) =>
      /^FunctionsealerRole[0-9A-F]+$/.test(id),
    )
    const stray = changed('P', policyOf(role ?? '', 's3:GetObject', 'arn:x:s3:::elsewhere/*'))
    expect(() => diagramOf(stray)).toThrow(/is granted reads on arn:x:s3:::elsewhere/)
  })

  it('refuses an action that has no word', () => {
    expect(() => verbOf('s3:PutBucketPolicy')).toThrow(/has no word yet/)
    expect([
      verbOf('glue:BatchGetPartition'),
      verbOf('glue:BatchCreatePartition'),
      verbOf('xray:PutTraceSegments'),
    ]).toEqual(['reads', 'writes', undefined])
  })
})
