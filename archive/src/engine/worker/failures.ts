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
      return /max_temp_directory_size|temp.* directory|disk/i.test(text) && /offload|swap|exceeded/i.test(text)
        ? sentences.outOfMemory()
        : sentences.outOfMemory()
    case 'interrupt':
      return { kind: 'system', message: 'The search was interrupted.', retryable: true }
    case 'io':
      if (/no space left|disk full|ENOSPC/i.test(text)) return sentences.noSpace()
      return sentences.changed()
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
    case 'invalid input':
    case 'parameter not resolved':
    case 'parameter not allowed':
    case 'invalid type':
    case 'mismatch type':
      return user(kind === 'invalid input' ? athenaMessage(said) : said)
    default:
      return {
        kind: 'system',
        message: `The engine failed (${kind || 'unknown'}). Try again; if it happens again, the operator must look into it.`,
        retryable: true,
      }
  }
}

const athenaMessage = (said: string) =>
  said.startsWith('athena: ') ? said.slice('athena: '.length) : `The query failed: ${said.slice(0, 300)}`

/** After these the instance refuses everything else. */
export function isSpent(error: unknown): boolean {
  return error instanceof Error && /^(FATAL|INTERNAL) Error|database has been invalidated/i.test(error.message)
}
