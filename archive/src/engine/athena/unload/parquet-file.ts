import { closeSync, openSync, writeSync } from 'node:fs'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ColumnType } from '../../../model/types.ts'
import type { Row } from '../../port.ts'
import type { RowsFile } from './rows-file.ts'
import type { WrittenColumn } from './written-column.ts'

/** As in the embedded engine's files. */
const groupRows = 20_480
/** Characters of one row group: of long texts fewer rows wait in memory. */
const groupCharacters = 32 * 1024 * 1024
const dayMs = 86_400_000

/** Parquet with Snappy: decimals, dates and whole numbers exact, timestamps in milliseconds. One row group is in memory. */
export async function parquetFile(file: string, columns: WrittenColumn[]): Promise<RowsFile> {
  const descriptor = openSync(file, 'wx')
  const bytes = new ByteWriter(1 << 20)
  const flush = () => {
    const waiting = new Uint8Array(bytes.buffer, 0, bytes.index)
    for (let at = 0; at < waiting.length; ) at += writeSync(descriptor, waiting, at)
    bytes.index = 0
  }
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ heading, type }) => elementOf(heading, type)),
  ]
  const parquet = new ParquetWriter({ writer: bytes, schema, codec: 'SNAPPY', createdBy: 'muniment' })
  const makers = columns.map(({ type }) => maker(type))
  let group: unknown[][] = columns.map(() => [])
  let characters = 0

  async function writeGroup(): Promise<void> {
    const rows = group[0]?.length ?? 0
    if (rows === 0) return
    const columnData = columns.map(({ heading: name }, index) => ({ name, data: group[index] ?? [] }))
    await parquet.write({ columnData, rowGroupSize: rows })
    flush()
    group = columns.map(() => [])
    characters = 0
  }

  function add(row: Row): void {
    for (const [index, { place, value }] of columns.entries()) {
      const text = row[place] ?? null
      group[index]?.push(text === null ? null : makers[index]?.(value(text)))
      characters += text?.length ?? 0
    }
  }

  return {
    async write(rows) {
      for (const row of rows) {
        add(row)
        if ((group[0]?.length ?? 0) >= groupRows || characters >= groupCharacters) await writeGroup()
      }
    },
    async finish() {
      await writeGroup()
      await parquet.finish()
      flush()
    },
    close: async () => closeSync(descriptor),
  }
}

function elementOf(name: string, type: ColumnType): SchemaElement {
  const column = { name, repetition_type: 'OPTIONAL' } as const
  const sizes = /^decimal\((\d+),(\d+)\)$/.exec(type)
  if (sizes) {
    const [precision, scale] = [Number(sizes[1]), Number(sizes[2])]
    const decimal = { ...column, converted_type: 'DECIMAL', precision, scale } as const
    if (precision <= 9) return { ...decimal, type: 'INT32' }
    if (precision <= 18) return { ...decimal, type: 'INT64' }
    return { ...decimal, type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16 }
  }
  switch (type) {
    case 'integer':
      return { ...column, type: 'INT32', converted_type: 'INT_32' }
    case 'bigint':
      return { ...column, type: 'INT64', converted_type: 'INT_64' }
    case 'double':
      return { ...column, type: 'DOUBLE' }
    case 'boolean':
      return { ...column, type: 'BOOLEAN' }
    case 'date':
      return { ...column, type: 'INT32', converted_type: 'DATE' }
    case 'timestamp':
      return { ...column, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }
    default:
      return { ...column, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

function maker(type: ColumnType): (text: string) => unknown {
  const scale = Number(/^decimal\(\d+,(\d+)\)$/.exec(type)?.[1] ?? Number.NaN)
  if (!Number.isNaN(scale)) return (text) => unscaled(text, scale)
  switch (type) {
    case 'integer':
    case 'double':
      return Number
    case 'bigint':
      return BigInt
    case 'boolean':
      return (text) => text === 'true'
    case 'date':
      return (text) => millis(`${text}T00:00:00Z`) / dayMs
    case 'timestamp':
      return (text) => BigInt(millis(`${text.replace(' ', 'T')}Z`))
    default:
      return (text) => text
  }
}

function unscaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

function millis(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Error('A date of the result is not one that a file can hold.')
  return ms
}
