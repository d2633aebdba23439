import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryEngine } from '../src/engine/port.ts'
import { ApplicationDatabase } from '../src/engine/worker/application-database.ts'
import { makeArchive, policies, rowsOf, run, statement, type TestArchive, text } from './engine-archive.ts'

let archive: TestArchive
let engine: QueryEngine
let canary: string
let foreign: string

beforeAll(async () => {
  archive = await makeArchive({
    pas: { policies },
    crm: {
      secrets: { domain: 'all', columns: { secret: 'varchar' }, objects: [{ select: "SELECT 'CANARY' AS secret" }] },
    },
  })
  engine = await archive.engine()
  canary = path.join(archive.home, 'canary.csv')
  await writeFile(canary, 'a,b\n1,CANARY\n')
  foreign = path.join(archive.home, (await archive.catalog.read('crm'))?.tables[0]?.objects[0]?.key ?? '')
})

afterAll(async () => {
  await engine.close()
  await archive.close()
})

const fileAttacks: [attack: string, sql: (file: string) => string][] = [
  ['reads a file named as a table', (file) => `SELECT * FROM '${file}'`],
  ['reads a file named as a quoted table', (file) => `SELECT * FROM "${file}"`],
  ['reads a file by read_csv', (file) => `SELECT * FROM read_csv('${file}')`],
  ['reads a file by read_text', (file) => `SELECT content FROM read_text('${file}')`],
  ['reads a file by read_blob', (file) => `SELECT content FROM read_blob('${file}')`],
  ['reads a file by read_parquet', (file) => `SELECT * FROM read_parquet('${file}')`],
  ['reads a file by parquet_metadata', (file) => `SELECT * FROM parquet_metadata('${file}')`],
  ['reads a file by read_json', (file) => `SELECT * FROM read_json('${file}')`],
  ['sniffs a file', (file) => `SELECT * FROM sniff_csv('${file}')`],
  ['reads a file in a subquery', (file) => `SELECT (SELECT count(*) FROM read_text('${file}')) AS x`],
  ['reads a file in WITH', (file) => `WITH x AS (SELECT * FROM read_text('${file}')) SELECT * FROM x`],
  ['reads a file in EXISTS', (file) => `SELECT 1 AS x FROM policies WHERE EXISTS (SELECT 1 FROM read_text('${file}'))`],
  ['reads a file in UNION', (file) => `SELECT note FROM policies UNION ALL SELECT content FROM read_text('${file}')`],
  ['reads a file in a join', (file) => `SELECT 1 AS x FROM policies p JOIN read_text('${file}') f ON TRUE`],
  ['hides a file behind a comment', (file) => `SELECT /* */ content FROM/**/read_text('${file}') -- x`],
  ['attaches a database', (file) => `ATTACH '${file}' AS x`],
  ['copies a table to a file', (file) => `COPY policies TO '${file}'`],
  ['copies a query to a file', (file) => `COPY (SELECT 1) TO '${file}'`],
  ['exports the database', (file) => `EXPORT DATABASE '${file}'`],
  ['imports a database', (file) => `IMPORT DATABASE '${file}'`],
  ['loads an extension', (file) => `LOAD '${file}'`],
]

describe.each([
  ['outside of the data folder', () => '/etc/passwd'],
  ['in the data folder', () => canary],
  ['of another application', () => foreign],
  [
    'of its own archive',
    async () => path.join(archive.home, (await archive.catalog.read('pas'))?.tables[0]?.objects[0]?.key ?? ''),
  ],
])('a file %s is out of reach for a query that', (_, find) => {
  it.each(fileAttacks)('%s', async (_, sql) => {
    const file = await find()
    const before = await readFile(file)
    const { execution } = await run(engine, sql(file))
    expect(execution).toMatchObject({ state: 'FAILED', error: { kind: 'user', retryable: false } })
    expect(execution.error?.message).not.toContain('CANARY')
    expect((await readFile(file)).equals(before)).toBe(true)
  })
})

