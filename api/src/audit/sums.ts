import type { Actor, AuditLog } from '@muniment/archive/audit/port'
import type { Logger } from 'pino'
import { logFault, newIncident } from '../shared/problem.ts'

const minuteMs = 60_000
/** Of one person in a minute; what comes after them is told in sum. */
export const mostEach = 60
/** Persons who are counted one by one; more than these are there only in an attack, and then together. */
const mostPersons = 10_000

interface SumsParts {
  audit: AuditLog
  log: Logger
  clock: () => Date
  atEnd?: (write: () => Promise<void>) => void
}

interface Sum {
  actor: Actor
  counts: Record<string, number>
  /** Of these so many stand in the log each. */
  noted: number
}

/** Refusals of a minute, counted, and written down in sum when it is over. */
export function createSums({ audit, log, clock, atEnd }: SumsParts) {
  let since = 0
  let sums = new Map<string, Sum>()
  let timer: NodeJS.Timeout | undefined
  atEnd?.(flush)

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const ended = sums
    const from = new Date(since).toISOString()
    sums = new Map()
    since = 0
    for (const { actor, counts, noted } of ended.values()) {
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
      if (total <= noted) continue
      const detail = { ...counts, total, since: from }
      await audit
        .note({ action: 'refusal', actor, subject: { what: 'in sum' } }, { outcome: 'refused', detail })
        .catch((error: unknown) => logFault(log, newIncident(), error, { refusals: total }))
    }
  }

  return {
    /** How often in this minute; `single`: the first of them stand in the log each. */
    count(actor: Actor, what: string, single = true): number {
      const now = clock().getTime()
      if (since > 0 && now - since >= minuteMs) void flush()
      if (since === 0) {
        since = now
        timer = setTimeout(() => void flush(), minuteMs).unref()
      }
      const key = sums.has(actor.id) || sums.size < mostPersons ? actor.id : ''
      const sum = sums.get(key) ?? { actor, counts: {}, noted: 0 }
      sums.set(key, sum)
      const count = (sum.counts[what] ?? 0) + 1
      sum.counts[what] = count
      if (single && count <= mostEach) sum.noted = count
      return count
    },
  }
}
