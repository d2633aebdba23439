import type { Application, Column, Table } from '@muniment/archive/model/types'
import iconv from 'iconv-lite'
import { type DateFormat, formatDay, formatMoment } from './calendar.ts'

/**
 * A field before it is written: days for dates, milliseconds for timestamps, the amount in the last decimal place for decimals
 * (cents). A text is written as it is, whatever the column's type: that is how broken values come about.
 */
export type Cell = string | number | boolean | null | undefined
export type Row = Record<string, Cell>

/** What one table has got since the last `take`. */
export interface TablePart {
  bytes: Uint8Array
  rows: number
  /** Sums in the last decimal place, in the order of the model's totals. */
  sums: number[]
}

const LINES_AT_A_TIME = 8192

interface Field {
  name: string
  kind: 'text' | 'date' | 'timestamp' | 'decimal' | 'integer' | 'boolean'
  format: DateFormat
  scale: number
  comma: boolean
  yes: string
  no: string
  total: number
}

/** Writes rows of the model's tables in the form the old system exported them, in memory. */
export class DeliveryWriter {
  private readonly tables = new Map<string, TableWriter>()

  constructor(application: Application) {
    for (const table of application.tables) this.tables.set(table.name, new TableWriter(table))
  }

  put(table: string, row: Row): void {
    const writer = this.tables.get(table)
    if (!writer) throw new TypeError(`the sample's model has no table ${table}`)
    writer.write(row)
  }

  /** Everything put since the last call, by table; tables without rows are left out. */
  take(): Map<string, TablePart> {
    const parts = new Map<string, TablePart>()
    for (const [name, writer] of this.tables) {
      const part = writer.take()
      if (part.rows > 0) parts.set(name, part)
    }
    return parts
  }
}

class TableWriter {
  private readonly fields: Field[]
  private readonly encoding: string
  private readonly delimiter: string
  private readonly table: string
  private readonly known: Set<string>
  /** Lines not yet encoded: few, as long chains of texts are what the garbage collector would drown in. */
  private text = ''
  private readonly output = new Output()
  private rows = 0
  private sums: number[]

  constructor(table: Table) {
    this.table = table.name
    this.delimiter = table.source.delimiter
    this.encoding = table.source.encoding
    this.fields = table.columns.filter((column) => column.source !== undefined).map((column) => field(column, table))
    this.known = new Set(this.fields.map(({ name }) => name))
    this.sums = table.totals.map(() => 0)
  }

  write(row: Row): void {
    // Every so often is enough to find a misspelt column, and costs nothing.
    if (this.rows < 5) this.checkNames(row)
    let line = ''
    const { fields, delimiter } = this
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]
      if (field === undefined) break
      if (i > 0) line += delimiter
      const cell = row[field.name]
      if (cell === null || cell === undefined) continue
      if (typeof cell === 'string') line += needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
      else if (typeof cell === 'boolean') line += cell ? field.yes : field.no
      else line += this.number(field, cell)
    }
    this.text += `${line}\n`
    this.rows++
    if (this.text.length > LINES_AT_A_TIME) this.encode()
  }

  private number(field: Field, value: number): string {
    switch (field.kind) {
      case 'date':
        return formatDay(value, field.format)
      case 'timestamp':
        return formatMoment(value)
      case 'decimal': {
        if (field.total >= 0) this.sums[field.total] = (this.sums[field.total] ?? 0) + value
        return formatDecimal(value, field.scale, field.comma ? ',' : '.')
      }
      case 'integer':
      case 'boolean':
      case 'text':
        return String(value)
    }
  }

  private encode(): void {
    const { text } = this
    this.text = ''
    if (this.encoding === 'utf-8') this.output.text(text)
    else this.output.bytes(iconv.encode(text, this.encoding === 'latin-1' ? 'iso-8859-1' : this.encoding))
  }

  take(): TablePart {
    this.encode()
    const part = { bytes: this.output.take(), rows: this.rows, sums: this.sums }
    this.rows = 0
    this.sums = this.sums.map(() => 0)
    return part
  }

  private checkNames(row: Row): void {
    for (const name of Object.keys(row)) {
      if (!this.known.has(name)) throw new TypeError(`the sample's table ${this.table} has no column ${name}`)
    }
  }
}

/** Bytes that grow, kept from one portion to the next. */
class Output {
  private buffer = Buffer.allocUnsafeSlow(1 << 16)
  private used = 0

  text(text: string): void {
    // No UTF-16 unit takes more than three bytes.
    this.reserve(text.length * 3)
    this.used += this.buffer.write(text, this.used, 'utf8')
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.byteLength)
    this.buffer.set(bytes, this.used)
    this.used += bytes.byteLength
  }

  /** A copy of its own, so that it can be given to another thread. */
  take(): Uint8Array {
    const bytes = Uint8Array.prototype.slice.call(this.buffer, 0, this.used)
    this.used = 0
    return bytes
  }

  private reserve(more: number): void {
    if (this.used + more <= this.buffer.byteLength) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.byteLength * 2, this.used + more))
    grown.set(this.buffer.subarray(0, this.used))
    this.buffer = grown
  }
}

/** The first line of a table's file. */
export function headerLine(table: Table): string {
  const names = table.columns.flatMap((column) => (column.source === undefined ? [] : [column.source]))
  return `${names.join(table.source.delimiter)}\n`
}

export function scaleOf(column: Column): number {
  const scale = /,\s?(\d+)\)$/.exec(column.type)?.[1]
  return scale === undefined ? 0 : Number(scale)
}

function field(column: Column, table: Table): Field {
  const [yes = 'true', no = 'false'] = column.sourceFormat?.split('|') ?? []
  const kind = column.type.startsWith('decimal')
    ? 'decimal'
    : column.type === 'date' || column.type === 'timestamp' || column.type === 'boolean'
      ? column.type
      : column.type === 'integer' || column.type === 'bigint'
        ? 'integer'
        : 'text'
  const format = column.sourceFormat === '%Y%m%d' ? 'compact' : column.sourceFormat === '%d.%m.%Y' ? 'dotted' : 'iso'
  return {
    name: column.name,
    kind,
    format,
    scale: scaleOf(column),
    comma: column.decimalComma,
    yes,
    no,
    total: table.totals.indexOf(column.name),
  }
}

function needsQuotes(text: string): boolean {
  if (text === '') return true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // " , ; and line ends; blanks at either end, which some readers cut.
    if (code === 34 || code === 44 || code === 59 || code === 10 || code === 13) return true
  }
  return text.charCodeAt(0) === 32 || text.charCodeAt(text.length - 1) === 32
}

export function formatDecimal(value: number, scale: number, separator: string): string {
  if (scale === 0) return String(value)
  const sign = value < 0 ? '-' : ''
  const unit = scale === 2 ? 100 : 10 ** scale
  const positive = Math.abs(value)
  const whole = Math.floor(positive / unit)
  const fraction = positive - whole * unit
  const padded = scale === 2 && fraction < 10 ? `0${fraction}` : String(fraction).padStart(scale, '0')
  return `${sign}${whole}${separator}${padded}`
}
