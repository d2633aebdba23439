import { MunimentError } from '@muniment/archive/errors'

/** Kinds of problem with their HTTP status and title; the kind is the last part of a problem's `type`. */
export const problemKinds = {
  'invalid-request': [400, 'The request cannot be read'],
  'invalid-input': [400, 'Something typed cannot be used'],
  'not-signed-in': [401, 'Nobody is signed in'],
  refused: [403, 'The request was refused'],
  masked: [403, 'Chosen by what is masked'],
  'not-found': [404, 'Not found'],
  'no-such-page': [404, 'There is no such page'],
  'method-not-allowed': [405, 'This cannot be done here'],
  'not-acceptable': [406, 'No such form of answer'],
  'not-finished': [409, 'Not finished yet'],
  'out-of-order': [409, 'Not in the state for this'],
  'not-loaded': [409, 'Nothing has been loaded yet'],
  cancelled: [409, 'Cancelled'],
  'no-longer-kept': [410, 'No longer kept'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'Not JSON'],
  misdirected: [421, 'Wrong address'],
  'query-failed': [422, 'The query could not be carried out'],
  'over-limit': [422, 'More than one search may take'],
  'over-budget': [422, 'More than this search may read'],
  'over-limit-person': [429, 'More than one person may take'],
  'too-many-requests': [429, 'Too many requests at once'],
  'template-fault': [500, 'A template has a fault'],
  failed: [500, 'Something failed here'],
  interrupted: [503, 'Interrupted'],
  'not-begun': [503, 'Not set up yet'],
  'log-unavailable': [503, 'The log cannot be written'],
  changed: [503, 'The records changed meanwhile'],
} as const satisfies Record<string, readonly [status: number, title: string]>
export type ProblemKind = keyof typeof problemKinds

/** An answer that is no result: thrown anywhere below a route, sent as a problem document. */
export class ProblemError extends MunimentError {
  readonly kind: ProblemKind
  readonly fields: Record<string, string> | undefined
  readonly headers: Record<string, string>
  /** Error id under which the log has the particulars. */
  readonly instance: string | undefined

  constructor(kind: ProblemKind, message: string, options: ProblemOptions = {}) {
    super('ProblemError', 'searcher', message, options)
    this.kind = kind
    this.fields = options.fields
    this.headers = options.headers ?? {}
    this.instance = options.instance
  }
}

interface ProblemOptions extends ErrorOptions {
  /** Parameter name to sentence. */
  fields?: Record<string, string> | undefined
  headers?: Record<string, string>
  instance?: string | undefined
}

/** The kind that a problem document's type names; `failed` for a type that is not ours. */
export function kindOf(problem: { type: string }): ProblemKind {
  const name = problem.type.slice(problem.type.lastIndexOf(':') + 1)
  return name in problemKinds ? (name as ProblemKind) : 'failed'
}
