import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFiles } from '../../../src/engine/athena/outlets.ts'
import { doubleText } from '../../../src/engine/double-text.ts'
import type { ResultColumn, Row, UnloadTarget } from '../../../src/engine/port.ts'
import { identifier, literal } from '../../../src/engine/sql-text.ts'
import { copyOptions, outputColumn } from '../../../src/engine/worker/output-columns.ts'

let connection: DuckDBConnection
let folder: string
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  folder = await mkdtemp(path.join(os.tmpdir(), 'athena-unload-'))
})
afterAll(async () => {
  connection.closeSync()
  await rm(folder, { recursive: true, force: true })
})

const columns: ResultColumn[] = [
  { name: 't', type: 'varchar' },
  { name: 'i', type: 'integer' },
  { name: 'b', type: 'bigint' },
  { name: 'd', type: 'double' },
  { name: 'm', type: 'decimal(12,2)' },
  { name: 'f', type: 'decimal(4,4)' },
  { name: 'w', type: 'decimal(38,10)' },
  { name: 'y', type: 'boolean' },
  { name: 'a', type: 'date' },
  { name: 'z', type: 'timestamp' },
]
const duckdbTypes: Record<string, string> = { timestamp: 'TIMESTAMP' }

const digits = (most: bigint, scale: number) =>
  fc.bigInt({ min: -most, max: most }).map((value) => {
    const text = String(value < 0n ? -value : value).padStart(scale + 1, '0')
    return `${value < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`
  })
const moment = fc
  .date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const texts = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000')),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      '"',
      ',',
      '#',
      '\t',
      '\r',
      '\n',
      'a',
      'A',
      ' ',
      '\u001f',
      '\u007f',
      '\\',
      '/',
    ),
  }),
)
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(texts),
  fc.option(fc.integer().map(String)),
  fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  fc.option(
    fc
      .oneof(fc.double(), fc.double({ min: -1e25, max: 1e25 }), fc.integer(), fc.double({ min: 0, max: 1e-3 }))
      .map(doubleText),
  ),
  fc.option(digits(10n ** 12n - 1n, 2)),
  fc.option(digits(9999n, 4)),
  fc.option(digits(10n ** 38n - 1n, 10)),
  fc.option(fc.boolean().map(String)),
  fc.option(moment.map((text) => text.slice(0, 10))),
  fc.option(moment.map((text) => text.slice(0, 23).replace('T', ' '))),
)

const wanted: UnloadTarget['columns'] = [
  ...columns.map(({ name }) => ({ name, heading: `${name} "x", #` })),
  ...columns.map(({ name }) => ({ name, heading: `${name} in words`, words: { x: '=y', '1': 'one', true: 'yes' } })),
  { name: 't', heading: '' },
]

let count = 0
/** The same rows by DuckDB's own writer, as the embedded engine has it write, and by ours. */
async function both(rows: Row[], format: UnloadTarget['format']): Promise<[string, string]> {
  const types = columns.map(({ type }) => duckdbTypes[type] ?? type.toUpperCase())
  await connection.run(
    `CREATE OR REPLACE TABLE result (${columns.map(({ name }, index) => `${identifier(name)} ${types[index]}`).join(', ')})`,
  )
  for (const values of rows)
    await connection.run(
      `INSERT INTO result SELECT ${values
        .map((value, index) => (value === null ? 'NULL' : `CAST(${literal(value)} AS ${types[index]})`))
        .join(', ')}`,
    )
  const theirs = path.join(folder, `${++count}.${format}`)
  const select = wanted.map((column, index) => {
    const type = columns.find(({ name }) => name === column.name)?.type ?? ''
    return outputColumn({ ...column, type }, format, index)
  })
  await connection.run(`COPY (SELECT ${select.join(', ')} FROM result) TO ${literal(theirs)} (${copyOptions(format)})`)
  const target = await mkdtemp(path.join(folder, 'ours-'))
  const outlet = writeFiles({ folder: target, format, columns: wanted }, path.join(folder, `aside-${count}`), 10)
  await outlet.open(columns)
  await outlet.add(rows.slice(0, 2))
  await outlet.add(rows.slice(2))
  await outlet.finish(rows.length, false)
  expect(await readdir(target)).toEqual([`result.${format}`])
  return [path.join(target, `result.${format}`), theirs]
}

