import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { checkSettings, type EnvironmentSettings } from '../src/settings.ts'
import { statementsOf } from './support/policies.ts'
import { demoSettings, synthesise, text } from './support/synthesised.ts'

const account = '111122223333'
const apart: EnvironmentSettings = {
  ...demoSettings,
  account,
  region: 'eu-central-1',
  applications: ['nycflights'],
  domain: { name: 'archive.example.com', certificateArn: 'arn:test:acm:us-east-1:111122223333:certificate/one' },
  storage: { tier: 'intelligent' },
  witness: { account: '444455556666', lock: { mode: 'compliance', days: 3_650 } },
}
const { templates, resources, ofType, first } = await synthesise({
  one: { ...demoSettings, account, region: 'eu-central-1', applications: ['nycflights'] },
  two: apart,
})

/** Members by which AWS tells resources of an account apart, where we choose them. */
/** Told apart by what they belong to: a role, a function, an API. */
const within = new Set([
  'AWS::IAM::Policy',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::ApiGatewayV2::Authorizer',
])
const named = [
  'Name',
  'RoleName',
  'FunctionName',
  'ManagedPolicyName',
  'AliasName',
  'DashboardName',
  'AlarmName',
  'BucketName',
  'TopicName',
  'LogGroupName',
  'Domain',
  'PolicyName',
  'ScheduleName',
]

describe('two environments in one account', () => {
  it('have no name in common', () => {
    const names = resources.flatMap(({ Type, Properties = {}, stack }) =>
      named
        .filter((member) => Properties[member] !== undefined && !within.has(Type))
        .map((member) => ({ full: `${Type} ${member} ${text(Properties[member])}`, stack })),
    )
    const databases = ofType('AWS::Glue::Database').map(({ Properties, stack }) => ({
      full: `AWS::Glue::Database ${(Properties.DatabaseInput as { Name: string }).Name}`,
      stack,
    }))
    const all = [...names, ...databases]
    expect(all.length).toBeGreaterThan(30)
    const seen = new Map<string, string>()
    const twice = all.filter(({ full, stack }) => {
      const before = seen.get(full)
      seen.set(full, stack)
      return before !== undefined
    })
    expect(twice).toEqual([])
  })

  it('have no stack in common', () => {
    const stacks = templates.map(({ stack }) => stack)
    expect(new Set(stacks).size).toBe(stacks.length)
    expect(stacks).toEqual(
      expect.arrayContaining(['muniment-one-archive', 'muniment-two-archive', 'muniment-two-witness']),
    )
  })

  it('name their account and region, and yet no partition', () => {
    // The certificate is named by whoever deploys.
    for (const { stack, template } of templates)
      expect(JSON.stringify(template).match(/arn:aws[\w-]*:/g), stack).toBeNull()
  })
})

describe('a witness in another account', () => {
  it("lets the sealer's role in to create, and nobody to replace or remove", () => {
    const own = statementsOf(resources).filter(({ of }) => of.stack === 'muniment-two-witness')
    const allowed = own.filter(({ effect }) => effect === 'Allow')
    expect(allowed.flatMap(({ actions }) => actions).sort()).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject'])
    const writing = allowed.find(({ actions }) => actions.includes('s3:PutObject'))
    expect(text(JSON.stringify(writing?.conditions))).toContain(`:iam::${account}:role/muniment-two-sealer`)
    expect(own.filter(({ conditions }) => JSON.stringify(conditions).includes('if-none-match'))).toHaveLength(1)
  })

  it('locks for as long as the settings say, also for the owner of the account', () => {
    const bucket = first('AWS::S3::Bucket', ({ stack }) => stack === 'muniment-two-witness')
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: 'muniment-two-witness-444455556666',
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3_650 } } },
      },
    })
  })

  it('is where the functions are told to look', () => {
    const told = ofType('AWS::Lambda::Function').filter(
      ({ stack, Properties }) =>
        stack === 'muniment-two-service' && !String(Properties.FunctionName).endsWith('-tokens'),
    )
    expect(told).toHaveLength(5)
    for (const { Properties } of told)
      expect(Properties).toMatchObject({
        Environment: {
          Variables: {
            MUNIMENT_WITNESS_BUCKET: 'muniment-two-witness-444455556666',
            MUNIMENT_ORIGIN: 'https://archive.example.com',
          },
        },
      })
  })
})

describe('the cold tier', () => {
  it('is intelligent tiering of records alone, without the archive tiers that Athena cannot read', () => {
    const bucket = first(
      'AWS::S3::Bucket',
      ({ stack, id }) => stack === 'muniment-two-archive' && id.startsWith('StorageArchive'),
    )
    const { Rules } = bucket.Properties.LifecycleConfiguration as {
      Rules: { Prefix?: string; Transitions?: unknown }[]
    }
    expect(Rules.filter(({ Transitions }) => Transitions)).toMatchObject([
      { Prefix: 'archive/', Transitions: [{ StorageClass: 'INTELLIGENT_TIERING' }] },
    ])
    expect(bucket.Properties).not.toHaveProperty('IntelligentTieringConfigurations')
  })
})

describe('settings', () => {
  const fails = (name: string, change: Partial<EnvironmentSettings>) => () =>
    checkSettings(name, { ...demoSettings, ...change })

  it('that go together are taken', () => {
    expect(fails('demo', {})).not.toThrow()
    expect(() => checkSettings('two', apart)).not.toThrow()
  })

  it.each<[string, string, Partial<EnvironmentSettings>, RegExp]>([
    ['a name that Athena would not take', 'my-env', {}, /small letters and digits/],
    ['no application', 'demo', { applications: [] }, /no application/],
    ['a cut-off that Athena refuses', 'demo', { budget: { bytesPerDay: 10, bytesPerQuery: 10 } }, /10000000 bytes/],
    [
      'a day with less room than a query',
      'demo',
      { budget: { bytesPerDay: 10_000_000, bytesPerQuery: 20_000_000 } },
      /one query/,
    ],
    ['a group twice', 'demo', { signIn: { groups: ['claims', 'claims'] } }, /group twice/],
    ['a witness elsewhere of an account nobody knows', 'demo', { witness: apart.witness }, /both accounts/],
    [
      'a certificate of another region',
      'demo',
      { domain: { name: 'a.example', certificateArn: 'x:eu-west-1:y' } },
      /us-east-1/,
    ],
  ])('are refused with a sentence: %s', (_, name, change, sentence) => {
    expect(fails(name, change)).toThrow(sentence)
  })

  it('of an environment that is not there are told with those that are', async () => {
    const app = fileURLToPath(new URL('../src/app.ts', import.meta.url))
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ env: 'nowhere' }) }
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', app], { env })
    await expect(run).rejects.toThrow(/no environment "nowhere". Known: demo/)
  })
})
