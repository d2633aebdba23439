import { MunimentError, OperatorError } from '../../errors.ts'

/** A body ended before it was whole. */
export class TruncatedError extends Error {
  constructor() {
    super('The body of the object ended early.')
    this.name = 'TruncatedError'
  }
}

/**
 * What an error of the SDK means. `refused`: a condition did not hold; `busy`: nothing was done, ask again later; `unsure`: it
 * may have been done or not; `final`: asking again is of no use.
 */
export type Kind = 'absent' | 'noUpload' | 'refused' | 'outOfRange' | 'busy' | 'unsure' | 'final'

const KINDS: Record<string, Kind> = {
  NoSuchKey: 'absent',
  NotFound: 'absent',
  NoSuchVersion: 'absent',
  NoSuchUpload: 'noUpload',
  PreconditionFailed: 'refused',
  InvalidRange: 'outOfRange',
  ConditionalRequestConflict: 'busy',
  OperationAborted: 'busy',
  SlowDown: 'busy',
  RequestTimeTooSkewed: 'busy',
  RequestTimeout: 'unsure',
  InternalError: 'unsure',
  TimeoutError: 'unsure',
  TruncatedError: 'unsure',
}
const STATUSES: Record<number, Kind> = { 412: 'refused', 416: 'outOfRange', 429: 'busy' }
const BROKEN = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EADDRINUSE|UND_ERR\w*)$/

const text = (error: unknown, field: string): string => {
  const value = error instanceof Error ? (error as unknown as Record<string, unknown>)[field] : undefined
  return typeof value === 'string' ? value : ''
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode
}

export function kindOf(error: unknown): Kind {
  if (error instanceof MunimentError) return 'final'
  const named = KINDS[text(error, 'name')] ?? KINDS[text(error, 'Code')]
  if (named) return named
  const status = statusOf(error)
  if (status === undefined)
    return BROKEN.test(text(error, 'code')) || /^(aborted|socket hang up)$/.test(text(error, 'message'))
      ? 'unsure'
      : 'final'
  // A reply that began well and could not be read to its end is no reply.
  if (status >= 500 || (status >= 200 && status < 300)) return 'unsure'
  return STATUSES[status] ?? 'final'
}

const DENIED = 'AccessDenied Forbidden AllAccessDisabled AccountProblem KMS.DisabledException KMS.NotFoundException'
const CREDENTIALS =
  'InvalidAccessKeyId SignatureDoesNotMatch ExpiredToken ExpiredTokenException InvalidToken TokenRefreshRequired CredentialsProviderError'
const REGION = 'PermanentRedirect AuthorizationHeaderMalformed IllegalLocationConstraintException'

/** What was asked of which bucket; `action` as IAM names it. */
export interface Asked {
  action: string
  bucket: string
}

function sentenceOf(error: unknown, code: string, { action, bucket }: Asked): string {
  const is = (list: string) => list.split(' ').includes(code)
  if (is(DENIED) || statusOf(error) === 403) {
    if (code === 'InvalidObjectState')
      return `An object in the bucket ${bucket} is in a storage class from which it must be restored before it can be read.`
    if (!is(CREDENTIALS) && code !== 'RequestTimeTooSkewed')
      return `AWS refused ${action} in the bucket ${bucket}: the role of this process may not do that, may not use the bucket's key, or lacks s3:ListBucket, without which S3 refuses to say that an object is not there.`
  }
  if (code === 'NoSuchBucket') return `There is no bucket ${bucket}, or it belongs to another account.`
  if (is(CREDENTIALS)) return `AWS does not take the credentials of this process (${code}); ${action} was not done.`
  if (is(REGION) || statusOf(error) === 301)
    return `The bucket ${bucket} is in another region than the one that is set.`
  if (code === 'RequestTimeTooSkewed') return `The clock of this machine is wrong: AWS refused ${action} because of it.`
  if (kindOf(error) === 'busy')
    return `S3 was too busy for ${action} in the bucket ${bucket} (${code}), also when asked again. Try again later.`
  if (kindOf(error) === 'unsure')
    return `S3 gave no usable answer to ${action} in the bucket ${bucket} (${code}), also when asked again.`
  return `S3 answered ${code} to ${action} in the bucket ${bucket}.`
}

/** What S3 says as a sentence for the operator, without the key; errors of our own pass. */
export function s3Error(error: unknown, asked: Asked, unknownOutcome = ''): MunimentError {
  if (error instanceof MunimentError) return error
  const code = [text(error, 'code'), text(error, 'Code'), text(error, 'name')].find((one) => one !== '') ?? 'an error'
  const named = text(error, 'name') === 'Error' || statusOf(error) === undefined ? code : text(error, 'name')
  const sentence = sentenceOf(error, named, asked)
  const tail = unknownOutcome && kindOf(error) === 'unsure' ? ` ${unknownOutcome}` : ''
  return new OperatorError(`${sentence}${tail}`, { cause: error, detail: { code: named, action: asked.action } })
}
