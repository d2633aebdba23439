import { describe, expect, it } from 'vitest'
import { functionNames } from '../src/names.ts'
import { type Statement, statementsOf } from './support/policies.ts'
import { demoSettings, synthesise, synthesiseDemo, text } from './support/synthesised.ts'

const { resources, ofType } = await synthesiseDemo()
const statements = statementsOf(resources)
const allowed = statements.filter(({ effect }) => effect === 'Allow')

const known: [RegExp, string][] = [
  [/\$\{[^}]*SecretsKey[^}]*\}/, 'SECRETS-KEY'],
  [/\$\{[^}]*DataKey[^}]*\}/, 'DATA-KEY'],
  [/\$\{[^}]*SigningKey[^}]*\}/, 'SIGNING-KEY'],
  [/\$\{[^}]*StorageArchive[^}]*\}/, 'ARCHIVE'],
  [/\$\{[^}]*StorageSecrets[^}]*\}/, 'SECRETS'],
  [/\$\{Witness[^}]*\}/, 'WITNESS'],
  [/\$\{Function\w+Log[^}]*\}/, 'OWN-LOG'],
  [/\$\{ExportsLeft[^}]*\}/, 'EXPORTS-LEFT'],
  [/\$\{ScheduledLeft[^}]*\}/, 'SCHEDULED-LEFT'],
  [/arn:\$\{AWS::Partition\}:(\w+):\$\{AWS::Region\}:\$\{AWS::AccountId\}:/, '$1:'],
]
const plain = (resource: string) => known.reduce((line, [from, to]) => line.replace(from, to), resource)

const roleOf = (roleName: string) =>
  ofType('AWS::IAM::Role').find(({ Properties }) => Properties.RoleName === roleName)?.id ?? 'none'
const pairs = (of: readonly Statement[]) =>
  new Set(of.flatMap(({ actions, resources }) => actions.flatMap((a) => resources.map((r) => `${a} ${plain(r)}`))))
const rightsOf = (name: string) => {
  const role = roleOf(`muniment-demo-${name}`)
  return pairs(allowed.filter(({ roles }) => roles.includes(role)))
}

const each = (action: string, ...on: string[]) => on.map((resource) => `${action} ${resource}`)
const below = (...prefixes: string[]) => prefixes.map((prefix) => `ARCHIVE/${prefix}`)
const telling = [
  ...each('logs:CreateLogStream', 'OWN-LOG'),
  ...each('logs:PutLogEvents', 'OWN-LOG'),
  ...each('xray:PutTraceSegments', '*'),
  ...each('xray:PutTelemetryRecords', '*'),
]
const leaving = (queue: string) =>
  ['SendMessage', 'GetQueueAttributes', 'GetQueueUrl'].map((verb) => `sqs:${verb} ${queue}`)
const common = [
  ...telling,
  ...each('s3:ListBucket', 'ARCHIVE', 'SECRETS'),
  ...each('s3:GetBucketLocation', 'ARCHIVE'),
  ...each('s3:GetObject', 'SECRETS/*'),
  ...each('s3:PutObject', 'SECRETS/*'),
  ...each('kms:Decrypt', 'DATA-KEY', 'SECRETS-KEY'),
  ...each('kms:GenerateDataKey', 'DATA-KEY', 'SECRETS-KEY'),
]
const written = (...prefixes: string[]) => [
  ...each('s3:PutObject', ...below(...prefixes)),
  ...each('s3:AbortMultipartUpload', ...below(...prefixes)),
]
const tables = ['pas', 'nycflights'].flatMap((name) => [
  `glue:database/muniment_demo_${name}`,
  `glue:table/muniment_demo_${name}/*`,
])
const asking = [
  ...each(
    's3:GetObject',
    ...below('archive/*', 'catalog/*', 'templates/*', 'searches/*', 'results/*', 'access/*', 'audit/*'),
    ...below('usage/*', 'unusual-use/*', 'purposes.json'),
  ),
  ...each('s3:ListMultipartUploadParts', 'ARCHIVE/results/*'),
  ...each('s3:ListBucketMultipartUploads', 'ARCHIVE'),
  ...['Start', 'Stop', 'Get', 'BatchGet'].map((verb) => `athena:${verb}QueryExecution athena:workgroup/muniment-demo`),
  ...each('athena:GetQueryResults', 'athena:workgroup/muniment-demo'),
  ...each('athena:GetWorkGroup', 'athena:workgroup/muniment-demo'),
  ...['Database', 'Table', 'Tables', 'Partition', 'Partitions'].flatMap((what) =>
    each(`glue:Get${what}`, 'glue:catalog', ...tables),
  ),
]

