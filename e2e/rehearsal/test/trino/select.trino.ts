import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryResultsCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { CopyObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, inject, it } from 'vitest'
import { ownerAt } from '../../src/stand-ins.ts'
import { runTrino } from '../../src/trino/client.ts'
import { ask, athena, bucket, ended, keysBelow, objectText, run, s3, start } from './athena.ts'

describe('values as Athena writes them', () => {
  it.each([
    ['true', 'boolean', 'true'],
    ['7/2', 'integer', '3'],
    ['9223372036854775807', 'bigint', '9223372036854775807'],
    ['1e0', 'double', '1.0'],
    ['1e20', 'double', '1.0E20'],
    ['nan()', 'double', 'NaN'],
    ['CAST(1.5 AS real)', 'float', '1.5'],
    ["DECIMAL '12.50'", 'decimal', '12.50'],
    ["DATE '2024-02-29'", 'date', '2024-02-29'],
    ["TIMESTAMP '2024-02-29 10:00:00.123456'", 'timestamp', '2024-02-29 10:00:00.123'],
    ["TIMESTAMP '2024-02-29 10:00:00'", 'timestamp', '2024-02-29 10:00:00.000'],
    [
      "TIMESTAMP '2024-02-29 10:00:00 Europe/Berlin'",
      'timestamp with time zone',
      '2024-02-29 10:00:00.000 Europe/Berlin',
    ],
    ["CAST('x' AS char(3))", 'char', 'x  '],
    ["X'6162'", 'varbinary', '61 62'],
    ['ARRAY[1, NULL]', 'array', '[1, null]'],
    ["MAP(ARRAY['k'], ARRAY[1.50])", 'map', '{k=1.50}'],
    ["CAST(ROW(1, 'x') AS ROW(a integer, b varchar))", 'row', '{a=1, b=x}'],
    [`JSON '{"a": [1]}'`, 'json', '{"a":[1]}'],
    ["'a\"b,c'", 'varchar', 'a"b,c'],
    ["''", 'varchar', ''],
    ['CAST(NULL AS varchar)', 'varchar', undefined],
  ])('%s is %s %s', async (expression, type, text) => {
    const { QueryExecutionId } = await run(`SELECT ${expression} AS v`)
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]?.Type).toBe(type)
    expect(ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue).toBe(text)
  })

  it('a decimal tells its precision and scale, a varchar its length', async () => {
    const { QueryExecutionId } = await run(
      "SELECT DECIMAL '12.50' a, CAST('x' AS varchar(7)) b, 'abc' || '' c, BIGINT '1' d",
    )
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
    const sizes = ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Precision, Scale }) => [Precision, Scale])
    expect(sizes).toEqual([
      [4, 2],
      [7, 0],
      [2_147_483_647, 0],
      [19, 0],
    ])
  })
})

describe('a SELECT', () => {
  it('binds parameters, knows "$path", and says how many bytes it read', async () => {
    const sql = 'SELECT policy_number, begins_on, "$path" FROM policies WHERE policy_number = ? AND begins_on > ?'
    const execution = await run(sql, { ExecutionParameters: ["'100000157'", "DATE '1900-01-01'"] })
    const text = await objectText(execution.ResultConfiguration?.OutputLocation ?? '')
    const shape = `^"policy_number","begins_on","\\$path"\\n"100000157","\\d{4}-\\d\\d-\\d\\d","s3://${bucket}/archive/pas/policies/policies/part-[^"]+"\\n$`
    expect(text).toMatch(new RegExp(shape))
    expect(execution.Statistics?.DataScannedInBytes).toBeGreaterThan(1000)
  })

  it('gives hostile strings back as they were', async () => {
    const hostile = ["O'Hara", '"; DROP TABLE policies; --', '{{x}}', '\\', 'a\nb\r\n', '\u0000 ü 😀', "''", '?']
    const literals = hostile.map((text) => `'${text.replaceAll("'", "''")}'`)
    const rows = await ask(`SELECT ${hostile.map((_, at) => `? AS c${at}`).join(', ')}`, ...literals)
    expect(rows[1]).toEqual(hostile)
  })

  it('takes the catalog by the name that Athena has for it', async () => {
    expect(await ask('SELECT count(*) > 0 FROM "AwsDataCatalog"."pas"."policies"')).toEqual([['_col0'], ['true']])
  })

  it('sees an object that was replaced at once, and fails over one that is no Parquet', async () => {
    const Key = 'torn/t/data.parquet'
    for (const [at, from] of ['first', 'second'].entries()) {
      await ask(`UNLOAD (SELECT '${from}' AS v) TO 's3://${bucket}/torn/${from}/' WITH (format = 'PARQUET')`)
      const [source] = await keysBelow(`torn/${from}/`)
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key, CopySource: `${bucket}/${source}` }))
      if (at === 0)
        await ask(`CREATE EXTERNAL TABLE torn (v string) STORED AS PARQUET LOCATION 's3://${bucket}/torn/t/'`)
      expect(await ask('SELECT v FROM torn')).toEqual([['v'], [from]])
    }
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'no Parquet' }))
    const { Status } = await run('SELECT v FROM torn')
    expect(Status?.StateChangeReason).toMatch(/^HIVE_[A-Z_]+: /)
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorCategory: 2, ErrorType: 1001 } })
    await ask('DROP TABLE torn')
  })

  it('runs in a workgroup that was made elsewhere, with what that enforces', async () => {
    const elsewhere = new AthenaClient(ownerAt(inject('aws')))
    const ResultConfiguration = { OutputLocation: `s3://${bucket}/enforced/` }
    const Configuration = { EnforceWorkGroupConfiguration: true, ResultConfiguration }
    await elsewhere.send(new CreateWorkGroupCommand({ Name: 'deployed', Configuration }))
    const execution = await run('SELECT 1', { WorkGroup: 'deployed' })
    expect(execution.ResultConfiguration?.OutputLocation).toBe(
      `s3://${bucket}/enforced/${execution.QueryExecutionId}.csv`,
    )
  })

  it('reads partitions and prunes by them', async () => {
    const one = await run("SELECT count(*) FROM commissions WHERE settlement_year = '2018'")
    const all = await run('SELECT count(commission_no), max(agent_number) FROM commissions')
    expect(one.Status?.State).toBe('SUCCEEDED')
    expect(one.Statistics?.DataScannedInBytes).toBeLessThan((all.Statistics?.DataScannedInBytes ?? 0) / 2)
  })

  it('pages through thousands of rows in order', async () => {
    const { QueryExecutionId } = await run('SELECT n FROM UNNEST(sequence(1, 2500)) AS t(n) ORDER BY n')
    const second = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
    expect(second.ResultSet?.Rows).toHaveLength(1000)
    const { NextToken } = second
    const next = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }))
    expect(next.ResultSet?.Rows?.[0]?.Data?.[0]?.VarCharValue).toBe('1000')
  })
})

