import type { DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api'
import type { Job } from '../pool/messages.ts'
import * as sentences from '../pool/sentences.ts'
import type { ResultColumn, Row } from '../port.ts'
import type { ApplicationDatabase } from './application-database.ts'
import { Failed, Refused } from './failures.ts'
import { columnType, textOf } from './texts.ts'
import { type Translated, translated } from './translated.ts'
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
  const statement = await translated(database, job, rowLimit + 1)
  await database.stand(statement.tables)
  const prepared = await database.connection.prepare(statement.sql)
  try {
    bindValues(prepared, job.values)
    const result = await prepared.stream()
    const columns = resultColumns(result.columnCount, (index) => ({
      name: result.columnName(index),
      type: columnType(result.columnType(index)),
      found: String(result.columnType(index)),
    }))
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
    const outcome = { columns, rows: kept, more, bytesScanned: scannedBytes(report, statement) }
    const body = batch.length > 0 ? Buffer.from(`[${batch.join(',')}]`) : undefined
    await report.send({ type: 'done', id: job.id, outcome }, body)
  } finally {
    prepared.destroySync()
  }
}

export async function prepare(database: ApplicationDatabase, job: Job, report: Report): Promise<void> {
  const statement = await translated(database, job)
  await database.stand(statement.tables)
  const prepared = await database.connection.prepare(statement.sql)
  try {
    const outcome = { columns: preparedColumns(prepared), rows: 0, more: false, bytesScanned: 0 }
    await report.send({ type: 'done', id: job.id, outcome })
  } finally {
    prepared.destroySync()
  }
}

export const preparedColumns = (prepared: DuckDBPreparedStatement): ResultColumn[] =>
  resultColumns(prepared.columnCount, (index) => ({
    name: prepared.columnName(index),
    type: columnType(prepared.columnType(index)),
    found: String(prepared.columnType(index)),
  }))

/** What was read, or, where the system does not count it, the columns named as a whole: never less than was read. */
export const scannedBytes = (report: Report, statement: Translated) => report.scanned() ?? statement.bytesAtMost

function resultColumns(
  count: number,
  at: (index: number) => { name: string; type: ResultColumn['type'] | undefined; found: string },
): ResultColumn[] {
  return Array.from({ length: count }, (_, index) => {
    const { name, type, found } = at(index)
    if (!type)
      throw new Refused(`The column "${name}" is of type ${found.toLowerCase()}, which a result cannot hold.`, {
        hint: 'array_join makes a text of an array; date_diff makes a number of an interval.',
      })
    return { name, type }
  })
}

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
