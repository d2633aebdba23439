import { MunimentError } from '../errors.ts'

/** A conditional write lost: the object exists already, or is not the one that was read. Read again, then decide. */
export class ConflictError extends MunimentError {
  readonly key: string

  constructor(key: string, message: string, options: ErrorOptions = {}) {
    super('ConflictError', 'operator', message, options)
    this.key = key
  }
}