const expected: Record<string, string[]> = {
  api: [
    ...common,
    ...asking,
    ...written('searches/*', 'results/*', 'access/*', 'audit/*', 'usage/*', 'unusual-use/*'),
    ...each('s3:DeleteObject', ...below('results/*', 'searches/*')),
    ...each('s3:GetObject', ...below('verifications/*')),
    ...each('lambda:InvokeFunction', 'lambda:function:muniment-demo-exports', 'lambda:function:muniment-demo-verifier'),
  ],
  exports: [
    ...common,
    ...asking,
    ...written('searches/*', 'results/*', 'audit/*', 'usage/*', 'unusual-use/*'),
    ...each('s3:DeleteObject', ...below('results/*')),
    ...leaving('EXPORTS-LEFT'),
  ],
  sealer: [
    ...common,
    ...each('s3:GetObject', ...below('audit/*')),
    ...written('audit/*'),
    ...each('kms:Sign', 'SIGNING-KEY'),
    ...each('kms:GetPublicKey', 'SIGNING-KEY'),
    ...each('s3:GetObject', 'WITNESS/checkpoints/*'),
    ...each('s3:PutObject', 'WITNESS/checkpoints/*'),
    ...each('s3:ListBucket', 'WITNESS'),
    ...leaving('SCHEDULED-LEFT'),
  ],
  upkeep: [
    ...common,
    ...leaving('SCHEDULED-LEFT'),
    ...each('s3:GetObject', ...below('searches/*', 'results/*', 'audit/*')),
    ...written('searches/*', 'audit/*'),
    ...each('s3:DeleteObject', ...below('results/*')),
  ],
  // People's attributes come with the call; it asks for nothing.
  tokens: telling,
  verifier: [
    ...common,
    ...leaving('SCHEDULED-LEFT'),
    ...each('s3:GetObject', ...below('audit/*', 'access/*', 'verifications/*')),
    ...written('verifications/*'),
    ...each('s3:GetObject', 'WITNESS/checkpoints/*'),
    ...each('s3:ListBucket', 'WITNESS'),
  ],
}

describe('least privilege', () => {
  it.each(functionNames)('the function %s may do what is listed here and nothing else', (name) => {
    expect([...rightsOf(name)].sort()).toEqual([...new Set(expected[name])].sort())
  })

  it('gives a schedule the right to call its function, to leave what it could not call, and nothing else', () => {
    const roles = ofType('AWS::Scheduler::Schedule').map(({ id }) => id.replace(/Schedule\w*$/, ''))
    expect(roles.sort()).toEqual(['Sealing', 'Upkeep', 'Verifying'])
    const calls: Record<string, string> = { Sealing: 'sealer', Upkeep: 'upkeep', Verifying: 'verifier' }
    for (const schedule of roles) {
      const own = allowed.filter((one) => one.roles.some((role) => role.startsWith(`${schedule}Role`)))
      expect([...pairs(own)]).toEqual([
        expect.stringMatching(new RegExp(`^lambda:InvokeFunction .*Function${calls[schedule]}`)),
        'sqs:SendMessage SCHEDULED-LEFT',
      ])
    }
  })

  it("lets an application's crawlers read its own records alone", () => {
    const crawlers = allowed.filter(({ of, roles }) => roles.length > 0 && of.stack === 'muniment-demo-nycflights')
    const read = [...pairs(crawlers)].filter((pair) => pair.startsWith('s3:'))
    expect(read.sort()).toEqual([
      's3:GetBucketLocation ARCHIVE',
      's3:GetObject ARCHIVE/archive/nycflights/*',
      's3:ListBucket ARCHIVE',
    ])
    const listing = crawlers.find(({ actions }) => actions.includes('s3:ListBucket'))
    expect(listing?.conditions).toEqual({ StringLike: { 's3:prefix': ['archive/nycflights/*'] } })
  })
})

