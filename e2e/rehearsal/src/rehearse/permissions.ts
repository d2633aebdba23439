import { strictEqual } from 'node:assert'
import { AthenaClient, StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import { DeleteTableCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { owner } from '../run/ministack.ts'
import { ownerAt } from '../stand-ins.ts'
import { ACCOUNT, APPLICATION, ENVIRONMENT } from './environment.ts'
import type { Rehearsal } from './state.ts'

type FunctionName = 'api' | 'exports' | 'sealer' | 'upkeep' | 'verifier'
const functionNames: readonly FunctionName[] = ['api', 'exports', 'sealer', 'upkeep', 'verifier']

interface Probe {
  readonly name: string
  /** Who may; all others are refused. */
  readonly may: readonly FunctionName[]
  readonly act: (as: Clients) => Promise<unknown>
}

type Clients = Awaited<ReturnType<typeof assume>>

/** With each function's role: what it has to do goes, and what it must not do is refused. */
export async function rehearsePermissions(rehearsal: Rehearsal): Promise<void> {
  const { report, standIns, deployed } = rehearsal
  const mine = new S3Client({ ...ownerAt(standIns.aws), forcePathStyle: true })
  const { Contents: [record] = [] } = await mine.send(
    new ListObjectsV2Command({ Bucket: deployed.bucket, Prefix: `archive/${APPLICATION}/`, MaxKeys: 1 }),
  )
  const Key = record?.Key ?? ''
  const { Versions: [version] = [] } = await mine.send(
    new ListObjectVersionsCommand({ Bucket: deployed.bucket, Prefix: Key, MaxKeys: 1 }),
  )
  const probes = probesOf(rehearsal, Key, version?.VersionId ?? '')
  for (const role of functionNames) {
    const clients = await assume(rehearsal, role)
    await report.step(`Permissions of ${role}: what it needs goes, what it must not do is refused`, async () => {
      let allowed = 0
      for (const { name, may, act } of probes) {
        const outcome = await act(clients).then(() => 'allowed', refusal)
        strictEqual(outcome, may.includes(role) ? 'allowed' : 'refused', name)
        if (outcome === 'allowed') allowed += 1
      }
      return `${allowed} allowed, ${probes.length - allowed} refused`
    })
    clients.end()
  }
  await report.step('Permissions: not even an administrator deletes a record, or anything of the log', async () => {
    const administrator = await createAdministrator(standIns)
    const remove = (key: string) => administrator.send(new DeleteObjectCommand({ Bucket: deployed.bucket, Key: key }))
    try {
      // What bounds the refusals: an administrator they are.
      await remove('results/probe')
      for (const key of [Key, 'audit/probe'])
        strictEqual(await remove(key).then(() => 'allowed', refusal), 'refused', key)
    } finally {
      administrator.destroy()
    }
  })
  mine.destroy()
}

/** MiniStack's owner passes every policy, so it takes somebody else to be refused. */
async function createAdministrator({ aws }: Rehearsal['standIns']): Promise<S3Client> {
  const iam = new IAMClient(ownerAt(aws))
  const UserName = `administrator-${Date.now()}`
  await iam.send(new CreateUserCommand({ UserName }))
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'everything', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  iam.destroy()
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error(`${UserName} got no key.`)
  const credentials = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  return new S3Client({ ...ownerAt(aws), credentials, forcePathStyle: true })
}

function probesOf({ deployed }: Rehearsal, record: string, VersionId: string): Probe[] {
  const Bucket = deployed.bucket
  const put =
    (where: string, key: string, more = {}) =>
    ({ s3 }: Clients) =>
      s3.send(new PutObjectCommand({ Bucket: where, Key: key, Body: 'probe', ...more }))
  const create = { IfNoneMatch: '*' }
  const run = Date.now()
  const database = `${deployed.databasePrefix}${APPLICATION}`
  const Message = Buffer.from('probe')
  return [
    {
      name: 'read a record',
      may: ['api', 'exports'],
      act: ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key: record })),
    },
    { name: 'write below archive/', may: [], act: put(Bucket, `archive/${APPLICATION}/probe`) },
    { name: 'replace a record', may: [], act: put(Bucket, record) },
    { name: 'delete a record', may: [], act: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: record })) },
    {
      name: 'delete a version of a record',
      may: [],
      act: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: record, VersionId })),
    },
    { name: 'write templates', may: [], act: put(Bucket, 'templates/probe') },
    { name: 'write the catalog', may: [], act: put(Bucket, 'catalog/probe.json') },
    { name: 'write a result', may: ['api', 'exports'], act: put(Bucket, 'results/probe') },
    {
      name: 'delete a result',
      may: ['api', 'exports', 'upkeep'],
      act: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'results/probe' })),
    },
    { name: 'write access rules', may: ['api'], act: put(Bucket, 'access/probe', { IfMatch: '"0"' }) },
    {
      name: 'delete from the log',
      may: [],
      act: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'audit/probe' })),
    },
    {
      name: "make a key of the log's",
      may: functionNames,
      act: (as) => put(deployed.secretsBucket, `probe/${run}-${as.role}`, create)(as),
    },
    { name: "replace a key of the log's", may: [], act: put(deployed.secretsBucket, `probe/${run}-api`) },
    {
      name: "delete a key of the log's",
      may: [],
      act: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket: deployed.secretsBucket, Key: `probe/${run}-api` })),
    },
    {
      name: 'give the witness a checkpoint',
      may: ['sealer'],
      act: put(deployed.witnessBucket, `checkpoints/zz-probe-${run}`, create),
    },
    { name: 'replace what the witness has', may: [], act: put(deployed.witnessBucket, `checkpoints/zz-probe-${run}`) },
    { name: 'write web files', may: [], act: put(deployed.webBucket, 'index.html') },
    {
      name: 'sign',
      may: ['sealer'],
      act: ({ kms }) =>
        kms.send(
          new SignCommand({
            KeyId: deployed.signingKey,
            Message,
            MessageType: 'RAW',
            SigningAlgorithm: 'ED25519_SHA_512',
          }),
        ),
    },
    {
      name: 'ask for the public key',
      may: ['sealer'],
      act: ({ kms }) => kms.send(new GetPublicKeyCommand({ KeyId: deployed.signingKey })),
    },
    {
      name: 'start a query',
      may: ['api', 'exports'],
      act: ({ athena }) =>
        athena.send(new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: deployed.workgroup })),
    },
    {
      name: 'start a query in another workgroup',
      may: [],
      act: ({ athena }) =>
        athena.send(new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: 'primary' })),
    },
    {
      name: 'look at a table',
      may: ['api', 'exports'],
      act: ({ glue }) => glue.send(new GetTableCommand({ DatabaseName: database, Name: 'policies' })),
    },
    {
      name: 'delete a table',
      may: [],
      act: ({ glue }) => glue.send(new DeleteTableCommand({ DatabaseName: database, Name: 'no_such_table' })),
    },
    {
      name: 'call the verifier',
      may: ['api'],
      act: ({ lambda }) =>
        lambda.send(new InvokeCommand({ FunctionName: `muniment-${ENVIRONMENT}-verifier`, InvocationType: 'Event' })),
    },
    {
      name: 'call the sealer',
      may: [],
      act: ({ lambda }) =>
        lambda.send(new InvokeCommand({ FunctionName: `muniment-${ENVIRONMENT}-sealer`, InvocationType: 'Event' })),
    },
  ]
}

/** Only a refusal is one: whatever else goes wrong is no proof. A write whose condition does not hold was let through. */
function refusal(error: unknown): string {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  if (/^(AccessDenied|AccessDeniedException|AllAccessDisabled)$/.test(name ?? '') || $metadata?.httpStatusCode === 403)
    return 'refused'
  if (/^(PreconditionFailed|NoSuchKey)$/.test(name ?? '')) return 'allowed'
  return `${name}: ${String(error)}`
}

/** MiniStack lets its owner take any role; in AWS these let only Lambda in. */
async function assume({ standIns }: Rehearsal, role: FunctionName) {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/muniment-${ENVIRONMENT}-${role}`
  const sts = new STSClient(ownerAt(standIns.aws))
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'probe' }))
  sts.destroy()
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken)
    throw new Error(`${RoleArn} gave no credentials.`)
  const credentials = {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  }
  const config = { endpoint: standIns.aws, region: owner.region, credentials, maxAttempts: 1 }
  const clients = {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    kms: new KMSClient(config),
    glue: new GlueClient(config),
    lambda: new LambdaClient(config),
    athena: new AthenaClient({ ...config, endpoint: standIns.athena }),
  }
  return {
    role,
    ...clients,
    end: () => {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}
