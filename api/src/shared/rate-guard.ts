import type { Context, MiddlewareHandler } from 'hono'
import { ProblemError } from '../errors.ts'

const minuteMs = 60_000

interface RateParts {
  clock: () => Date
  /** Requests in a minute. */
  most: number
  /** Whose they are; undefined is not counted. */
  of: (c: Context) => string | undefined
  /** Whose requests are remembered at once; beyond these everybody new shares one count. */
  remembered?: number
}

/** Refuses before any work where one asks more often than a person or a program in order does. Counts are this process's own. */
export function rateGuard({ clock, most, of, remembered = 10_000 }: RateParts): MiddlewareHandler {
  let began = 0
  let counts = new Map<string, number>()
  return async (c, next) => {
    const whose = of(c)
    if (whose === undefined) return next()
    const now = clock().getTime()
    if (now - began >= minuteMs || now < began) {
      began = now
      counts = new Map()
    }
    const key = counts.has(whose) || counts.size < remembered ? whose : ''
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > most) {
      const seconds = Math.ceil((began + minuteMs - now) / 1_000)
      throw tooManyRequests(seconds)
    }
    await next()
  }
}

export function tooManyRequests(seconds: number): ProblemError {
  const headers = { 'Retry-After': String(seconds) }
  return new ProblemError('too-many-requests', `Too many requests. Try again in ${seconds} seconds.`, { headers })
}
