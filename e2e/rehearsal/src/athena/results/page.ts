import type { GetQueryResultsOutput, Row } from '@aws-sdk/client-athena'
import { invalid } from '../errors.ts'
import type { Execution } from '../execution.ts'
import type { Paging } from '../operations/paging.ts'
import { parseS3, type ResultStore } from '../result-store.ts'
import { parseCsv, parseLines } from './csv.ts'

const mostRows = 1000

/**
 * One page of a result, read from its object in S3 from the byte on that the token names: a result that somebody
 * removed is gone for this operation too, as it is with the service. The header counts as a row.
 */
export async function readPage(
  store: ResultStore,
  execution: Execution,
  { MaxResults: wanted = mostRows, NextToken: token }: Paging,
): Promise<GetQueryResultsOutput> {
  if (wanted < 1 || wanted > mostRows) throw invalid(`MaxResults is more than maximum allowed length ${mostRows}.`)
  const metadata = { ColumnInfo: [...execution.columns] }
  const { kind } = execution.statement
  const update = { UpdateCount: execution.updateCount ?? 0 }
  if (kind === 'insert' || kind === 'ctas' || kind === 'unload') {
    return { ...update, ResultSet: { Rows: [], ResultSetMetadata: metadata } }
  }

  const from = token === undefined ? 0 : offsetOf(token, execution.id)
  const location = parseS3(execution.outputLocation)
  const bytes = location && (await store.read(location, from))
  if (!bytes) throw invalid('Could not find results')

  const rows: Row[] = []
  let end = from
  let more = false
  for await (const row of kind === 'select' ? parseCsv(bytes, from) : parseLines(bytes, from)) {
    if (rows.length === wanted) {
      more = true
      break
    }
    rows.push({ Data: row.fields.map((field) => (field === null ? {} : { VarCharValue: field })) })
    end = row.end
  }
  return {
    ...update,
    ResultSet: { Rows: rows, ResultSetMetadata: metadata },
    ...(more ? { NextToken: tokenOf(end, execution.id) } : {}),
  }
}

const tokenOf = (offset: number, id: string) => Buffer.from(`${offset} ${id}`).toString('base64url')

function offsetOf(token: string, id: string): number {
  const [offset, of] = Buffer.from(token, 'base64url').toString().split(' ')
  if (of !== id || !/^\d+$/.test(offset ?? '')) throw invalid('Invalid NextToken')
  return Number(offset)
}
