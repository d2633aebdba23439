import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { literal } from '@muniment/archive/engine/sql-text'
import { OperatorError } from '@muniment/archive/errors'
import { dispositionKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { DispositionRow } from '../run/types.ts'
import { withDuckdb } from './local.ts'

export async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file)) hash.update(part as Buffer)
  return hash.digest('hex')
}

export const listColumns = (keys: number, records: number): string[] => [
  '_object',
  '_row',
  ...Array.from({ length: keys }, (_, index) => `key_${index + 1}`),
  'class',
  ...Array.from({ length: records }, (_, index) => `record_${index + 1}`),
  'schedule',
  'due_from',
]

export interface ListShape {
  table: string
  keys: number
  records: number
}

/** Writes one list for each table that has rows in a file of all, sorted by object and row; gives the files by table. */
export async function splitLists(
  all: string,
  shapes: readonly ListShape[],
  folder: string,
): Promise<Map<string, string>> {
  return withDuckdb(async (connection) => {
    const from = `read_parquet(${literal(all)}, hive_partitioning = false)`
    const counted = (await connection.runAndReadAll(`SELECT _table, count(*) FROM ${from} GROUP BY 1`)).getRows()
    const files = new Map<string, string>()
    for (const [name, rows] of counted) {
      const shape = shapes.find(({ table }) => table === name)
      if (!shape) throw new OperatorError(`A list names the table ${String(name)}, of which nothing goes.`)
      const file = path.join(folder, `${shape.table}.parquet`)
      const columns = listColumns(shape.keys, shape.records).map((column) => `"${column}"`)
      const sorted = `SELECT ${columns.join(', ')} FROM ${from} WHERE _table = ${literal(shape.table)} ORDER BY _object, _row`
      const copied = await connection.runAndReadAll(
        `COPY (${sorted}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`,
      )
      if (copied.getRows()[0]?.[0] !== rows) throw new OperatorError(`The list of ${shape.table} lost rows.`)
      files.set(shape.table, file)
    }
    return files
  })
}

/** Rows of a list in a local file, batch by batch, by object and row. */
export async function* rowsOfFile(file: string): AsyncIterable<DispositionRow[]> {
  const reader = await openReader(file)
  try {
    for (;;) {
      const batch = await reader.next()
      if (!batch) break
      yield batch
    }
  } finally {
    reader.close()
  }
}

async function openReader(file: string) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' })
  const connection = await instance.connect()
  const close = () => {
    connection.closeSync()
    instance.closeSync()
  }
  try {
    const from = `read_parquet(${literal(file)}, hive_partitioning = false)`
    const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)).getRows()
    const names = described.map(([name]) => String(name))
    const places = (prefix: string) =>
      names.flatMap((name, index) => (new RegExp(`^${prefix}_\\d+$`).test(name) ? [index] : []))
    const [keys, records] = [places('key'), places('record')]
    const at = (name: string) => {
      const found = names.indexOf(name)
      if (found < 0) throw new OperatorError(`A disposition list has no column ${name}.`)
      return found
    }
    const [object, row, className, schedule, dueFrom] = ['_object', '_row', 'class', 'schedule', 'due_from'].map(at)
    const select = names.map((name) => `CAST("${name}" AS VARCHAR)`).join(', ')
    const result = await connection.stream(`SELECT ${select} FROM ${from}`)
    return {
      close,
      async next(): Promise<DispositionRow[] | undefined> {
        const chunk = await result.fetchChunk()
        if (!chunk || chunk.rowCount === 0) return undefined
        return chunk.getRows().map((values) => {
          const text = (place: number | undefined): string => {
            const value = values[place ?? -1]
            if (typeof value !== 'string') throw new OperatorError('A row of a disposition list lacks a value.')
            return value
          }
          return {
            object: text(object),
            row: Number(text(row)),
            key: keys.map(text),
            class: text(className),
            record: records.map(text),
            schedule: text(schedule),
            dueFrom: text(dueFrom),
          }
        })
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

/** The stored list as it was planned. Throws OperatorError where it is missing or altered. */
export async function* storedList(
  store: ObjectStore,
  run: string,
  table: string,
  planned: { sha256: string },
): AsyncIterable<DispositionRow[]> {
  const key = dispositionKey(run, table)
  if (!(await store.head(key))) throw new OperatorError(`The list ${key} is missing. Nothing of this run is destroyed.`)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'muniment-list-'))
  try {
    const file = path.join(folder, 'list.parquet')
    await pipeline(await store.stream(key), createWriteStream(file))
    if ((await fileHash(file)) !== planned.sha256)
      throw new OperatorError(`The list ${key} is not as it was planned. Nothing of this run is destroyed.`)
    yield* rowsOfFile(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Rewrites a list without the rows of some records; gives how many are left. */
export async function withoutRecords(
  file: string,
  held: readonly { class: string; record: readonly string[] }[],
): Promise<number> {
  return withDuckdb(async (connection) => {
    const shorter = `${file}.left`
    const records = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`))
      .getRows()
      .map(([name]) => String(name))
      .filter((name) => /^record_\d+$/.test(name))
    await connection.run(`CREATE TABLE held (class VARCHAR, ${records.map((name) => `${name} VARCHAR`).join(', ')})`)
    const appender = await connection.createAppender('held')
    for (const one of held) {
      if (one.record.length !== records.length) continue
      appender.appendVarchar(one.class)
      for (const part of one.record) appender.appendVarchar(part)
      appender.endRow()
    }
    appender.closeSync()
    const same = ['class', ...records].map((name) => `h.${name} = l.${name}`).join(' AND ')
    await connection.run(
      `COPY (SELECT * FROM read_parquet(${literal(file)}) AS l WHERE NOT EXISTS (SELECT 1 FROM held AS h WHERE ${same}) ORDER BY _object, _row)
        TO ${literal(shorter)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`,
    )
    const count = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${literal(shorter)})`)
    await rename(shorter, file)
    return Number(count.getRows()[0]?.[0] ?? 0)
  })
}

/** How many rows of each object are on a list. */
export async function rowsByObject(file: string): Promise<Map<string, number>> {
  return withDuckdb(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT _object, count(*), count(DISTINCT _row) FROM read_parquet(${literal(file)}) GROUP BY 1 ORDER BY 1`,
    )
    return new Map(
      reader.getRows().map(([object, rows, distinct]) => {
        if (rows !== distinct) throw new OperatorError(`A row of ${String(object)} is on a list twice.`)
        return [String(object), Number(rows)]
      }),
    )
  })
}
