import { MunimentError } from '../errors.ts'

/** A time stamp (RFC 3161) cannot be had from its authority, or is none of what it should be. */
export class TimeStampError extends MunimentError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('TimeStampError', 'operator', message, options)
  }
}

/** A file of the log is not what was written. `file` is its key, `entry` the number in the tree where one is known. */
export class LogDamageError extends MunimentError {
  readonly file: string
  readonly entry: number | undefined

  constructor(file: string, message: string, entry?: number, options: ErrorOptions = {}) {
    super('LogDamageError', 'operator', `${file}: ${message}`, options)
    this.file = file
    this.entry = entry
  }
}