describe('refused is a query that', () => {
  it.each([
    ['lists files', "SELECT * FROM glob('/*')"],
    ['asks the environment', "SELECT getenv('HOME') AS x"],
    ['asks a setting', "SELECT current_setting('memory_limit') AS x"],
    ['changes a setting', 'SET memory_limit = 0'],
    ['resets a setting', 'RESET memory_limit'],
    ['runs a pragma', 'PRAGMA database_list'],
    ['calls a pragma function', "SELECT * FROM pragma_table_info('policies')"],
    ['installs an extension', 'INSTALL httpfs'],
    ['fetches an address', "SELECT * FROM 'https://127.0.0.1/x.parquet'"],
    ['calls a table function', 'CALL pragma_version()'],
    ['makes a macro', 'CREATE MACRO lower(x) AS 1'],
    ['makes a view', 'CREATE OR REPLACE VIEW policies AS SELECT 1'],
    ['makes a table', 'CREATE TABLE t AS SELECT 1 AS x'],
    ['drops a view', 'DROP VIEW policies'],
    ['inserts', "INSERT INTO policies VALUES ('x')"],
    ['updates', 'UPDATE policies SET note = 1'],
    ['deletes', 'DELETE FROM policies'],
    ['explains', 'EXPLAIN SELECT 1'],
    ['prepares', 'PREPARE x AS SELECT 1'],
    ['executes', 'EXECUTE x'],
    ['begins a transaction', 'BEGIN TRANSACTION'],
    ['uses another schema', 'USE memory.main'],
    ['describes', 'DESCRIBE policies'],
    ['describes in a subquery', 'SELECT * FROM (DESCRIBE policies)'],
    ['summarizes', 'SUMMARIZE policies'],
    ['shows tables', 'SHOW TABLES'],
    ['pivots', 'PIVOT policies ON units USING count(*)'],
    ['vacuums', 'VACUUM'],
    ['checkpoints', 'CHECKPOINT'],
    ['hides a second statement behind the first', 'SELECT 1 AS x; DROP VIEW policies'],
    ['hides a COPY behind a SELECT', "SELECT 1 AS x; COPY (SELECT 1) TO '/tmp/x'"],
    ['runs a text as a query', "SELECT * FROM query('SELECT 1')"],
    ['names a table by a text', "SELECT * FROM query_table('policies')"],
    ['runs a serialized statement', "SELECT * FROM json_execute_serialized_sql('{}')"],
    ['reads the catalog of DuckDB', 'SELECT * FROM duckdb_tables()'],
    ['reads information_schema', 'SELECT * FROM information_schema.tables'],
    ['reads the views’ definitions', 'SELECT * FROM sqlite_master'],
    ['reads pg_catalog', 'SELECT * FROM pg_catalog.pg_tables'],
    ['names a schema', 'SELECT * FROM main.policies'],
    ['names a database', 'SELECT * FROM memory.main.policies'],
    ['names the table of another application', 'SELECT * FROM secrets'],
    ['names the table of another application by its schema', 'SELECT * FROM crm.secrets'],
    ['calls a function of a schema', "SELECT main.getenv('HOME') AS x"],
    ['calls one of the engine’s own macros', 'SELECT athena_substr(note, 1) AS x FROM policies'],
    ['fails on purpose', "SELECT error('x') AS x"],
    ['makes rows out of nothing', 'SELECT count(*) AS n FROM range(1000000000000)'],
    ['makes a list out of nothing', 'SELECT len(range(1000000000)) AS n'],
    ['makes rows by UNNEST of a computed list', 'SELECT x FROM UNNEST(generate_series(1, 1000000000)) AS t(x)'],
    ['makes a text out of nothing', "SELECT length(repeat('x', 1000000000)) AS n"],
    ['names a parameter', 'SELECT $name AS x'],
    ['is empty', ''],
    ['is a comment', '-- nothing'],
    ['is not SQL', 'hello, world'],
    ['holds a NUL', 'SELECT 1 AS x \0 FROM policies'],
    ['is nested too deeply', `SELECT ${'-('.repeat(5000)}units${')'.repeat(5000)} AS x FROM policies`],
    ['is a very long sum', `SELECT ${'1 + '.repeat(30_000)}1 AS x`],
    ['is longer than Athena takes', `SELECT '${'x'.repeat(262_144)}' AS x`],
  ])('%s', async (_, sql) => {
    const { execution } = await run(engine, sql)
    expect(execution.state).toBe('FAILED')
    expect(['user', 'system']).toContain(execution.error?.kind)
    expect(execution.error?.message).toMatch(/\S{2}/)
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM policies')).toEqual([['10000']])
  })

  it('leaves nothing behind that changes what others see', async () => {
    for (const sql of ['CREATE MACRO upper(x) AS 1', 'CREATE TEMP VIEW policies AS SELECT 1 AS note'])
      await run(engine, sql)
    expect(await rowsOf(engine, "SELECT upper(note) AS u FROM policies WHERE policy_number = 'P000001'")).toEqual([
      ['GRÖßE 1'],
    ])
  })
})

