import { MunimentError } from '../errors.ts'

/** Nobody can be told from anybody else now: the provider's keys cannot be had, and none are known. */
export class IdentityUnavailableError extends MunimentError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('IdentityUnavailableError', 'operator', message, options)
  }
}
