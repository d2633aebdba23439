import { MunimentError } from '../errors.ts'

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
