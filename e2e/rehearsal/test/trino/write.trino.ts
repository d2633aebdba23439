import { gunzipSync } from 'node:zlib'
import {
  CreatePreparedStatementCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListTableMetadataCommand,
} from '@aws-sdk/client-athena'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, inject, it } from 'vitest'
import { runTrino } from '../../src/trino/client.ts'
import { ask, athena, bucket, keysBelow, objectText, run, s3 } from './athena.ts'

describe('UNLOAD', () => {
  it('writes Parquet that can be read as a table, a manifest, and leaves no table', async () => {
    const to = `s3://${bucket}/unload/parquet/`
    const sql = `UNLOAD (SELECT policy_number, begins_on FROM policies WHERE policy_number < ?) TO '${to}' WITH (format = 'PARQUET')`
    const execution = await run(sql, { ExecutionParameters: ["'100000300'"] })
    expect(execution.Status?.State).toBe('SUCCEEDED')
    const { UpdateCount, ResultSet } = await athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    )
    expect(ResultSet?.Rows).toEqual([])

    const manifest = await objectText(execution.Statistics?.DataManifestLocation ?? '')
    expect(manifest.trim().split('\n')).toEqual(
      (await keysBelow('unload/parquet/')).map((key) => `s3://${bucket}/${key}`),
    )
    await ask(
      `CREATE EXTERNAL TABLE unloaded (policy_number string, begins_on date) STORED AS PARQUET LOCATION '${to}'`,
    )
    const [, row] = await ask('SELECT count(*), min(policy_number) FROM unloaded')
    expect(Number(row?.[0])).toBe(UpdateCount)
    expect(UpdateCount).toBeGreaterThan(5)
    await ask('DROP TABLE unloaded')

    const left: unknown[] = []
    await runTrino(inject('trino'), {
      sql: 'SHOW TABLES FROM scratch.unload',
      onRows: async (rows) => void left.push(...rows),
    })
    expect(left).toEqual([])
  })

  it('fails where something lies already, and leaves it as it is', async () => {
    const sql = `UNLOAD (SELECT 1 AS a) TO 's3://${bucket}/unload/twice/' WITH (format = 'JSON')`
    expect((await run(sql)).Status?.State).toBe('SUCCEEDED')
    const before = await keysBelow('unload/twice/')
    expect((await run(sql)).Status?.StateChangeReason).toMatch(/^HIVE_PATH_ALREADY_EXISTS/)
    expect(await keysBelow('unload/twice/')).toEqual(before)
  })

  it.each([
    ["format = 'TEXTFILE', compression = 'NONE', field_delimiter = ';'", '1;x\n'],
    ["format = 'TEXTFILE', compression = 'NONE'", '1\u0001x\n'],
    ["format = 'JSON'", '{"a":1,"b":"x"}\n'],
  ])('with %s', async (properties, text) => {
    const to = `unload/${Buffer.from(properties).toString('hex')}/`
    const { Status } = await run(`UNLOAD (SELECT 1 AS a, 'x' AS b) TO 's3://${bucket}/${to}' WITH (${properties})`)
    expect(Status?.StateChangeReason).toBeUndefined()
    const [Key = ''] = await keysBelow(to)
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
    // gzip, unless another compression was asked for.
    expect((properties.includes('NONE') ? bytes : gunzipSync(bytes)).toString()).toBe(text)
  })

  it('by partitions, one folder a value', async () => {
    const to = `s3://${bucket}/unload/parts/`
    await ask(
      `UNLOAD (SELECT n, n % 2 AS p FROM UNNEST(sequence(1, 4)) AS t(n)) TO '${to}' WITH (format = 'PARQUET', partitioned_by = ARRAY['p'])`,
    )
    const folders = (await keysBelow('unload/parts/')).map((key) => key.split('/')[2])
    expect([...new Set(folders)].sort()).toEqual(['p=0', 'p=1'])
  })

  it('without a format is refused', async () => {
    const { Status } = await run(`UNLOAD (SELECT 1 AS a) TO 's3://${bucket}/unload/none/'`)
    expect(Status?.State).toBe('FAILED')
  })
})

