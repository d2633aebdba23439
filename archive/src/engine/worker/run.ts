import type { DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api'
import type { ColumnType } from '../../model/types.ts'
import type { Job } from '../pool/messages.ts'
import * as sentences from '../pool/sentences.ts'
import type { ResultColumn, Row } from '../port.ts'
import type { ApplicationDatabase } from './application-database.ts'
import './byte-order-marks.ts'
import { Failed, Refused } from './failures.ts'
import { columnType, textOf } from './texts.ts'
import { mustRun, type Translated, translated } from './translated.ts'
import { bindValues } from './values.ts'
import type { Send } from './worker.ts'

export interface Report {
  send: Send
  /** Bytes read since the job began; undefined where the system does not count them. */
  scanned(): number | undefined
}

/** Bytes of text after which rows are sent on. */
const batchBytes = 512 * 1024

export async function runRows(
  database: ApplicationDatabase,
  job: Job & { work: { kind: 'rows' } },
  report: Report,
): Promise<void> {
  const { rowLimit, byteLimit } = job.work
  const statement = await mustRun(database, job, rowLimit + 1)
  await database.stand(statement)
  const prepared = database.statements.take(statement) ?? (await database.connection.prepare(statement.sql))
  let whole = false
  try {
    bindValues(prepared, job.values)
    const result = await prepared.stream()
    const columns = resultColumns(statement, result)
    let kept = 0
    let more = false
    let total = 0
    let batch: string[] = []
    let bytes = 0
    for await (const rows of rowsOf(result)) {
      for (const row of rows) {
        if (kept === rowLimit) {
          more = true
          break
        }
        kept++
        const text = JSON.stringify(row)
        bytes += text.length
        batch.push(text)
      }
      if (bytes >= batchBytes) {
        total += bytes
        if (total > byteLimit) throw new Failed(sentences.tooLarge(byteLimit))
        await report.send({ type: 'rows', id: job.id }, Buffer.from(`[${batch.join(',')}]`))
        batch = []
        bytes = 0
      }
      if (more) break
    }
    whole = !more
    const outcome = { columns, rows: kept, more, bytesScanned: scannedBytes(report, statement) }
    const body = batch.length > 0 ? Buffer.from(`[${batch.join(',')}]`) : undefined
    await report.send({ type: 'done', id: job.id, outcome }, body)
  } finally {
    // What was interrupted, or is in the middle of its rows, is not run again.
    if (whole) database.statements.keep(statement, prepared)
    else prepared.destroySync()
  }
}

export async function prepare(database: ApplicationDatabase, job: Job, report: Report): Promise<void> {
  const statement = await translated(database, job)
  await database.stand(statement)
  const prepared = await database.connection.prepare(statement.sql)
  try {
    const outcome = { columns: resultColumns(statement, prepared), rows: 0, more: false, bytesScanned: 0 }
    await report.send({ type: 'done', id: job.id, outcome })
  } finally {
    prepared.destroySync()
  }
}

/** What it would read, of a statement that is not run. */
export async function tellReading(database: ApplicationDatabase, job: Job, report: Report): Promise<void> {
  const { reading } = await translated(database, job)
  const outcome = { columns: [], rows: 0, more: false, reading, bytesScanned: 0 }
  await report.send({ type: 'done', id: job.id, outcome })
}

/** What was read, or, where the system does not count it, the columns named as a whole: never less than was read. */
export const scannedBytes = (report: Report, statement: Translated) => report.scanned() ?? statement.bytesAtMost

/** Names and types of a result; the type is Athena's where it is known, since DuckDB's decimals have other precisions. */
export function resultColumns(statement: Translated, of: DuckDBResult | DuckDBPreparedStatement): ResultColumn[] {
  return Array.from({ length: of.columnCount }, (_, index) => {
    const name = of.columnName(index)
    const found = columnType(of.columnType(index))
    if (!found)
      throw new Refused(
        `The column "${name}" is of type ${String(of.columnType(index)).toLowerCase()}, which a result cannot hold.`,
        { hint: 'array_join makes a text of an array; date_diff makes a number of an interval.' },
      )
    const wanted = statement.types[index]
    const type = wanted !== undefined && kind(wanted) === kind(found) ? wanted : found
    return { name, type, ...statement.marks[index] }
  })
}

/** What decides how a value is written: a decimal's scale, but not its precision. */
const kind = (type: ColumnType) => type.replace(/\(\d+,/, '(')

async function* rowsOf(result: DuckDBResult): AsyncIterable<Row[]> {
  const writers = Array.from({ length: result.columnCount }, (_, index) => textOf(result.columnType(index)))
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    const rows: Row[] = Array.from({ length: chunk.rowCount }, () =>
      new Array<string | null>(writers.length).fill(null),
    )
    writers.forEach((write, column) => {
      const vector = chunk.getColumnVector(column)
      for (let index = 0; index < rows.length; index++) {
        const row = rows[index]
        if (row) row[column] = write(vector.getItem(index))
      }
    })
    yield rows
  }
}
