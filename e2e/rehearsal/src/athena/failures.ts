import type { AthenaError } from '@aws-sdk/client-athena'
import { TrinoError } from '../trino/errors.ts'

/** A query that ended in no result: the state it goes to, and what is told about it. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure'
  readonly state: 'FAILED' | 'CANCELLED'
  readonly error: AthenaError | undefined

  constructor(reason: string, error?: AthenaError, state: 'FAILED' | 'CANCELLED' = 'FAILED') {
    super(reason)
    this.state = state
    this.error = error
  }
}

const athenaError = (category: 1 | 2 | 3, type: number, retryable: boolean, message: string): AthenaError => ({
  ErrorCategory: category,
  ErrorType: type,
  Retryable: retryable,
  ErrorMessage: message,
})

// "Error type reference" of the user guide; which of Trino's names gets which number is not documented: a best guess.
const types: Record<string, number> = {
  SYNTAX_ERROR: 1006,
  TABLE_NOT_FOUND: 1110,
  COLUMN_NOT_FOUND: 1004,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
  TYPE_MISMATCH: 1004,
  NOT_SUPPORTED: 1200,
  INVALID_TABLE_PROPERTY: 1103,
  INVALID_FUNCTION_ARGUMENT: 1106,
  INVALID_VIEW: 1107,
  HIVE_CURSOR_ERROR: 1001,
  HIVE_BAD_DATA: 1001,
  HIVE_FILESYSTEM_ERROR: 1001,
  HIVE_CANNOT_OPEN_SPLIT: 1001,
  HIVE_METASTORE_ERROR: 204,
  EXCEEDED_TIME_LIMIT: 210,
}

/** What an object that was replaced or removed under the query gives: gone with the next try. */
const passing = new Set(['HIVE_CURSOR_ERROR', 'HIVE_FILESYSTEM_ERROR', 'HIVE_CANNOT_OPEN_SPLIT'])

/** What the service says when its engine refused or failed a statement. */
export function failureOf(error: unknown): QueryFailure {
  if (error instanceof QueryFailure) return error
  if (!(error instanceof TrinoError)) {
    const message = error instanceof Error ? error.message : String(error)
    return new QueryFailure(message, athenaError(1, 100, true, 'Internal service error'))
  }
  const reason = `${error.errorName}: ${error.message}`
  if (error.errorType === 'USER_ERROR') {
    return new QueryFailure(reason, athenaError(2, types[error.errorName] ?? 1000, false, reason))
  }
  if (error.errorType === 'INSUFFICIENT_RESOURCES') {
    const words = 'Query exhausted resources at this scale factor'
    return new QueryFailure(words, athenaError(2, 0, true, words))
  }
  const category = error.errorType === 'EXTERNAL' ? 2 : 1
  const retryable = category === 1 || passing.has(error.errorName)
  return new QueryFailure(reason, athenaError(category, types[error.errorName] ?? 200, retryable, reason))
}

export const cutOff = () =>
  new QueryFailure(
    'Query cancelled! : Bytes scanned limit was exceeded',
    athenaError(2, 1008, false, 'Bytes scanned limit was exceeded'),
    'CANCELLED',
  )

export const stopped = () =>
  new QueryFailure('Query cancelled by user', athenaError(2, 1011, false, 'Query cancelled by user'), 'CANCELLED')

export const timedOut = () => new QueryFailure('Query timeout', athenaError(2, 210, false, 'Query timed out'))

export const pathExists = (location: string, id: string) => {
  const reason =
    `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${id}' already exists: ${location}. You may need to manually ` +
    `clean the data at location '${location}' before retrying. Athena will not delete data in your account.`
  return new QueryFailure(reason, athenaError(2, 1001, false, reason))
}

export const refused = (reason: string, type = 1100) => new QueryFailure(reason, athenaError(2, type, false, reason))