describe('the instance, were the statement’s wall to fall,', () => {
  let database: ApplicationDatabase
  let scratch: string

  beforeAll(async () => {
    scratch = path.join(archive.home, '.work', 'scratch')
    await mkdir(scratch, { recursive: true })
    const folder = `${path.join(archive.home, 'archive', 'pas')}/`
    const setup = { name: 'pas', version: '1', folder, tables: [], absent: [], rowRules: [] }
    database = new ApplicationDatabase(setup, { memory: 256 * 1024 ** 2, threads: 1, scratch, scratchLimit: 1024 ** 2 })
    await database.open()
  })
  afterAll(() => database.close())

  it.each([
    ['reads no file outside', () => "SELECT * FROM read_text('/etc/passwd')"],
    ['reads nothing of another application', () => `SELECT * FROM read_parquet('${foreign}')`],
    [
      'climbs out of its folder by no dots',
      () => `SELECT * FROM read_text('${archive.home}/archive/pas/../../canary.csv')`,
    ],
    ['writes no file outside', () => "COPY (SELECT 1) TO '/tmp/muniment-jail.csv'"],
    ['fetches no address', () => "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
    ['loads no extension', () => 'LOAD httpfs'],
    ['installs no extension', () => 'INSTALL httpfs'],
    ['attaches no file', () => "ATTACH '/tmp/muniment-jail.duckdb' AS x"],
    ['changes no setting', () => 'SET enable_external_access = true'],
    ['takes no more memory', () => "SET memory_limit = '100GB'"],
    ['opens no other folder', () => "SET allowed_directories = ['/']"],
  ])('%s', async (_, sql) => {
    await expect(database.connection.run(sql())).rejects.toThrow(
      /Permission|locked|disabled|not allowed|HTTP|Extension|extension/i,
    )
  })
})

/** NUL, and halves of characters. */
const hasNoLiteral = (value: string) => /[\0\p{Surrogate}]/u.test(value)

describe('values', () => {
  it('come back as they were bound, whatever they hold, or are refused where Athena has no literal for them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (value) => {
        const rows = rowsOf(engine, "SELECT ? AS x, ? || '' AS y, length(?) AS n", [
          text(value),
          text(value),
          text(value),
        ])
        if (hasNoLiteral(value)) await expect(rows).rejects.toThrow(/Value 1: .*cannot be searched for/)
        else expect((await rows)[0]).toEqual([value, value, String([...value].length)])
      }),
      {
        numRuns: 150,
        examples: [['\0'], ["'; DROP VIEW policies; --"], ['\u{1F9FE}\u0301'], ['{{constructor}}'], ['\ud800']],
      },
    )
  })

  it('select only what they equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (value) => {
        fc.pre(!hasNoLiteral(value))
        const rows = await rowsOf(engine, 'SELECT policy_number FROM policies WHERE policy_number = ? OR note = ?', [
          text(value),
          text(value),
        ])
        expect(rows).toEqual([])
      }),
      { numRuns: 100, examples: [["' OR '1'='1"], ["x' OR TRUE --"], ['%'], ['_'], ['\\']] },
    )
  })

  it('pass as long as Athena takes them, and no longer', async () => {
    const long = 'ä'.repeat(1_022)
    const [row] = await rowsOf(engine, 'SELECT ? AS x', [text(long)])
    expect(row?.[0]).toBe(long)
    for (const longer of [`${long}ä`, 'ä'.repeat(1_000_000)])
      await expect(rowsOf(engine, 'SELECT ? AS x', [text(longer)])).rejects.toThrow('at most 1024 characters')
  })

  it('do not become SQL where the SQL has no place for them', async () => {
    await expect(engine.prepare(statement("SELECT '?' AS x", [text('y')]))).rejects.toThrow('has 0 parameters')
  })
})

it('leaves no file in the data folder but its own', async () => {
  const names = await readdir(archive.home)
  expect(names.sort()).toEqual(['.work', 'archive', 'canary.csv'])
  await rm(canary)
})
