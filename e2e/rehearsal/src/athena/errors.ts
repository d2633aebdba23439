/** An answer that refuses, as the API model names it. The caller acts. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly status: number
  /** Further members of the error's shape: AthenaErrorCode, Reason. */
  readonly members: Record<string, string>

  constructor(code: string, message: string, members: Record<string, string> = {}, status = 400) {
    super(message)
    this.code = code
    this.members = members
    this.status = status
  }
}

export const invalid = (message: string, athenaErrorCode = 'INVALID_INPUT') =>
  new ServiceError('InvalidRequestException', message, { AthenaErrorCode: athenaErrorCode })

export const notFound = (message: string, resourceName: string) =>
  new ServiceError('ResourceNotFoundException', message, { ResourceName: resourceName })

export const rateExceeded = () => new ServiceError('ThrottlingException', 'Rate exceeded')

export const tooManyActive = () =>
  new ServiceError(
    'TooManyRequestsException',
    'You have exceeded the limit for the number of queries you can run concurrently. Reduce the number of concurrent ' +
      'queries submitted by this account. Contact customer support to request a concurrent query limit increase.',
    { Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' },
  )
