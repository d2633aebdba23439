import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'
import { discard, temporaryName } from '../store/durable.ts'
import { Footer } from './footer.ts'
import { athenaType } from './parquet-types.ts'

/** Version of what is derived from a footer; another one reads all again. */
const Cache = z.object({ version: z.literal(1), footers: z.record(z.string(), Footer) })

const FILES_AT_ONCE = 200

/** A list of files as DuckDB takes it, each meant as it is and not as a pattern. */
function listOf(files: string[]): string {
  return `[${files.map((file) => `'${file.replace(/[*?[]/g, '[$&]').replaceAll("'", "''")}'`).join(', ')}]`
}

async function readBatch(connection: DuckDBConnection, files: string[]): Promise<Map<string, Footer>> {
  const list = listOf(files)
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  const counts = await rowsOf(`SELECT file_name, num_rows FROM parquet_file_metadata(${list})`)
  const footers = new Map<string, Footer>(
    counts.map((row) => [String(row.file_name), { rows: Number(row.num_rows), columns: [] }]),
  )
  const sizes = new Map<string, number>()
  // Nested columns have one path a leaf, joined with a comma.
  const bytes = await rowsOf(
    `SELECT file_name, split_part(path_in_schema, ', ', 1) AS name, sum(total_compressed_size)::BIGINT AS bytes
     FROM parquet_metadata(${list}) GROUP BY ALL`,
  )
  for (const row of bytes) sizes.set(`${String(row.file_name)}\0${String(row.name)}`, Number(row.bytes))
  const elements = await rowsOf(
    `SELECT file_name, name, type, coalesce(num_children, 0) AS children, converted_type, logical_type, "precision", scale
     FROM parquet_schema(${list}) ORDER BY file_name, column_id`,
  )
  // Depth first: how many elements of the current file still belong to a nested column, or to none but the root.
  let file = ''
  let inside = 0
  for (const row of elements) {
    const children = Number(row.children)
    if (row.file_name !== file) {
      file = String(row.file_name)
      inside = 0
      continue
    }
    if (inside > 0) {
      inside += children - 1
      continue
    }
    inside = children
    const text = (value: unknown) => (typeof value === 'string' ? value : null)
    const number = (value: unknown) => (value === null || value === undefined ? null : Number(value))
    footers.get(file)?.columns.push({
      name: String(row.name),
      type: athenaType({
        type: text(row.type),
        children,
        converted: text(row.converted_type),
        logical: text(row.logical_type),
        precision: number(row.precision),
        scale: number(row.scale),
      }),
      bytes: sizes.get(`${file}\0${String(row.name)}`) ?? 0,
    })
  }
  return footers
}

async function readAll(files: string[]): Promise<Map<string, Footer>> {
  const found = new Map<string, Footer>()
  if (files.length === 0) return found
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' })
  const connection = await instance.connect()
  try {
    for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
      const batch = files.slice(at, at + FILES_AT_ONCE)
      const read = await readBatch(connection, batch).catch(() => undefined)
      if (read) for (const [file, footer] of read) found.set(file, footer)
      // One that is no Parquet fails all of them: each for itself then, and the one stays without a footer.
      else
        for (const file of batch)
          for (const [, footer] of await readBatch(connection, [file]).catch(() => new Map<string, Footer>()))
            found.set(file, footer)
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
  return found
}

interface FooterReader {
  /** Footers by ETag of the objects given, without those that cannot be read as Parquet. */
  read(objects: { key: string; etag: string }[]): Promise<Map<string, Footer>>
}

/** Reads footers of objects below `home`; those of an ETag read before come from `cacheFile`, which may be lost at any time. */
export function createFooterReader(home: string, cacheFile: string): FooterReader {
  async function cached(): Promise<Map<string, Footer>> {
    try {
      return new Map(Object.entries(Cache.parse(JSON.parse(await readFile(cacheFile, 'utf8'))).footers))
    } catch {
      return new Map()
    }
  }

  async function keep(footers: Map<string, Footer>): Promise<void> {
    await mkdir(dirname(cacheFile), { recursive: true })
    const temporary = temporaryName(dirname(cacheFile))
    try {
      await writeFile(temporary, JSON.stringify({ version: 1, footers: Object.fromEntries(footers) }))
      await rename(temporary, cacheFile)
    } finally {
      await discard(temporary)
    }
  }

  return {
    async read(objects) {
      const before = await cached()
      const footers = new Map<string, Footer>()
      const unread = new Map<string, string>()
      for (const { key, etag } of objects) {
        const footer = before.get(etag)
        if (footer) footers.set(etag, footer)
        else unread.set(etag, join(home, key))
      }
      const read = await readAll([...unread.values()])
      for (const [etag, file] of unread) {
        const footer = read.get(file)
        if (footer) footers.set(etag, footer)
      }
      if (unread.size > 0 || footers.size !== before.size) await keep(footers)
      return footers
    },
  }
}