describe('what fails', () => {
  it.each([
    ['SELECT * FROM nowhere', /^TABLE_NOT_FOUND: line 1:15/, 1110],
    ['SELECT 1 / 0', /^DIVISION_BY_ZERO/, 1000],
    ["SELECT 1 WHERE DATE '2024-01-01' = '2024-01-01'", /^TYPE_MISMATCH/, 1004],
    ['SELECT nothing FROM policies', /^COLUMN_NOT_FOUND/, 1004],
    ['DELETE FROM policies', /./, undefined],
  ])('%s', async (sql, reason, type) => {
    if (type === undefined) return expect(start(sql)).rejects.toThrow('Queries of this type are not supported')
    const { Status } = await run(sql)
    expect(Status?.State).toBe('FAILED')
    expect(Status?.StateChangeReason).toMatch(reason)
    expect(Status?.AthenaError).toMatchObject({ ErrorCategory: 2, ErrorType: type, Retryable: false })
  })

  it('a varchar given for an integer, and values that do not fit the places', async () => {
    const text = await run('SELECT 1 WHERE 1 = ?', { ExecutionParameters: ["'1'"] })
    expect(text.Status?.StateChangeReason).toMatch(/^TYPE_MISMATCH/)
    const few = await run('SELECT ?, ?', { ExecutionParameters: ['1'] })
    expect(few.Status?.StateChangeReason).toContain('Incorrect number of parameters: expected 2 but found 1')
    const quoted = await run("SELECT '?'", { ExecutionParameters: ['1'] })
    expect(quoted.Status?.StateChangeReason).toContain('expected 0 but found 1')
  })

  it('no SQL: refused at once, at the place in the text that was sent', async () => {
    await expect(start('SELECT 1 FORM t')).rejects.toThrow(/line 1:15: mismatched input 't'/)
    await expect(start('SELECT 1; SELECT 2')).rejects.toThrow('Only one sql statement is allowed')
  })

  it('more bytes than the workgroup allows', async () => {
    const Configuration = {
      BytesScannedCutoffPerQuery: 5000,
      ResultConfiguration: { OutputLocation: `s3://${bucket}/cut` },
    }
    await athena.send(new CreateWorkGroupCommand({ Name: 'cut', Configuration }))
    const { Status } = await run('SELECT * FROM policies', { WorkGroup: 'cut' })
    expect(Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: expect.stringContaining('Bytes scanned limit was exceeded'),
    })
  })

  it('a query that is stopped ends in the engine too', async () => {
    const id = await start('SELECT count(*) AS forever FROM receipts a, receipts b, receipts c, receipts d')
    const states = async () => {
      const found: string[] = []
      await runTrino(inject('trino'), {
        sql: "SELECT state FROM system.runtime.queries WHERE query LIKE '%AS forever%' AND query NOT LIKE '%runtime%' AND query NOT LIKE 'PREPARE%'",
        onRows: async (rows) => void found.push(...rows.map((row) => String(row[0]))),
      })
      return found
    }
    await expect.poll(states, { timeout: 60_000 }).toEqual(['RUNNING'])
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
    expect((await ended(id)).Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' })
    await expect.poll(states, { timeout: 60_000 }).toEqual(['FAILED'])
  })
})
