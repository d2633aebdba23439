import { describe, expect, it } from 'vitest'
import { parseStatement } from '../src/athena/statements/parse.ts'
import { typesOf } from '../src/athena/statements/statement.ts'

describe('what a text asks for', () => {
  it.each([
    ['SELECT 1;', 'DML', 'SELECT'],
    ['-- why\n/* and */ with a as (select 1) select * from a', 'DML', 'SELECT'],
    ['(VALUES 1)', 'DML', 'SELECT'],
    ['INSERT INTO t VALUES 1', 'DML', 'INSERT'],
    ["UNLOAD (SELECT 1) TO 's3://b/k' WITH (format = 'ORC')", 'DML', 'UNLOAD'],
    ["CREATE TABLE t WITH (format = 'ORC') AS SELECT 1", 'DDL', 'CREATE_TABLE_AS_SELECT'],
    ['CREATE OR REPLACE VIEW v AS SELECT 1', 'DDL', 'CREATE_VIEW'],
    ['EXPLAIN SELECT 1', 'UTILITY', 'EXPLAIN'],
    ['SHOW TABLES IN d', 'UTILITY', 'SHOW_TABLES'],
    ['DESCRIBE `d`.`t`', 'UTILITY', 'DESCRIBE'],
    ['CREATE DATABASE IF NOT EXISTS d', 'DDL', 'CREATE_DATABASE'],
    ['MSCK REPAIR TABLE t', 'DDL', 'REPAIR_TABLE'],
  ])('%s', (text, type, subtype) => {
    expect(typesOf(parseStatement(text))).toEqual({ type, subtype })
  })

  it.each([
    ['USE d', 'Queries of this type are not supported'],
    ['SET SESSION a = 1', 'Queries of this type are not supported'],
    ['CALL system.runtime.kill_query()', 'Queries of this type are not supported'],
    ['DROP TABLE t; DROP TABLE u', 'Only one sql statement is allowed'],
    ['DROP TABLE t u', "line 1:14: mismatched input 'u'"],
    ["SELECT 'open", 'never closed'],
    ['-- nothing', 'must not be empty'],
    ['CREATE EXTERNAL TABLE t (a int)', "Expecting: 'LOCATION'"],
  ])('%s is refused', (text, words) => {
    expect(() => parseStatement(text)).toThrow(words)
  })

  it('keeps the text inside UNLOAD as it was, parentheses and quotes included', () => {
    const select = 'SELECT (1), \')\', ")" -- )\nFROM t'
    const text = `UNLOAD (${select}\n) TO 's3://b/it''s/' WITH (format='TEXTFILE', field_delimiter='|', partitioned_by=ARRAY['a','b'])`
    expect(parseStatement(text)).toMatchObject({
      kind: 'unload',
      select: `${select}\n`,
      location: "s3://b/it's/",
      properties: { format: 'TEXTFILE', field_delimiter: '|', partitioned_by: ['a', 'b'] },
    })
  })

  it('reads a table of Hive, its clauses in any order', () => {
    const text = `CREATE EXTERNAL TABLE IF NOT EXISTS \`D\`.t (
        a array<struct<x: int, y: decimal(10, 2)>> COMMENT 'it''s', \`date\` string)
      COMMENT 'all' PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'
      STORED AS TEXTFILE LOCATION 's3://b/k/' TBLPROPERTIES ('k' = 'v')`
    expect(parseStatement(text)).toMatchObject({
      ddl: {
        kind: 'createTable',
        database: 'd',
        table: 't',
        ifNotExists: true,
        columns: [
          { name: 'a', type: 'array<struct<x:int,y:decimal(10,2)>>', comment: "it's" },
          { name: 'date', type: 'string' },
        ],
        partitionedBy: [{ name: 'p', type: 'string' }],
        comment: 'all',
        fieldsTerminatedBy: '\t',
        storedAs: 'TEXTFILE',
        location: 's3://b/k/',
        properties: { k: 'v' },
      },
    })
  })
})
