import { fieldsOf } from './csv-header.ts'

/**
 * Walks over the bytes of a CSV file (UTF-8, RFC 4180) and says how many records there are, where they are not well formed, and on which
 * physical line a field begins. It is a parser of its own on purpose: what DuckDB counts is held against what this counts.
 */

export interface ScanProblem {
  kind: 'structure' | 'encoding'
  line: number
  /** Index of the column, from 0. */
  field: number
  message: string
}

/** A field whose line is wanted; `record` counts data records from 1, `field` from 0. */
export interface Wanted {
  record: number
  field: number
}

export interface CsvScan {
  records: number
  header: string[]
  /** Bytes of the longest record. */
  longest: number
  problems: ScanProblem[]
  problemCount: number
}

const LF = 10
const CR = 13
const SPACE = 32
const QUOTE = 34
const PROBLEMS_KEPT = 1000
const LONGEST_HEADER = 1 << 20

const RECORD_START = 0
const FIELD_START = 1
const UNQUOTED = 2
const QUOTED = 3
const QUOTE_SEEN = 4
const CR_SEEN = 5
const LEADING_SPACE = 6

/** A table of bytes with 1 at those given: what a field's inside is scanned for. */
function marked(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of bytes) table[byte] = 1
  return table
}

const IN_QUOTES = marked(QUOTE, LF, CR)

type LineEnd = 'LF' | 'CRLF' | 'CR'

export class CsvScanner {
  readonly #delimiter: number
  readonly #ends: Uint8Array
  readonly #hasty: boolean
  readonly #wanted: readonly Wanted[]
  readonly #found: number[] = []
  #next = 0
  #quoteAt = -1
  #crAt = -1
  #pause = 1
  #hopAgain = 1
  #state = RECORD_START
  #record = 0
  #field = 0
  #line = 1
  #recordLine = 1
  #recordBytes = 0
  #longest = 0
  #expected = -1
  #lineEnd: LineEnd | undefined
  #header: Uint8Array[] = []
  #headerBytes = 0
  #headerNames: string[] = []
  readonly #problems: ScanProblem[] = []
  #problemCount = 0

  /**
   * `wanted` in order of record and field. `hasty` counts records and does not count the fields of those without quotes, three times as
   * fast: for what DuckDB reads too, which refuses a record with a field too many.
   */
  constructor(delimiter: string, { wanted = [], hasty = false }: { wanted?: readonly Wanted[]; hasty?: boolean } = {}) {
    this.#hasty = hasty
    this.#delimiter = delimiter.charCodeAt(0)
    this.#ends = marked(this.#delimiter, LF, CR)
    this.#wanted = wanted
  }

  /** Lines of what was wanted, in its order; short where the file ends before. */
  get lines(): readonly number[] {
    return this.#found
  }

  /** Everything wanted is found: the rest of the file need not be read. */
  get satisfied(): boolean {
    return this.#next >= this.#wanted.length
  }

