import { type AthenaClient, type ColumnInfo, GetQueryResultsCommand } from '@aws-sdk/client-athena'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { TruncatedError } from '../../../store/s3/s3-errors.ts'
import type { Row } from '../../port.ts'
import { canonical } from './canonical.ts'
import { readCsv } from './csv-reader.ts'

/** What the result's columns are called and of which types. */
export async function resultColumns(athena: AthenaClient, id: string, abortSignal: AbortSignal): Promise<ColumnInfo[]> {
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1 }), {
    abortSignal,
  })
  return ResultSet?.ResultSetMetadata?.ColumnInfo ?? []
}

/** Rows of a SELECT's result object as canonical text. Throws where it is not whole. */
export async function* resultRows(
  s3: S3Client,
  location: string,
  columns: readonly ColumnInfo[],
  abortSignal: AbortSignal,
): AsyncGenerator<Row[]> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? []
  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key }), { abortSignal })
  if (!Body) throw new Error('The result object has no body.')
  const writers = columns.map(canonical)
  let header = true
  for await (const rows of readCsv(whole(Body as AsyncIterable<Uint8Array>, ContentLength))) {
    abortSignal.throwIfAborted()
    const records = header ? rows.slice(1) : rows
    header = false
    for (const row of records) {
      if (row.length !== columns.length)
        throw new Error('A row of the result has not as many values as there are columns.')
      for (const [index, write] of writers.entries()) {
        const text = row[index]
        if (text !== null && text !== undefined) row[index] = write(text)
      }
    }
    if (records.length > 0) yield records
  }
  if (header) throw new Error('The result object is empty.')
}

async function* whole(body: AsyncIterable<Uint8Array>, length: number | undefined): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    yield chunk
  }
  if (length !== undefined && bytes !== length) throw new TruncatedError()
}
