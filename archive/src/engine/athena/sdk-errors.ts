import type { Failure } from '../pool/messages.ts'
import { busy, noAccess, noAnswer, textTooLong } from './sentences.ts'

const field = (error: unknown, name: string): unknown =>
  error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined
const nameOf = (error: unknown): string => String(field(error, 'name') ?? '')
const statusOf = (error: unknown): number | undefined =>
  (field(error, '$metadata') as { httpStatusCode?: number } | undefined)?.httpStatusCode

const throttled = /^(Throttling\w*|TooManyRequests\w*|RequestLimitExceeded|LimitExceededException|SlowDown)$/
const denied =
  /^(AccessDenied\w*|Forbidden|UnrecognizedClientException|InvalidSignatureException|MissingAuthentication\w*|ExpiredToken\w*|InvalidAccessKeyId|SignatureDoesNotMatch|CredentialsProviderError)$/
const broken = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR\w*)$/

/** Asked too often, or too much at once: nothing was done, ask again later. */
export const isThrottled = (error: unknown): boolean => throttled.test(nameOf(error)) || statusOf(error) === 429

/** The same call may succeed, and whether it was carried out is not known. */
export const mayPass = (error: unknown): boolean => {
  const status = statusOf(error)
  return (
    /^(TimeoutError|TruncatedError)$/.test(nameOf(error)) ||
    broken.test(String(field(error, 'code') ?? '')) ||
    (status !== undefined && status >= 500) ||
    field(error, 'message') === 'socket hang up'
  )
}

export const isDenied = (error: unknown): boolean => denied.test(nameOf(error)) || statusOf(error) === 403

export const isNotFound = (error: unknown): boolean =>
  nameOf(error) === 'InvalidRequestException' && /not found|was not found|Invalid QueryExecutionId/i.test(said(error))

/** The token was used before for another text. */
export const isOtherText = (error: unknown): boolean =>
  nameOf(error) === 'InvalidRequestException' && /idempoten/i.test(said(error))

const said = (error: unknown): string => String(field(error, 'message') ?? '')

/** Of a call that was refused for good; what AWS said stays out of it, since it may quote values. */
export function asRefusal(error: unknown, action: string): Failure {
  if (isThrottled(error)) return busy()
  if (isDenied(error)) return noAccess(action)
  if (mayPass(error)) return noAnswer(action)
  const code = String(field(error, 'AthenaErrorCode') ?? nameOf(error))
  if (/queryString.*length|length less than/i.test(said(error))) return textTooLong()
  if (nameOf(error) !== 'InvalidRequestException')
    return {
      kind: 'system',
      message: `AWS answered ${code || 'an error'} to ${action}. The operator must look into it.`,
      retryable: false,
    }
  const place = /line (\d+):(\d+)/.exec(said(error))?.[0]
  if (place !== undefined || /MALFORMED_QUERY|SYNTAX/.test(code))
    return {
      kind: 'user',
      message: `Athena does not take the query${place ? ` (${place})` : ''}. The template’s author must mend it.`,
      retryable: false,
    }
  return {
    kind: 'system',
    message: `Athena refused ${action}: the workgroup, its place for results or the query’s values are not as it takes them. The operator must look into it.`,
    retryable: false,
  }
}