  problem(kind: ScanProblem['kind'], message: string) {
    this.#problemCount++
    if (this.#problems.length < PROBLEMS_KEPT)
      this.#problems.push({ kind, line: this.#line, field: this.#field, message })
  }

  push(chunk: Buffer) {
    const delimiter = this.#delimiter
    const ends = this.#ends
    const inQuotes = IN_QUOTES
    const length = chunk.length
    this.#quoteAt = -1
    this.#crAt = -1
    let state = this.#state
    let start = 0
    let headerStart = 0
    let at = 0
    while (at < length) {
      const byte = chunk[at]
      switch (state) {
        case QUOTED:
          while (at < length && inQuotes[chunk[at] ?? 0] === 0) at++
          if (at === length) continue
          if (chunk[at] === QUOTE) state = QUOTE_SEEN
          else if (chunk[at] === LF || this.#lineEnd === 'CR') this.#line++
          at++
          continue
        case UNQUOTED:
          if (ends[byte ?? 0] === 0) {
            at++
            while (at < length && ends[chunk[at] ?? 0] === 0) at++
            continue
          }
          break
        case QUOTE_SEEN:
          if (byte === QUOTE) {
            state = QUOTED
            at++
            continue
          }
          if (byte !== delimiter && byte !== LF && byte !== CR) {
            this.problem('structure', 'text follows a closing quote')
            state = UNQUOTED
            continue
          }
          break
        case CR_SEEN: {
          const end = byte === LF ? 'CRLF' : 'CR'
          this.#recordBytes += at - start
          start = at
          if (end === 'CRLF') at++
          this.#endRecord(end)
          if (this.#record === 1 && this.#headerNames.length === 0) this.#endHeader(chunk.subarray(headerStart, start))
          headerStart = at
          start = at
          state = RECORD_START
          continue
        }
        case LEADING_SPACE:
          if (byte === SPACE) {
            at++
            continue
          }
          if (byte === QUOTE) this.problem('structure', 'a blank stands between the delimiter and a quote')
          state = UNQUOTED
          continue
        default:
          if (state === RECORD_START && this.#mayHop()) {
            const next = this.#hop(chunk, at)
            // Where quotes are frequent, trying at every record would cost more than it saves.
            this.#pause = next > at ? 1 : Math.min(this.#pause * 2, 64)
            this.#hopAgain = this.#record + this.#pause
            if (next > at) {
              at = next
              start = next
              continue
            }
          }
          if (state === RECORD_START && (byte === LF || byte === CR) && this.#expected !== 1) {
            // An empty line between records is none, except where a record has one field only.
            if (this.#expected === -1)
              this.problem('structure', 'the file begins with an empty line instead of the names')
            this.#blankLine(byte, chunk[at + 1])
            at++
            start = at
            if (this.#expected === -1) headerStart = at
            continue
          }
          if (state === RECORD_START) this.#recordLine = this.#line
          if (this.#next < this.#wanted.length) this.#note()
          if (byte === QUOTE) {
            state = QUOTED
            at++
            continue
          }
          state = byte === SPACE ? LEADING_SPACE : UNQUOTED
          continue
      }
      // Outside quotes, at a delimiter or a line's end.
      at++
      if (byte === delimiter) {
        this.#field++
        state = FIELD_START
      } else if (byte === LF) {
        this.#recordBytes += at - start
        start = at
        this.#endRecord('LF')
        if (this.#record === 1 && this.#headerNames.length === 0) this.#endHeader(chunk.subarray(headerStart, at - 1))
        state = RECORD_START
      } else state = CR_SEEN
    }
    this.#recordBytes += length - start
    if (this.#record === 0) this.#keepHeader(chunk.subarray(headerStart))
    this.#state = state
  }

  end(): CsvScan {
    if (this.#state === QUOTED) {
      this.#line = this.#recordLine
      this.problem('structure', 'the quote that opens in this record is never closed')
    }
    if (this.#state !== RECORD_START) {
      if (this.#state === FIELD_START && this.#next < this.#wanted.length) this.#note()
      this.#endRecord(this.#state === CR_SEEN ? 'CR' : undefined)
      if (this.#record === 1 && this.#headerNames.length === 0) this.#endHeader(new Uint8Array())
    }
    if (this.#record === 0) this.problem('structure', 'the file is empty: not even the names of the columns are there')
    return {
      records: Math.max(0, this.#record - 1),
      header: this.#headerNames,
      longest: this.#longest,
      problems: this.#problems,
      problemCount: this.#problemCount,
    }
  }

  /** Whether whole lines can be skipped here: none is wanted among them, and they are records of more than one field. */
  #mayHop(): boolean {
    if (this.#record < this.#hopAgain || this.#expected < 2 || this.#lineEnd === 'CR') return false
    const wanted = this.#wanted[this.#next]
    return wanted === undefined ? this.#hasty : wanted.record > this.#record
  }

  /** Goes over lines without quotes from `at`; gives where the first other line begins. */
  #hop(chunk: Buffer, at: number): number {
    const crlf = this.#lineEnd === 'CRLF'
    const stop = this.#wanted[this.#next]?.record ?? Number.POSITIVE_INFINITY
    const find = (byte: number, from: number) => {
      const found = chunk.indexOf(byte, from)
      return found === -1 ? chunk.length : found
    }
    while (this.#record < stop) {
      const end = chunk.indexOf(LF, at)
      if (end === -1) return at
      // Remembered over calls: looking for what is not there costs a chunk's length.
      if (this.#quoteAt < at) this.#quoteAt = find(QUOTE, at)
      if (this.#crAt < at) this.#crAt = find(CR, at)
      const textEnd = crlf ? end - 1 : end
      if (this.#quoteAt < end || textEnd <= at || (crlf ? this.#crAt !== textEnd : this.#crAt < end)) return at
      this.#record++
      this.#line++
      if (end + 1 - at > this.#longest) this.#longest = end + 1 - at
      at = end + 1
    }
    return at
  }

  #note() {
    // #record counts the header, so while a data record is open it is that record's number.
    let wanted = this.#wanted[this.#next]
    while (wanted && wanted.record === this.#record && wanted.field === this.#field) {
      this.#found.push(this.#line)
      this.#next++
      wanted = this.#wanted[this.#next]
    }
  }

  #blankLine(byte: number | undefined, following: number | undefined) {
    // The LF of a CRLF counts, its CR does not.
    if (byte === LF || (this.#lineEnd === 'CR' && following !== LF)) this.#line++
  }

  #endRecord(end: LineEnd | undefined) {
    const fields = this.#field + 1
    if (this.#expected === -1) this.#expected = fields
    else if (fields !== this.#expected) {
      this.#field = Math.min(fields, this.#expected) - 1
      this.problem('structure', `the record has ${fields} fields, and the header ${this.#expected}`)
    }
    if (end !== undefined) {
      this.#lineEnd ??= end
      if (this.#lineEnd !== end)
        this.problem('structure', `the line ends with ${end}, the first one with ${this.#lineEnd}`)
      this.#line++
    }
    if (this.#recordBytes > this.#longest) this.#longest = this.#recordBytes
    this.#recordBytes = 0
    this.#field = 0
    this.#record++
  }

  #keepHeader(part: Uint8Array) {
    this.#headerBytes += part.length
    if (this.#headerBytes <= LONGEST_HEADER) this.#header.push(Uint8Array.from(part))
  }

  #endHeader(last: Uint8Array) {
    this.#keepHeader(last)
    this.#headerNames = fieldsOf(Buffer.concat(this.#header).toString('utf8'), String.fromCharCode(this.#delimiter))
    this.#header = []
  }
}