describe('the Data Catalog', () => {
  it('database, table, partitions by hand and by MSCK, and their end', async () => {
    await ask('CREATE DATABASE IF NOT EXISTS made')
    for (const p of ['a', 'b'])
      await ask(`UNLOAD (SELECT 1 AS n) TO 's3://${bucket}/made/t/p=${p}/' WITH (format = 'PARQUET')`)
    await ask(
      `CREATE EXTERNAL TABLE made.t (n int COMMENT 'a number') PARTITIONED BY (p string) STORED AS PARQUET LOCATION 's3://${bucket}/made/t/'`,
    )
    expect(await ask('SELECT * FROM made.t')).toEqual([['n', 'p']])

    await ask("ALTER TABLE made.t ADD IF NOT EXISTS PARTITION (p = 'a')")
    expect(await ask('SHOW PARTITIONS made.t')).toEqual([['p=a']])
    await ask('MSCK REPAIR TABLE made.t')
    expect(await ask('SHOW PARTITIONS made.t')).toEqual([['p=a'], ['p=b']])
    expect(await ask('SELECT p, n FROM made.t ORDER BY p')).toEqual([
      ['p', 'n'],
      ['a', '1'],
      ['b', '1'],
    ])

    const [line] = await ask('DESCRIBE made.t')
    expect(line?.[0]).toMatch(/^n\s+\tint\s+\ta number\s+$/)
    expect(await ask('SHOW TABLES IN made')).toEqual([['t']])
    expect((await run('DROP DATABASE made')).Status?.StateChangeReason).toContain('is not empty')
    await ask('DROP DATABASE made CASCADE')
    expect(await ask("SHOW DATABASES LIKE 'made'")).toEqual([])
    expect(await keysBelow('made/t/')).not.toEqual([])
  })

  it('tells clients that ask Athena for it', async () => {
    const { DatabaseList } = await athena.send(new ListDatabasesCommand({ CatalogName: 'AwsDataCatalog' }))
    expect(DatabaseList?.map(({ Name }) => Name)).toContain('pas')
    const table = new GetTableMetadataCommand({
      CatalogName: 'AwsDataCatalog',
      DatabaseName: 'pas',
      TableName: 'commissions',
    })
    const { TableMetadata } = await athena.send(table)
    expect(TableMetadata?.PartitionKeys?.map(({ Name }) => Name)).toEqual(['settlement_year'])
    const list = new ListTableMetadataCommand({
      CatalogName: 'AwsDataCatalog',
      DatabaseName: 'pas',
      Expression: 'policy.*',
    })
    expect((await athena.send(list)).TableMetadataList?.map(({ Name }) => Name)).toEqual(['policy_versions'])
  })

  it('CREATE TABLE AS, a view, and INSERT INTO', async () => {
    const made = await run(
      "CREATE TABLE pas.copied WITH (format = 'PARQUET', write_compression = 'SNAPPY') AS SELECT 1 AS a, 'x' AS b",
    )
    expect(made.Status?.StateChangeReason).toBeUndefined()
    expect(made.SubstatementType).toBe('CREATE_TABLE_AS_SELECT')
    expect(made.ResultConfiguration?.OutputLocation).toBe(`s3://${bucket}/results/tables/${made.QueryExecutionId}`)
    await ask("INSERT INTO pas.copied VALUES (2, 'y')")
    await ask('CREATE OR REPLACE VIEW pas.seen AS SELECT a, b FROM pas.copied')
    expect(await ask('SELECT * FROM pas.seen ORDER BY a')).toEqual([
      ['a', 'b'],
      ['1', 'x'],
      ['2', 'y'],
    ])
    await ask('DROP VIEW pas.seen')
    await ask('DROP TABLE pas.copied')
    await expect(ask('SELECT * FROM pas.copied')).rejects.toThrow('TABLE_NOT_FOUND')
  })
})

describe('statements that are kept', () => {
  it('by SQL and by the API', async () => {
    await ask('PREPARE mine FROM SELECT policy_number FROM policies WHERE policy_number = ?')
    expect(await ask("EXECUTE mine USING '100000157'")).toEqual([['policy_number'], ['100000157']])
    const QueryStatement = 'SELECT ? + ? AS sum'
    await athena.send(
      new CreatePreparedStatementCommand({ StatementName: 'add', WorkGroup: 'primary', QueryStatement }),
    )
    expect(await ask('EXECUTE add', '1', '2')).toEqual([['sum'], ['3']])
    await ask('DEALLOCATE PREPARE mine')
    await expect(ask("EXECUTE mine USING '1'")).rejects.toThrow('was not found')
  })

  it('EXPLAIN answers with lines', async () => {
    const rows = await ask('EXPLAIN SELECT 1')
    expect(rows.flat().join('\n')).toContain('Output')
  })
})
