import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Application, Table } from '@muniment/archive/model/types'
import { headerLine, scaleOf, type TablePart } from './delivery-writer.ts'

/** A file as the delivery's manifest lists it. */
export interface DeliveredFile {
  name: string
  table: string
  sha256: string
  bytes: number
  rows: number
  /** Sums by the column's name in the file. */
  totals: Record<string, string>
}

interface OpenFile {
  table: Table
  name: string
  handle: FileHandle
  hash: Hash
  bytes: number
  rows: number
  sums: bigint[]
}

/** The delivery's files, written from beginning to end and hashed on the way. */
export class DeliveryFiles {
  private readonly files: Map<string, OpenFile>

  private constructor(files: Map<string, OpenFile>) {
    this.files = files
  }

  static async open(folder: string, application: Application): Promise<DeliveryFiles> {
    const files = new Map<string, OpenFile>()
    const opened = new DeliveryFiles(files)
    try {
      for (const table of application.tables) {
        const name = `${table.source.name}.csv`
        const handle = await open(join(folder, name), 'w')
        const file = {
          table,
          name,
          handle,
          hash: createHash('sha256'),
          bytes: 0,
          rows: 0,
          sums: table.totals.map(() => 0n),
        }
        files.set(table.name, file)
        await write(file, Buffer.from(headerLine(table)))
      }
    } catch (error) {
      await opened.close()
      throw error
    }
    return opened
  }

  async append(parts: Map<string, TablePart>): Promise<void> {
    for (const [table, part] of parts) {
      const file = this.files.get(table)
      if (!file) throw new RangeError(`no file is open for the table ${table}`)
      await write(file, part.bytes)
      file.rows += part.rows
      file.sums = file.sums.map((sum, i) => sum + BigInt(part.sums[i] ?? 0))
    }
  }

  delivered(): DeliveredFile[] {
    return [...this.files.values()].map(({ table, name, hash, bytes, rows, sums }) => ({
      name,
      table: table.name,
      sha256: hash.copy().digest('hex'),
      bytes,
      rows,
      totals: totalsOf(table, sums),
    }))
  }

  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map(({ handle }) => handle.close()))
  }
}

async function write(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await file.handle.write(bytes, at)
    at += bytesWritten
  }
  file.hash.update(bytes)
  file.bytes += bytes.byteLength
}

function totalsOf(table: Table, sums: bigint[]): Record<string, string> {
  const totals: Record<string, string> = {}
  for (const [i, name] of table.totals.entries()) {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (column?.source !== undefined) totals[column.source] = decimal(sums[i] ?? 0n, scaleOf(column))
  }
  return totals
}

function decimal(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return value < 0n ? `-${text}` : text
}