describe('a file is as the embedded engine writes it', () => {
  it.each(['csv', 'json'] as const)('%s, in every byte', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 4 }), async (rows) => {
        const [ours, theirs] = await both(rows, format)
        expect(await readFile(ours, 'utf8')).toBe(await readFile(theirs, 'utf8'))
      }),
      { numRuns: 60 },
    )
  })

  it('Parquet, in types and values, over several row groups too', async () => {
    const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    const schema = (file: string) =>
      read(
        `SELECT name, type, converted_type, precision, scale, repetition_type FROM parquet_schema('${file}') WHERE num_children IS NULL`,
      )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
        const [ours, theirs] = await both(rows, 'parquet')
        expect(await schema(ours)).toEqual(await schema(theirs))
        expect(await read(`SELECT * FROM '${ours}'`)).toEqual(await read(`SELECT * FROM '${theirs}'`))
      }),
      { numRuns: 25 },
    )
  })

  it('of 50,000 rows in groups of 20,480, in order', async () => {
    const target = await mkdtemp(path.join(folder, 'many-'))
    const outlet = writeFiles(
      {
        folder: target,
        format: 'parquet',
        columns: [
          { name: 'n', heading: 'n' },
          { name: 'm', heading: 'm' },
        ],
      },
      path.join(folder, 'many-aside'),
      10,
    )
    await outlet.open([
      { name: 'n', type: 'bigint' },
      { name: 'm', type: 'decimal(38,2)' },
    ])
    for (let at = 0; at < 50_000; at += 1000)
      await outlet.add(Array.from({ length: 1000 }, (_, index) => [String(at + index), `-${at + index}.05`]))
    await outlet.finish(50_000, false)
    const file = path.join(target, 'result.parquet')
    const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    expect(await read(`SELECT DISTINCT row_group_num_rows FROM parquet_metadata('${file}') ORDER BY 1`)).toEqual([
      ['9040'],
      ['20480'],
    ])
    expect(
      await read(
        `SELECT count(*), min(m), sum(CASE WHEN n = file_row_number THEN 1 ELSE 0 END) FROM read_parquet('${file}', file_row_number = true)`,
      ),
    ).toEqual([['50000', '-49999.05', '50000']])
  })
})

describe('keys', () => {
  const found: ResultColumn[] = [
    { name: 'a', type: 'varchar' },
    { name: 'b', type: 'varchar' },
  ]
  async function keysOf(rows: Row[], keys: string[][][], inMemory: number) {
    const target = await mkdtemp(path.join(folder, 'keys-'))
    const outlet = writeFiles(
      { folder: target, format: 'csv', columns: [{ name: 'a', heading: 'a' }], keys },
      `${target}-aside`,
      inMemory,
    )
    await outlet.open(found)
    for (const one of rows) await outlet.add([one])
    const { keys: count } = await outlet.finish(rows.length, false)
    const names = await readdir(target)
    const lines = names.includes('keys.jsonl')
      ? (await readFile(path.join(target, 'keys.jsonl'), 'utf8')).split('\n').slice(0, -1)
      : []
    expect(lines).toHaveLength(count ?? -1)
    expect(await readdir(path.dirname(target))).not.toContain(`${path.basename(target)}-aside`)
    return lines
  }

  it('are written once each, however many fit into memory', async () => {
    const value = fc.option(fc.constantFrom('x', 'y', 'z', 'é"', 'a\n'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { maxLength: 20 }),
        fc.integer({ min: 0, max: 8 }),
        async (rows, inMemory) => {
          const expected = new Set<string>()
          for (const [a, b] of rows) {
            for (const k of [a, b]) if (k !== null) expected.add(JSON.stringify({ t: 0, k: [k] }))
            if (a !== null && b !== null) expected.add(JSON.stringify({ t: 1, k: [a, b] }))
          }
          const lines = await keysOf(rows, [[['a'], ['b']], [['a', 'b']]], inMemory)
          expect(lines.sort()).toEqual([...expected].sort())
        },
      ),
      { numRuns: 60 },
    )
  })

  it('of doubles, and of columns that do not belong together, are refused', async () => {
    await expect(keysOf([], [[['a'], ['a', 'b']]], 9)).rejects.toThrow('not as many')
    await expect(keysOf([], [[['c']]], 9)).rejects.toThrow('no column "c"')
  })
})
