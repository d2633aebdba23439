import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { tooManyRequests } from './rate-guard.ts'
import type { AppEnv } from './router.ts'

const minuteMs = 60_000

interface AddressLimitParts {
  clock: () => Date
  /** Requests in a minute. */
  most: number
  /** Addresses that are remembered at once; beyond these all new ones share one count. */
  remembered?: number
}

export interface AddressLimit {
  /** Counts a request; gives the seconds to wait where that is one too many. */
  take(address: string): number | undefined
  /** What was counted turned out to be somebody's who is signed in. */
  giveBack(address: string): void
}

/** Requests that nobody answers for, by the address that they come from, in this process. */
export function createAddressLimit({ clock, most, remembered = 10_000 }: AddressLimitParts): AddressLimit {
  let began = 0
  let counts = new Map<string, number>()

  const keyOf = (address: string): string => {
    const group = groupOf(address)
    return counts.has(group) || counts.size < remembered ? group : ''
  }

  return {
    take(address) {
      const now = clock().getTime()
      if (now - began >= minuteMs || now < began) {
        began = now
        counts = new Map()
      }
      const key = keyOf(address)
      const count = (counts.get(key) ?? 0) + 1
      if (count > most) return Math.max(1, Math.ceil((began + minuteMs - now) / 1_000))
      counts.set(key, count)
      return undefined
    },
    giveBack(address) {
      const key = keyOf(address)
      const count = counts.get(key)
      if (count !== undefined && count > 0) counts.set(key, count - 1)
    },
  }
}

/** One who has an IPv6 address has 2^64 of them. */
function groupOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const parts = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${parts
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

interface AddressGuardParts {
  limit: AddressLimit
  /** Where a request comes from; undefined is not counted. */
  addressOf: (c: Context) => string | undefined
  /** Tokens that are remembered as good, so that who is signed in goes on while others flood from the same address. */
  known?: number
}

/**
 * Refuses before any work, the checking of a token included, where too much comes from an address for which nobody answers. A token that
 * was good a moment ago is let through to be checked; what turns out to be somebody's is not counted.
 */
export function addressGuard({ limit, addressOf, known = 10_000 }: AddressGuardParts): MiddlewareHandler<AppEnv> {
  const good = new Set<string>()
  return async (c, next) => {
    const address = addressOf(c)
    if (address === undefined) return next()
    const token = c.req.header('authorization')
    const mark = token === undefined ? undefined : createHash('sha256').update(token).digest('base64')
    const wasGood = mark !== undefined && good.has(mark)
    if (!wasGood) {
      const seconds = limit.take(address)
      if (seconds !== undefined) throw tooManyRequests(seconds)
    }
    await next()
    const isSomebody = c.get('person') !== undefined
    if (isSomebody && !wasGood) limit.giveBack(address)
    if (mark === undefined || isSomebody === wasGood) return
    if (!isSomebody) good.delete(mark)
    else {
      if (good.size >= known) for (const oldest of [...good].slice(0, Math.ceil(known / 10))) good.delete(oldest)
      good.add(mark)
    }
  }
}
