import type { AthenaError } from '@aws-sdk/client-athena'
import { InputError, MunimentError, TemplateError } from '../../errors.ts'
import type { Failure } from '../pool/messages.ts'
import { cannotBegin, changed, noSpace } from '../pool/sentences.ts'
import { Failed, Refused } from '../worker/failures.ts'
import { absentInAthena, athenaFailed, cutOff, exhausted, noAccess } from './sentences.ts'

/** What Athena says of a query that it ended. */
export interface Ended {
  state: 'FAILED' | 'CANCELLED'
  reason: string
  error?: AthenaError | undefined
}

const forbidden =
  /access denied|permission_denied|not authorized|AccessDenied|status code: 403|insufficient (lake formation )?permission/i
/** How Athena says that an object is not the one that it had listed. */
const replaced =
  /^(HIVE_CURSOR_ERROR|HIVE_FILESYSTEM_ERROR|HIVE_CANNOT_OPEN_SPLIT|HIVE_MISSING_DATA|HIVE_BAD_DATA)|incorrect file ?size|NoSuchKey|specified key does not exist|PreconditionFailed|status code: (404|412)/i
/** The footer was one object's and the data another's. */
const mixed = /parquet|PageHeader|malformed|corrupt|decompress|snappy|zstd|EOFException|end of (file|stream|input)/i
const noResources =
  /^(EXCEEDED_\w*MEMORY\w*|EXCEEDED_\w+|CLUSTER_OUT_OF_MEMORY|QUERY_TIMEOUT)|exhausted resources|query timeout|timed out/i
/** Said before any record is read: names and types, and no values. */
const ofTheText =
  /^(COLUMN_NOT_FOUND|FUNCTION_NOT_FOUND|TYPE_MISMATCH|AMBIGUOUS_NAME|EXPRESSION_NOT_\w+|MISSING_\w+|NOT_SUPPORTED|DUPLICATE_\w+|MISMATCHED_COLUMN_ALIASES|COLUMN_TYPE_UNKNOWN|NESTED_\w+)$/
const notInGlue =
  /^(TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|HIVE_METASTORE_ERROR|HIVE_PARTITION_SCHEMA_MISMATCH)$/
const ofValues: Record<string, string> = {
  DIVISION_BY_ZERO: 'Division by zero.',
  INVALID_CAST_ARGUMENT:
    'A value could not be converted to the type that the query asks for. The template’s author must mend the query, or the value typed does not fit.',
  INVALID_LITERAL: 'A value that was typed is none of its type.',
  NUMERIC_VALUE_OUT_OF_RANGE:
    'A calculation in the query left the range of its type. The template’s author must mend the query.',
}

const user = (message: string): Failure => ({ kind: 'user', message, retryable: false })

/**
 * Athena's failure as one of ours; 'cancelled' where somebody stopped the query. Where its text may quote a stored value or one that was
 * typed it is replaced: messages end up in logs. `doubtful`: met while it computed, perhaps in a row that restrictions hide.
 */
export function failureOf({ state, reason, error }: Ended): Failure | 'cancelled' {
  const code = /^([A-Z][A-Z_]+)\b/.exec(reason)?.[1] ?? ''
  if (/bytes scanned limit/i.test(reason)) return cutOff()
  if (state === 'CANCELLED') return 'cancelled'
  if (forbidden.test(reason)) return noAccess('the query')
  if (replaced.test(reason) || (/^(GENERIC_INTERNAL_ERROR|HIVE_\w+|PARQUET_\w+)$/.test(code) && mixed.test(reason)))
    return changed()
  if (noResources.test(reason)) return exhausted()
  if (notInGlue.test(code)) return absentInAthena()
  if (ofTheText.test(code)) return user(`The query failed: ${reason.split('\n')[0]?.slice(0, 300) ?? code}`)
  const place = /line (\d+):(\d+)/.exec(reason)?.[0]
  if (code === 'SYNTAX_ERROR')
    return user(`Athena does not take the query${place ? ` (${place})` : ''}. The template’s author must mend it.`)
  const known = ofValues[code]
  if (known !== undefined) return { ...user(known), doubtful: true }
  if (error?.ErrorCategory === 2 && !/^(HIVE|GENERIC_INTERNAL|ICEBERG)_/.test(code) && code !== '')
    return {
      ...user(`The query failed (${code}). The template’s author must mend it, or a value typed does not fit.`),
      doubtful: true,
    }
  return athenaFailed(code || 'unknown')
}

/** Of what stops a statement here. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failed) return error.failure
  if (error instanceof Refused) return user(error.message)
  if (error instanceof MunimentError) {
    const kind = error instanceof TemplateError || error instanceof InputError ? 'user' : 'system'
    return { kind, message: error.message, retryable: false }
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return noSpace()
  return cannotBegin()
}
