import { PLAN_DAYS } from '../plan/preflight-plan.ts'
import { reckoned } from '../schedule/periods.ts'
import type { PrefixName, PrefixSchedules } from './types.ts'

const DAY = 86_400_000
/** Days at least: less would take from under whoever works with it. */
const LEAST: Record<PrefixName, number> = {
  quarantine: 30,
  searches: 30,
  results: 1,
  requests: 365,
  // A plan that may still be approved needs its lists.
  lists: PLAN_DAYS + 1,
}

/** What is wrong with them, as sentences. */
export function checkPrefixes({ prefixes }: PrefixSchedules): string[] {
  return (Object.keys(LEAST) as PrefixName[]).flatMap((name) => {
    const { period } = prefixes[name]
    const { months, days } = reckoned(period)
    return months * 28 + days < LEAST[name]
      ? [`${name}: ${period} is too short; ${LEAST[name]} days are the least.`]
      : []
  })
}

/** The moment before which what was last written is over. */
export function cutoff(period: string, now: Date): Date {
  const { months, days } = reckoned(period)
  const at = new Date(now)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() - months)
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  at.setUTCDate(Math.min(day, last))
  return new Date(at.getTime() - days * DAY)
}
