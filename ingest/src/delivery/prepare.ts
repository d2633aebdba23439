import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { Table } from '@muniment/archive/model/types'
import { chunksOfFile } from './chunks.ts'
import { type CsvScan, CsvScanner, type Wanted } from './csv-scanner.ts'
import { createDecoder } from './decode.ts'
import type { DeliveryFile } from './delivery.ts'

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** A source file in a form that DuckDB reads: plain UTF-8 CSV, or Parquet as it came. */
export interface PreparedFile {
  kind: 'csv' | 'parquet'
  path: string
  /** Absent for Parquet, which counts its rows itself. */
  scan?: CsvScan
}

async function* chunksOf(file: DeliveryFile): AsyncGenerator<Buffer> {
  if (!file.name.endsWith('.gz')) return yield* chunksOfFile(file.path)
  const plain = createReadStream(file.path, { highWaterMark: 1 << 18 })
  const gunzip = createGunzip({ chunkSize: 1 << 20 })
  plain.on('error', (error) => gunzip.destroy(error))
  yield* plain.pipe(gunzip)
}

/** Each chunk of the file as UTF-8 with the offsets of what could not be read; the last one is empty. */
async function* decoded(file: DeliveryFile, table: Table): AsyncGenerator<{ bytes: Buffer; bad: number[] }> {
  const decoder = createDecoder(table.source.encoding)
  let first = true
  for await (const chunk of chunksOf(file)) {
    const part = decoder.push(chunk, false)
    if (first && part.bytes.subarray(0, 3).equals(BOM)) part.bytes = part.bytes.subarray(3)
    first = false
    yield part
  }
  yield decoder.push(Buffer.alloc(0), true)
}

function scanChunk(scanner: CsvScanner, { bytes, bad }: { bytes: Buffer; bad: number[] }, encoding: string) {
  let from = 0
  for (const offset of bad) {
    scanner.push(bytes.subarray(from, offset))
    scanner.problem('encoding', `a byte is not ${encoding}`)
    from = offset
  }
  scanner.push(bytes.subarray(from))
}

/** Scans a CSV file (`hasty`: see CsvScanner) and, where DuckDB could not read it as it is, writes it as plain UTF-8 below `staging`. */
export async function prepareFile(
  file: DeliveryFile,
  table: Table,
  staging: string,
  { hasty = true }: { hasty?: boolean } = {},
): Promise<PreparedFile> {
  if (file.name.endsWith('.parquet')) return { kind: 'parquet', path: file.path }
  const scanner = new CsvScanner(table.source.delimiter, { hasty })
  const rewrite = table.source.encoding !== 'utf-8' || file.name.endsWith('.gz')
  const path = rewrite ? join(staging, `${table.name}.csv`) : file.path
  const out = rewrite ? await open(path, 'w') : undefined
  try {
    for await (const part of decoded(file, table)) {
      scanChunk(scanner, part, table.source.encoding)
      if (out) await out.appendFile(part.bytes)
    }
  } catch (error) {
    // A broken gzip stream ends the file early; that is the delivery's fault, not the machine's.
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error
    scanner.problem('structure', `the compressed file is broken: ${error.message}`)
  } finally {
    await out?.close()
  }
  return { kind: 'csv', path, scan: scanner.end() }
}

/** Physical lines, in the delivered file, of fields in order of record and field. */
export async function locateFields(file: DeliveryFile, table: Table, wanted: readonly Wanted[]): Promise<number[]> {
  if (file.name.endsWith('.parquet')) return wanted.map(({ record }) => record)
  const scanner = new CsvScanner(table.source.delimiter, { wanted })
  for await (const { bytes } of decoded(file, table)) {
    scanner.push(bytes)
    if (scanner.satisfied) break
  }
  if (!scanner.satisfied) scanner.end()
  return [...scanner.lines]
}