describe('the policies for people and pipelines', () => {
  const of = (name: string) =>
    pairs(allowed.filter((one) => one.of.Properties.ManagedPolicyName === `muniment-demo-${name}`))
  const writes = (name: string) =>
    [...of(name)]
      .filter((pair) => /^s3:(Put|Delete)Object /.test(pair))
      .map((pair) => pair.replace(/\$\{SiteFiles[^}]*\}/, 'WEB'))

  it('let the loader add records and what tells of them, and give back its slot', () => {
    expect(writes('loader').sort()).toEqual(
      [
        ...each('s3:PutObject', ...below('archive/*', 'loads/*', 'quarantine/*', 'catalog/*', 'audit/*'), 'SECRETS/*'),
        ...each('s3:DeleteObject', ...below('loads/*/slot.json')),
      ].sort(),
    )
  })

  it('let examples be run over the records, with nothing written but what Athena found', () => {
    expect(writes('examples')).toEqual(['s3:PutObject ARCHIVE/results/athena/*'])
    const reads = [...of('examples')].filter((pair) => pair.startsWith('s3:GetObject '))
    expect(reads.sort()).toEqual(each('s3:GetObject', ...below('archive/*', 'results/athena/*')))
    expect([...of('examples')]).toContain('athena:StartQueryExecution athena:workgroup/muniment-demo')
    expect([...of('examples')].filter((pair) => pair.includes('SECRETS'))).toEqual([])
  })

  it('let the publisher write what `muniment publish` writes, and read no record', () => {
    expect(writes('publisher').sort()).toEqual(
      [
        ...each('s3:PutObject', ...below('templates/*', 'access/*', 'audit/*', 'purposes.json'), 'SECRETS/*', 'WEB/*'),
      ].sort(),
    )
    expect([...of('publisher')]).toContain('s3:GetObject ARCHIVE/catalog/*')
    expect([...of('publisher')].filter((pair) => pair.includes('ARCHIVE/archive/'))).toEqual([])
  })
})

