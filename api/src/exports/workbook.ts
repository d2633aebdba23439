import { setImmediate } from 'node:timers/promises'
import ExcelJS from 'exceljs'
import { type About, aboutRows } from './about.ts'
import { cellOf, isCut, textCell } from './cells.ts'
import type { ExportColumn } from './columns.ts'

/** Rows of a sheet below its heading; Excel ends at 1,048,576. */
export const sheetRows = 1_048_575
/** Rows between two pauses in which the server does other things and the file's writer catches up. */
const stride = 200

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

/** Writes a workbook row by row, in memory that does not grow with the rows. Returns how many there were. */
export async function writeWorkbook(options: Workbook): Promise<number> {
  const { file, title, columns, rows, about, signal, progress, rowsPerSheet = sheetRows } = options
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true, useSharedStrings: false })
  let sheet = addSheet(workbook, columns, sheetName(title, 1))
  let sheets = 1
  let count = 0
  let cut = 0
  for await (const row of rows) {
    signal.throwIfAborted()
    if (count > 0 && count % rowsPerSheet === 0) {
      sheet.commit()
      sheets += 1
      sheet = addSheet(workbook, columns, sheetName(title, sheets))
    }
    sheet.addRow(columns.map(({ type }, index) => cellOf(type, row[index]))).commit()
    cut += row.filter(isCut).length
    count += 1
    if (count % stride === 0) {
      progress(count)
      await setImmediate()
    }
  }
  sheet.commit()
  addAbout(workbook, aboutRows(about({ rows: count })), cut)
  await workbook.commit()
  return count
}

type Writer = InstanceType<typeof ExcelJS.stream.xlsx.WorkbookWriter>

function addSheet(workbook: Writer, columns: ExportColumn[], name: string) {
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ heading, type }) => ({
    header: textCell(heading),
    width: Math.min(40, Math.max(12, heading.length + 2)),
    style: { numFmt: numberFormat(type) },
  }))
  sheet.getRow(1).font = { bold: true }
  sheet.getRow(1).commit()
  return sheet
}

function addAbout(workbook: Writer, rows: [string, string | number][], cut: number): void {
  const sheet = workbook.addWorksheet('About this export')
  sheet.columns = [{ width: 28 }, { width: 100 }]
  for (const [label, value] of rows) {
    sheet.addRow([textCell(label), typeof value === 'string' ? textCell(value) : value]).commit()
  }
  if (cut > 0)
    sheet.addRow(['Note', `${cut} texts were longer than a cell holds and are cut; CSV has them whole.`]).commit()
  sheet.commit()
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
  const name = plain.toLowerCase() === 'history' || plain.toLowerCase() === 'about this export' ? `${plain} -` : plain
  return `${name.slice(0, 31 - number.length).trim()}${number}`
}
