/**
 * Errors say who must act. Every error this code throws on purpose is one of these; whatever else arrives at
 * an entry point is an operator's matter.
 */

export type Actor = 'searcher' | 'author' | 'archivist' | 'operator'

interface ErrorOptionsWithDetail extends ErrorOptions {
  /** Machine-readable particulars, shown as extension members of a problem document. Never personal data. */
  detail?: Record<string, unknown>
}

export class MunimentError extends Error {
  readonly actor: Actor
  readonly detail: Record<string, unknown>

  constructor(name: string, actor: Actor, message: string, options: ErrorOptionsWithDetail = {}) {
    super(message, options)
    this.name = name
    this.actor = actor
    this.detail = options.detail ?? {}
  }
}

/** What the person searching typed cannot be used: a missing, malformed or unknown input (400). */
export class InputError extends MunimentError {
  /** Parameter name to sentence, for the form to show beside the field. */
  readonly fields: Record<string, string>

  constructor(message: string, fields: Record<string, string> = {}, options: ErrorOptionsWithDetail = {}) {
    super('InputError', 'searcher', message, options)
    this.fields = fields
  }
}

/** Absent, or not for this person to see; the two must not be told apart (404). */
export class NotFoundError extends MunimentError {
  constructor(
    message = 'There is nothing at this address, or you may not see it.',
    options: ErrorOptionsWithDetail = {},
  ) {
    super('NotFoundError', 'searcher', message, options)
  }
}

/** A template or a model is wrong: its author must mend it (normally caught by `muniment templates check`). */
export class TemplateError extends MunimentError {
  constructor(message: string, options: ErrorOptionsWithDetail = {}) {
    super('TemplateError', 'author', message, options)
  }
}

/** A delivery cannot be loaded as it is: whoever answers for it must mend it or accept the deviation in the model. */
export class DeliveryError extends MunimentError {
  constructor(message: string, options: ErrorOptionsWithDetail = {}) {
    super('DeliveryError', 'archivist', message, options)
  }
}

/** The machine, the configuration or the data folder is in the way. */
export class OperatorError extends MunimentError {
  constructor(message: string, options: ErrorOptionsWithDetail = {}) {
    super('OperatorError', 'operator', message, options)
  }
}
