/** What Trino says about a statement that it refused or that failed. */
export class TrinoError extends Error {
  override readonly name = 'TrinoError'
  /** `TABLE_NOT_FOUND`, `HIVE_CURSOR_ERROR` ... */
  readonly errorName: string
  /** `USER_ERROR`, `INTERNAL_ERROR`, `INSUFFICIENT_RESOURCES` or `EXTERNAL`. */
  readonly errorType: string

  constructor(errorName: string, errorType: string, message: string) {
    super(message)
    this.errorName = errorName
    this.errorType = errorType
  }
}
