import { setTimeout as sleep } from 'node:timers/promises'
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from '@aws-sdk/client-athena'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { ownerAt } from '../../src/stand-ins.ts'

export const bucket = inject('bucket')
export const athena = new AthenaClient(ownerAt(inject('athena')))
export const s3 = new S3Client({ ...ownerAt(inject('aws')), forcePathStyle: true })

export const start = async (QueryString: string, more: Partial<StartQueryExecutionInput> = {}) => {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: 'pas', Catalog: 'AwsDataCatalog' },
      ResultConfiguration: { OutputLocation: `s3://${bucket}/results/` },
      ...more,
    }),
  )
  return QueryExecutionId ?? ''
}

export async function ended(QueryExecutionId: string): Promise<QueryExecution> {
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    const state = QueryExecution?.Status?.State ?? ''
    if (QueryExecution && state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution
    await sleep(100)
  }
}

export const run = async (sql: string, more: Partial<StartQueryExecutionInput> = {}) => ended(await start(sql, more))

/** Rows as texts, the header of a SELECT among them. Throws what a failed query says. */
export async function ask(sql: string, ...parameters: string[]): Promise<(string | undefined)[][]> {
  const execution = await run(sql, parameters.length > 0 ? { ExecutionParameters: parameters } : {})
  if (execution.Status?.State !== 'SUCCEEDED') throw new Error(execution.Status?.StateChangeReason)
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }))
  return (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue))
}

export async function objectText(address: string): Promise<string> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address) ?? []
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return (await Body?.transformToString()) ?? ''
}

export async function keysBelow(Prefix: string): Promise<string[]> {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))
  return (Contents ?? []).map(({ Key }) => Key ?? '')
}
