import { rateExceeded } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { tokenBucket } from './token-bucket.ts'

const starting = new Set(['StartQueryExecution', 'StopQueryExecution'])
const getting = new Set(['GetQueryExecution', 'GetQueryResults'])

/** One bucket an operation, as the service counts. Throws ThrottlingException. */
export function createThrottle(settings: Settings, now: () => number): (operation: string) => void {
  const buckets = new Map<string, () => boolean>()
  const limitsOf = (operation: string) => () => {
    if (starting.has(operation)) return { rate: settings.startRate, burst: settings.startBurst }
    if (getting.has(operation)) return { rate: settings.getRate, burst: settings.getBurst }
    return { rate: settings.otherRate, burst: settings.otherBurst }
  }
  return (operation) => {
    const take = buckets.get(operation) ?? tokenBucket(limitsOf(operation), now)
    buckets.set(operation, take)
    if (!take()) throw rateExceeded()
  }
}
