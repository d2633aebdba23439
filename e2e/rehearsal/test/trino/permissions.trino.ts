import { randomUUID } from 'node:crypto'
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  ListWorkGroupsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, inject, it } from 'vitest'
import { ownerAt } from '../../src/stand-ins.ts'
import { bucket, ended } from './athena.ts'

const iam = new IAMClient(ownerAt(inject('aws')))
const partition = 'arn:aws'
const region = 'eu-central-1'

interface Statement {
  readonly Action: string[]
  readonly Resource: string[]
}

/** What a searching function may do, by what it is for. */
const searching: Record<'run' | 'results' | 'catalog' | 'policies', Statement> = {
  run: {
    Action: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
    Resource: [`${partition}:athena:${region}:*:workgroup/primary`],
  },
  results: {
    Action: ['s3:GetBucketLocation', 's3:PutObject', 's3:GetObject', 's3:ListBucket'],
    Resource: [`${partition}:s3:::${bucket}`, `${partition}:s3:::${bucket}/results/*`],
  },
  catalog: {
    Action: ['glue:GetTable', 'glue:GetPartitions'],
    Resource: ['catalog', 'database/pas', 'table/pas/*'].map((name) => `${partition}:glue:${region}:*:${name}`),
  },
  policies: { Action: ['s3:GetObject'], Resource: [`${partition}:s3:::${bucket}/archive/pas/policies/*`] },
}

/** Athena as a new user with these statements only. */
async function as(...statements: Statement[]): Promise<AthenaClient> {
  const UserName = randomUUID()
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = statements.map((each) => ({ Effect: 'Allow', ...each }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  return new AthenaClient({ ...ownerAt(inject('athena')), credentials, maxAttempts: 1 })
}

async function search(client: AthenaClient, QueryString: string, ...ExecutionParameters: string[]) {
  const { QueryExecutionId = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: 'pas' },
      ...(ExecutionParameters.length > 0 ? { ExecutionParameters } : {}),
      ResultConfiguration: { OutputLocation: `s3://${bucket}/results/` },
    }),
  )
  return (await ended(QueryExecutionId)).Status
}

const { run, results, catalog, policies } = searching
const byNumber = 'SELECT policy_number FROM policies'

describe('permissions of the caller', () => {
  it('enough of them let a query run', async () => {
    const client = await as(run, results, catalog, policies)
    expect(await search(client, byNumber)).toMatchObject({ State: 'SUCCEEDED' })
    const bound = `${byNumber} WHERE policy_number = ? OR policy_number = '?' OFFSET ? LIMIT ?`
    expect(await search(client, bound, "'O''Hara -- ?'", '1', '2')).toMatchObject({ State: 'SUCCEEDED' })
  })

  it.each([
    ['the bucket of results', [run, catalog, policies], byNumber, 'Access denied when writing output'],
    ['the catalog', [run, results, policies], byNumber, 'glue:GetTable on specified resource catalog'],
    ['the objects', [run, results, catalog], byNumber, 's3:GetObject'],
    ['the objects to insert from', [run, results, catalog], 'INSERT INTO claims SELECT * FROM claims', 's3:GetObject'],
    [
      'one of two tables',
      [run, results, catalog, policies],
      'SELECT 1 FROM policies, claims',
      'archive/pas/claims/claims/',
    ],
  ])('without %s a query fails', async (_, statements, sql, reason) => {
    const status = await search(await as(...statements), sql)
    expect(status?.StateChangeReason).toContain(reason)
    expect(status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorType: 1500, Retryable: false } })
  })

  it('without the action, or for another workgroup, a call is refused', async () => {
    const nobody = await as(results)
    await expect(search(nobody, 'SELECT 1')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const elsewhere = { ...run, Resource: [`${partition}:athena:${region}:*:workgroup/other`] }
    await expect(search(await as(elsewhere, results), 'SELECT 1')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    await expect((await as(run)).send(new ListWorkGroupsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    const table = { CatalogName: 'AwsDataCatalog', DatabaseName: 'pas', TableName: 'policies' }
    await expect((await as(run)).send(new GetTableMetadataCommand(table))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })

  it("another's results need the right to their object", async () => {
    const client = await as(run, results, catalog, policies)
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: 'SELECT 1',
        ResultConfiguration: { OutputLocation: `s3://${bucket}/results/` },
      }),
    )
    await ended(QueryExecutionId ?? '')
    const blind = await as(run)
    expect((await blind.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution?.Status?.State).toBe(
      'SUCCEEDED',
    )
    await expect(blind.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toThrow('Access denied')
    await client.send(new GetQueryResultsCommand({ QueryExecutionId }))
  })

  it('a wrong secret is no signature', async () => {
    const forged = new AthenaClient({
      ...ownerAt(inject('athena')),
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
      maxAttempts: 1,
    })
    await expect(search(forged, 'SELECT 1')).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  })
})
