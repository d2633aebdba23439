import { setTimeout as sleep } from 'node:timers/promises'
import { MunimentError, OperatorError } from '../../errors.ts'

const field = (error: unknown, name: string): unknown =>
  error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined

export const glueErrorName = (error: unknown): string => String(field(error, 'name') ?? '')

const statusOf = (error: unknown): number | undefined =>
  (field(error, '$metadata') as { httpStatusCode?: number } | undefined)?.httpStatusCode

const passing =
  /^(Throttling\w*|TooManyRequests\w*|RequestLimitExceeded|ConcurrentModificationException|ConcurrentRunsExceededException|OperationTimeoutException|InternalServiceException|ServiceUnavailable\w*|TimeoutError)$/
const broken = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR\w*)$/
const denied =
  /^(AccessDenied\w*|UnrecognizedClientException|InvalidSignatureException|MissingAuthentication\w*|ExpiredToken\w*|InvalidClientTokenId|CredentialsProviderError)$/

const mayPass = (error: unknown): boolean => {
  const status = statusOf(error)
  return (
    passing.test(glueErrorName(error)) ||
    broken.test(String(field(error, 'code') ?? '')) ||
    status === 429 ||
    (status !== undefined && status >= 500)
  )
}

export interface Patience {
  /** How often a call is tried. */
  attempts: number
  /** Milliseconds of the first pause at most; each next one may be twice as long, up to `longestPauseMs`. */
  pauseMs: number
  longestPauseMs: number
}

export const usualPatience: Patience = { attempts: 10, pauseMs: 200, longestPauseMs: 10_000 }

/**
 * A call to Glue that may be repeated at will: throttling and faults of the service are waited out. `action` is what IAM calls it. Throws
 * OperatorError; of errors named in `mine` what the SDK threw, for the caller to judge.
 */
export async function askGlue<T>(
  action: string,
  call: () => Promise<T>,
  { attempts, pauseMs, longestPauseMs }: Patience = usualPatience,
  mine: readonly string[] = [],
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (error instanceof MunimentError || mine.includes(glueErrorName(error))) throw error
      if (!mayPass(error) || attempt >= attempts) throw asOperatorError(error, action)
      await sleep(Math.random() * Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1)))
    }
  }
}

function asOperatorError(error: unknown, action: string): OperatorError {
  const name = glueErrorName(error)
  const of = { cause: error, detail: { code: name, action } }
  if (denied.test(name) || statusOf(error) === 403)
    return new OperatorError(
      `AWS refused ${action} (${name}): whoever runs this may not do that, or is not signed in.`,
      of,
    )
  if (mayPass(error))
    return new OperatorError(
      `Glue gave no usable answer to ${action} (${name}), also when asked again. Try again later.`,
      of,
    )
  if (name === 'EntityNotFoundException')
    return new OperatorError(
      `Glue knows no such database, table or crawler (${action}): deploy the application first, or look at MUNIMENT_DATABASE_PREFIX.`,
      of,
    )
  return new OperatorError(`Glue answered ${name || 'an error'} to ${action}.`, of)
}
