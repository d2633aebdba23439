import { setImmediate } from 'node:timers/promises'
import { type About, aboutRows } from './about.ts'
import { type Cell, cellOf, isCut, textCell } from './cells.ts'
import type { ExportColumn } from './columns.ts'
import { createPackage, type OpenPart } from './xlsx/package.ts'
import { cellXml, columnLetters, packageFiles, sheetHead, sheetTail } from './xlsx/xml.ts'

/** Rows of a sheet below its heading; Excel ends at 1,048,576. */
const sheetRows = 1_048_575
/** Bytes of a sheet's text; beyond 4 GB not every reader follows. */
const sheetBytes = 3.5e9
/** Rows between two pauses in which the server does other things. */
const stride = 500
const headingStyle = 1
const firstFormat = 2

interface Workbook {
  file: string
  title: string
  columns: ExportColumn[]
  rows: AsyncIterable<(string | null)[]>
  about: (written: { rows: number }) => About
  signal: AbortSignal
  progress: (rows: number) => void
  /** For tests: sheets of fewer rows. */
  rowsPerSheet?: number
}

/**
 * Writes a workbook row by row, in memory that does not grow with the rows; further sheets where one is full, and a last one
 * about the export. Returns how many rows there were. Written by hand because the library that reads it in the tests takes five
 * times as long, on the thread that answers everybody.
 */
export async function writeWorkbook(options: Workbook): Promise<number> {
  const { file, title, columns, rows, about, signal, progress, rowsPerSheet = sheetRows } = options
  const formats = [...new Set(columns.map(({ type }) => numberFormat(type)))]
  const styles = columns.map(({ type }) => firstFormat + formats.indexOf(numberFormat(type)))
  const letters = columns.map((_, index) => columnLetters(index))
  const names: string[] = []
  const book = createPackage(file)
  let sheet = await addSheet()
  let inSheet = 0
  let count = 0
  let cut = 0

  async function addSheet(): Promise<OpenPart> {
    names.push(sheetName(title, names.length + 1))
    const part = book.part(`xl/worksheets/sheet${names.length}.xml`)
    await part.write(sheetHead(columns.map(widthOf), true))
    const headings = columns.map(({ heading }, index) => cellXml(`${letters[index]}1`, textCell(heading), headingStyle))
    await part.write(rowXml(1, headings))
    return part
  }

  async function endSheet(): Promise<void> {
    await sheet.write(sheetTail)
    await sheet.end()
  }

  try {
    for await (const row of rows) {
      signal.throwIfAborted()
      if (inSheet === rowsPerSheet || sheet.size > sheetBytes) {
        await endSheet()
        sheet = await addSheet()
        inSheet = 0
      }
      inSheet += 1
      count += 1
      const place = inSheet + 1
      const cells = columns.map(({ type }, index) => {
        const value = row[index]
        if (isCut(value)) cut += 1
        return cellXml(`${letters[index]}${place}`, cellOf(type, value), styles[index] ?? 0)
      })
      await sheet.write(rowXml(place, cells))
      if (count % stride === 0) {
        progress(count)
        await setImmediate()
      }
    }
    await endSheet()
  } catch (error) {
    await book.discard()
    throw error
  }
  names.push('About this export')
  book.text(`xl/worksheets/sheet${names.length}.xml`, aboutXml(aboutRows(about({ rows: count })), cut))
  for (const [name, text] of packageFiles(names, formats)) book.text(name, text)
  await book.end()
  return count
}

const rowXml = (place: number, cells: string[]): string => `<row r="${place}">${cells.join('')}</row>`

const widthOf = ({ heading }: ExportColumn): number => Math.min(40, Math.max(12, heading.length + 2))

function aboutXml(rows: [string, string | number][], cut: number): string {
  const note = `${cut} texts were longer than a cell holds and are cut; CSV has them whole.`
  const all: [string, Cell][] = cut > 0 ? [...rows, ['Note', note]] : rows
  const xml = all.map(([label, value], index) => {
    const cell = typeof value === 'string' ? textCell(value) : value
    return rowXml(index + 1, [cellXml(`A${index + 1}`, label, headingStyle), cellXml(`B${index + 1}`, cell, 0)])
  })
  return `${sheetHead([28, 100], false)}${xml.join('')}${sheetTail}`
}

function numberFormat(type: string): string {
  if (type === 'date') return 'yyyy-mm-dd'
  if (type === 'timestamp') return 'yyyy-mm-dd hh:mm:ss.000'
  if (type === 'integer' || type === 'bigint') return '0'
  const scale = /^decimal\(\d+,\s?(\d+)\)$/.exec(type)?.[1]
  if (scale === undefined) return type === 'double' ? 'General' : '@'
  return Number(scale) === 0 ? '0' : `#,##0.${'0'.repeat(Number(scale))}`
}

/** At most 31 characters, without those that Excel forbids; sheets after the first are numbered. */
function sheetName(title: string, sheet: number): string {
  const number = sheet === 1 ? '' : ` ${sheet}`
  const plain = title.replace(/[[\]:*?/\\']|\p{Cc}/gu, ' ').trim() || 'Records'
  const name = ['history', 'about this export'].includes(plain.toLowerCase()) ? `${plain} -` : plain
  return `${name.slice(0, 31 - number.length).trim()}${number}`
}
