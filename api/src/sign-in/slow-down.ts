interface SlowDownOptions {
  /** Attempts that cost no wait. */
  free: number
  /** Milliseconds that one waits at most. */
  longestMs: number
  clock: () => Date
}

/** Milliseconds without an attempt after which earlier ones are forgotten. */
const FORGOTTEN_MS = 15 * 60_000
const MOST = 10_000

/** Failed attempts by key: each beyond the free ones doubles the wait until the next is looked at. */
export function slowDown({ free, longestMs, clock }: SlowDownOptions) {
  const counts = new Map<string, { count: number; last: number }>()
  const now = () => clock().getTime()

  const current = (key: string) => {
    const known = counts.get(key)
    return known && now() - known.last < FORGOTTEN_MS ? known : undefined
  }

  return {
    /** Milliseconds until an attempt is looked at; 0 where it is at once. */
    wait(key: string): number {
      const known = current(key)
      if (!known || known.count < free) return 0
      const needed = Math.min(1_000 * 2 ** (known.count - free), longestMs)
      return Math.max(0, known.last + needed - now())
    },
    /** Counted before it is looked at, so that attempts at once do not share one count. */
    attempt(key: string): void {
      const count = (current(key)?.count ?? 0) + 1
      counts.delete(key)
      counts.set(key, { count, last: now() })
      if (counts.size > MOST) for (const oldest of [...counts.keys()].slice(0, MOST / 10)) counts.delete(oldest)
    },
    /** The wait begins with the answer, which takes its time. */
    failed(key: string): void {
      const known = counts.get(key)
      if (known) known.last = now()
    },
    /** It was no guess after all. */
    succeeded(key: string): void {
      counts.delete(key)
    },
  }
}
