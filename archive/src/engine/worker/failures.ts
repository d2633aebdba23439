import type { Failure } from '../pool/messages.ts'
import * as sentences from '../pool/sentences.ts'

/** A statement refused before it runs, with the place and what was probably meant. */
export class Refused extends Error {
  readonly line: number | undefined
  readonly column: number | undefined
  readonly hint: string | undefined

  constructor(message: string, at: { line?: number; column?: number; hint?: string } = {}) {
    super(message)
    this.name = 'Refused'
    this.line = at.line
    this.column = at.column
    this.hint = at.hint
  }
}

/** Failed in a way that has its own sentence already. */
export class Failed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.name = 'Failed'
    this.failure = failure
  }
}

/** With this our macros begin what they say. */
const ours = 'athena: '
/** How DuckDB tells that a file is not there any more, or not what its footer says. */
const gone = /no such file|no files found|cannot open file|does not exist|magic bytes|footer|parquet file|changed/i

const user = (message: string): Failure => ({ kind: 'user', message, retryable: false })

/**
 * DuckDB's error as a failure. Where a message may quote a stored value (a cast, an overflow) it is replaced: the value could be
 * of a column that the reader may not see, and messages end up in logs.
 */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failed) return error.failure
  if (error instanceof Refused) {
    return {
      kind: 'user',
      message: error.message,
      retryable: false,
      ...(error.line === undefined ? {} : { line: error.line }),
      ...(error.column === undefined ? {} : { column: error.column }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    }
  }
  const text = error instanceof Error ? error.message : String(error)
  const kind = /^(?:[A-Za-z]+Exception: )?([A-Za-z ]+) Error:/.exec(text)?.[1]?.toLowerCase() ?? ''
  const said = text.replace(/^[A-Za-z ]+ Error: */, '').split('\n')[0] ?? text
  switch (kind) {
    case 'out of memory':
      return sentences.outOfMemory()
    case 'interrupt':
      return { kind: 'system', message: 'The search was interrupted.', retryable: true }
    case 'io':
      if (/no space left|disk full|ENOSPC/i.test(text)) return sentences.noSpace()
      return gone.test(text) ? sentences.changed() : sentences.cannotRead()
    case 'invalid input':
      if (said.startsWith(ours)) return user(said.slice(ours.length))
      return gone.test(said) ? sentences.changed() : user(`The query failed: ${said.slice(0, 300)}`)
    case 'conversion':
      return user(
        'A value could not be converted to the type that the query asks for. The template’s author must mend the query, or the value typed does not fit.',
      )
    case 'out of range':
      return user('A calculation in the query left the range of its type. The template’s author must mend the query.')
    case 'parser':
    case 'binder':
    case 'catalog':
    case 'not implemented':
    case 'parameter not resolved':
    case 'parameter not allowed':
    case 'invalid type':
    case 'mismatch type':
      return user(said)
    default:
      return {
        kind: 'system',
        message: `The engine failed (${kind || 'unknown'}). Try again; if it happens again, the operator must look into it.`,
        retryable: true,
      }
  }
}

/** Whatever a statement ran into while it computed, under restrictions: it may have met it in a row that they hide. */
export function doubted(error: unknown): Failure {
  const failure = asFailure(error)
  const ran = failure.kind === 'user' && !(error instanceof Refused || error instanceof Failed)
  return ran ? { ...failure, doubtful: true } : failure
}

/** After these the instance refuses everything else. */
export function isSpent(error: unknown): boolean {
  return error instanceof Error && /^(FATAL|INTERNAL) Error|database has been invalidated/i.test(error.message)
}