describe('every policy of every stack', () => {
  it('is looked at: there are more than forty statements', () => {
    expect(statements.length).toBeGreaterThan(40)
    expect(new Set(statements.map(({ of }) => of.Type))).toEqual(
      new Set([
        'AWS::IAM::Policy',
        'AWS::IAM::ManagedPolicy',
        'AWS::S3::BucketPolicy',
        'AWS::SNS::TopicPolicy',
        'AWS::SQS::QueuePolicy',
        'AWS::KMS::Key',
      ]),
    )
  })

  it('names each action, but for what refuses and for the administration of a key by its account', () => {
    const wide = allowed.filter(({ actions }) => actions.some((action) => action.includes('*')))
    const others = wide.filter(({ of, resources, actions }) => {
      const encrypting = actions.every((action) =>
        /^kms:(Encrypt|Decrypt|ReEncrypt\*|GenerateDataKey\*|Describe\*)$/.test(action),
      )
      return of.Type !== 'AWS::KMS::Key' || resources.join() !== '*' || !(actions.join() === 'kms:*' || encrypting)
    })
    expect(others).toEqual([])
  })

  it('lets nobody delete a record, an entry of the log or any older version', () => {
    const deleting = allowed.flatMap(({ actions, resources, of }) =>
      actions
        .filter((action) =>
          /^s3:(Delete|\*|PutLifecycle|PutBucketVersioning|PutBucketPolicy|BypassGovernance)/.test(action),
        )
        .flatMap((action) => resources.map((resource) => ({ action, resource: plain(resource), of: of.id }))),
    )
    expect(deleting.length).toBeGreaterThan(3)
    for (const { action, resource } of deleting) {
      expect(action).toBe('s3:DeleteObject')
      expect(resource).toMatch(/^ARCHIVE\/((results|searches)\/\*|loads\/\*\/slot\.json)$/)
    }
  })

  it('lets only who loads write below archive/', () => {
    const reaches = (resource: string) => /^(\*|ARCHIVE\/(\*|archive\/.*))$/.test(plain(resource))
    const writing = allowed.filter(
      ({ actions, resources }) => actions.includes('s3:PutObject') && resources.some(reaches),
    )
    expect(writing.map(({ of }) => of.Properties.ManagedPolicyName)).toEqual(['muniment-demo-loader'])
  })

  it('lets only the sealer sign', () => {
    const signing = allowed.filter(({ actions, of }) => actions.includes('kms:Sign') && of.Type !== 'AWS::KMS::Key')
    expect(signing.map(({ roles }) => roles)).toEqual([[roleOf('muniment-demo-sealer')]])
  })

  it('lets the sealer alone sign with a further key too', async () => {
    const two = await synthesise({ two: { ...demoSettings, applications: ['nycflights'], signingKeys: 2 } })
    const keys = two.ofType('AWS::KMS::Key').filter(({ id }) => id.includes('SigningKey'))
    expect(keys.map(({ id, DeletionPolicy }) => [id.replace(/[0-9A-F]{8}$/, ''), DeletionPolicy])).toEqual([
      ['StorageSigningKey', 'Retain'],
      ['StorageSigningKey2', 'Retain'],
    ])
    const signing = statementsOf(two.resources).filter(
      ({ actions, of }) => actions.includes('kms:Sign') && of.Type !== 'AWS::KMS::Key',
    )
    expect(signing.flatMap(({ resources: on }) => [...on].sort().reverse())).toEqual(
      keys.map(({ id }) => expect.stringContaining(`{${id}`)),
    )
    expect(signing.map(({ roles }) => roles.join())).toEqual([expect.stringContaining('Functionsealer')])
    const sealer = two.first('AWS::Lambda::Function', ({ Properties }) =>
      String(Properties.FunctionName).endsWith('-sealer'),
    )
    const { Variables } = sealer.Properties.Environment as { Variables: Record<string, unknown> }
    expect(
      text(Variables.MUNIMENT_SIGNING_KEYS)
        .split(',')
        .map((arn) => arn.replace(/^\$\{(\w+)Arn.*$/, '$1')),
    ).toEqual(keys.map(({ id }) => id))
  })

  it('attaches no policy that AWS manages and may change', () => {
    expect(ofType('AWS::IAM::Role').filter(({ Properties }) => Properties.ManagedPolicyArns !== undefined)).toEqual([])
  })

  it('lets no role be taken by anybody but the service it is for', () => {
    const trusts = ofType('AWS::IAM::Role').flatMap(({ Properties }) => {
      const trust = Properties.AssumeRolePolicyDocument as { Statement: { Principal: unknown }[] } | undefined
      return (trust?.Statement ?? []).map(({ Principal }) => Principal)
    })
    const services = ['lambda', 'scheduler', 'glue'].map((name) => ({ Service: `${name}.amazonaws.com` }))
    expect(trusts.length).toBeGreaterThan(6)
    for (const trust of trusts) expect(services).toContainEqual(trust)
  })
})

describe("the policy of the archive's bucket", () => {
  const guardOf = (prefix: string) =>
    statements.find(
      ({ effect, resources }) => effect === 'Deny' && resources.some((one) => one.endsWith(`/${prefix}*`)),
    )

  it('refuses deletion below archive/ to whoever is not the retention role, administrators included', () => {
    const guard = guardOf('archive/')
    expect(guard?.actions).toEqual(['s3:DeleteObject', 's3:DeleteObjectVersion'])
    expect(guard?.principal).toEqual({ AWS: '*' })
    expect(Object.keys(guard?.conditions ?? {})).toEqual(['ArnNotEquals'])
    expect(JSON.stringify(guard?.conditions)).toContain(':role/muniment-demo-retention')
  })

  it('refuses deletion below audit/ to everybody', () => {
    const guard = guardOf('audit/')
    expect(guard?.actions).toEqual(['s3:DeleteObject', 's3:DeleteObjectVersion'])
    expect(guard?.principal).toEqual({ AWS: '*' })
    expect(guard?.conditions).toEqual({})
  })
})
