import {
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  paginateGetQueryResults,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { afterEach, describe, expect, it } from 'vitest'
import { TrinoError } from '../src/trino/errors.ts'
import { column } from './support/fake-engine.ts'
import { output, type Served, serve } from './support/served.ts'

let served: Served | undefined
afterEach(() => served?.stop())

const rows = (count: number) => Array.from({ length: count }, (_, at) => [`row ${at}`])

describe('a query from its start to its result', () => {
  it('writes every value in quotes, NULL as nothing and the empty string as two quotes', async () => {
    served = await serve(() => ({
      columns: [column('a'), column('b "c"', 'bigint')],
      pages: [
        [
          ['x "y"', '9007199254740993'],
          [null, null],
        ],
        [['', '1']],
        [['two\nlines, and ü', null]],
      ],
    }))
    const execution = await served.ended(await served.start('SELECT 1'))

    expect(execution.Status?.State).toBe('SUCCEEDED')
    expect(execution.StatementType).toBe('DML')
    const address = execution.ResultConfiguration?.OutputLocation ?? ''
    expect(address).toBe(`s3://bucket/out/${execution.QueryExecutionId}.csv`)
    expect(served.objects.get(address)?.toString()).toBe(
      '"a","b ""c"""\n"x ""y""","9007199254740993"\n,\n"","1"\n"two\nlines, and ü",\n',
    )
    expect(served.objects.has(`${address}.metadata`)).toBe(true)
  })

  it('gives the same values through GetQueryResults, NULL without VarCharValue', async () => {
    served = await serve(() => ({
      columns: [column('a'), column('b')],
      pages: [
        [
          ['x "y"', ''],
          [null, 'two\nlines'],
        ],
      ],
    }))
    const id = await served.start('SELECT 1')
    await served.ended(id)
    const { ResultSet } = await served.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }))

    expect(ResultSet?.Rows).toEqual([
      { Data: [{ VarCharValue: 'a' }, { VarCharValue: 'b' }] },
      { Data: [{ VarCharValue: 'x "y"' }, { VarCharValue: '' }] },
      { Data: [{}, { VarCharValue: 'two\nlines' }] },
    ])
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]).toMatchObject({
      Name: 'a',
      Type: 'varchar',
      CaseSensitive: true,
    })
  })

  it('pages by at most 1000 rows, the header on the first page only and counted there', async () => {
    served = await serve(() => ({ pages: [rows(1500), rows(1000)] }))
    const QueryExecutionId = await served.start('SELECT 1')
    await served.ended(QueryExecutionId)

    const sizes: number[] = []
    const firsts: unknown[] = []
    for await (const page of paginateGetQueryResults({ client: served.client }, { QueryExecutionId })) {
      sizes.push(page.ResultSet?.Rows?.length ?? 0)
      firsts.push(page.ResultSet?.Rows?.[0]?.Data?.[0]?.VarCharValue)
    }
    expect(sizes).toEqual([1000, 1000, 501])
    expect(firsts).toEqual(['a', 'row 999', 'row 499'])
    const tooMany = new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 1001 })
    await expect(served.client.send(tooMany)).rejects.toThrow('maximum allowed length 1000')
  })

  it('refuses results of a query that runs, failed, or whose object is gone', async () => {
    served = await serve((sql) => ({
      ms: sql.includes('slow') ? 5_000 : 0,
      ...(sql.includes('bad')
        ? { error: new TrinoError('TABLE_NOT_FOUND', 'USER_ERROR', "Table 'bad' does not exist") }
        : {}),
    }))
    const results = (id: string) => served?.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }))

    const slow = await served.start('SELECT slow')
    await expect(results(slow)).rejects.toThrow('Query has not yet finished')
    const bad = await served.start('SELECT * FROM bad')
    await served.ended(bad)
    await expect(results(bad)).rejects.toThrow('Final query state: FAILED')
    const removed = await served.start('SELECT 1')
    await served.ended(removed)
    served.objects.clear()
    await expect(results(removed)).rejects.toThrow('Could not find results')
    await expect(results('nobody')).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  it('says why a query failed, whose fault it is and whether to try again', async () => {
    served = await serve((sql) => ({
      error: sql.includes('theirs')
        ? new TrinoError('TABLE_NOT_FOUND', 'USER_ERROR', "Table 'theirs' does not exist")
        : new TrinoError('HIVE_CURSOR_ERROR', 'EXTERNAL', 'Failed to read Parquet file'),
    }))
    const theirs = await served.ended(await served.start('SELECT * FROM theirs'))
    expect(theirs.Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: "TABLE_NOT_FOUND: Table 'theirs' does not exist",
      AthenaError: { ErrorCategory: 2, ErrorType: 1110, Retryable: false },
    })
    const torn = await served.ended(await served.start('SELECT * FROM torn'))
    expect(torn.Status).toMatchObject({ AthenaError: { ErrorType: 1001, Retryable: true } })
  })

  it('answers a text that is no SQL with an exception and no execution, at its own place', async () => {
    served = await serve()
    await expect(served.start('SELECT SELEKT')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining("line 1:8: mismatched input 'SELEKT'"),
    })
    expect((await served.client.send(new ListQueryExecutionsCommand({}))).QueryExecutionIds).toEqual([])
  })

  it('stops a query that runs, and one that has not begun', async () => {
    served = await serve(() => ({ ms: 10_000 }), { runningAtOnce: 1 })
    const [first, second] = [await served.start('SELECT 1'), await served.start('SELECT 2')]
    expect((await served.get(second)).Status?.State).toBe('QUEUED')
    for (const QueryExecutionId of [second, first])
      await served.client.send(new StopQueryExecutionCommand({ QueryExecutionId }))

    const { QueryExecutions, UnprocessedQueryExecutionIds } = await served.client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [first, second, 'nobody'] }),
    )
    expect(QueryExecutions?.map(({ Status }) => Status?.State)).toEqual(['CANCELLED', 'CANCELLED'])
    expect(UnprocessedQueryExecutionIds?.map(({ QueryExecutionId }) => QueryExecutionId)).toEqual(['nobody'])
    expect(served.asked).toEqual(['SELECT 1'])
  })

  it('tells times and bytes as the API model names them', async () => {
    served = await serve(() => ({ bytes: 12_345 }))
    const { Statistics, EngineVersion, WorkGroup } = await served.ended(await served.start('SELECT 1'))
    expect(Statistics?.DataScannedInBytes).toBe(12_345)
    expect(Statistics?.TotalExecutionTimeInMillis).toBeGreaterThanOrEqual(
      Statistics?.EngineExecutionTimeInMillis ?? Number.NaN,
    )
    expect(EngineVersion?.EffectiveEngineVersion).toBe('Athena engine version 3')
    expect(WorkGroup).toBe('primary')
  })

  it('wants a place for results, in a bucket that is there', async () => {
    served = await serve()
    await expect(served.start('SELECT 1', { ResultConfiguration: {} })).rejects.toThrow('No output location provided')
    const elsewhere = { ...output, OutputLocation: 's3://missing/out/' }
    await expect(served.start('SELECT 1', { ResultConfiguration: elsewhere })).rejects.toThrow('output bucket missing')
  })
})
