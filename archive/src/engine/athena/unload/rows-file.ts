import type { Row, UnloadTarget } from '../../port.ts'
import { csvField, decimalInText, doubleInJson, doubleInText, jsonText } from './embedded-texts.ts'
import { parquetFile } from './parquet-file.ts'
import { textFile } from './text-file.ts'
import type { WrittenColumn } from './written-column.ts'

/** A file of rows that is being written. */
export interface RowsFile {
  write(rows: readonly Row[]): Promise<void>
  /** Without `finish` it is no file of its format. */
  finish(): Promise<void>
  /** Lets go of it, finished or not. */
  close(): Promise<void>
}

/** A file as the embedded engine writes it: CSV and JSON are equal to its own in every byte. */
export function rowsFile(file: string, format: UnloadTarget['format'], columns: WrittenColumn[]): Promise<RowsFile> {
  if (format === 'parquet') return parquetFile(file, columns)
  return format === 'csv' ? csvFile(file, columns) : jsonFile(file, columns)
}

/** What a spreadsheet would take for a formula begins with one of these. */
const formula = /^[=+\-@\t\r\n\0＝＋－＠]/

async function csvFile(file: string, columns: WrittenColumn[]): Promise<RowsFile> {
  const out = await textFile(file)
  const writers = columns.map(({ type, place, value }) => {
    const write =
      type === 'varchar'
        ? (text: string) => (formula.test(text) ? `'${text}` : text)
        : type === 'double'
          ? doubleInText
          : (text: string) => decimalInText(type, text)
    return (row: Row) => {
      const text = row[place] ?? null
      return csvField(text === null ? null : write(value(text)))
    }
  })
  await out.write(`${columns.map(({ heading }) => csvField(heading)).join(',')}\r\n`)
  return {
    async write(rows) {
      await out.write(rows.map((row) => `${writers.map((write) => write(row)).join(',')}\r\n`).join(''))
    },
    finish: async () => undefined,
    close: () => out.close(),
  }
}

async function jsonFile(file: string, columns: WrittenColumn[]): Promise<RowsFile> {
  const out = await textFile(file)
  const writers = columns.map(({ heading, type, place, value }) => {
    const name = `${jsonText(heading)}:`
    const write = /^(integer|bigint|boolean)$/.test(type)
      ? (text: string) => text
      : type === 'double'
        ? doubleInJson
        : (text: string) => jsonText(decimalInText(type, text))
    return (row: Row) => {
      const text = row[place] ?? null
      return name + (text === null ? 'null' : write(value(text)))
    }
  })
  let any = false
  await out.write('[\n\t')
  return {
    async write(rows) {
      if (rows.length === 0) return
      const lines = rows.map((row) => `{${writers.map((write) => write(row)).join(',')}}`)
      await out.write(`${any ? ',\n\t' : ''}${lines.join(',\n\t')}`)
      any = true
    },
    finish: () => out.write('\n]\n'),
    close: () => out.close(),
  }
}
