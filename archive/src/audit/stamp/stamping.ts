import type { TimeStamp } from './check.ts'
import { type StampOptions, stampCheckpoint } from './stamp-checkpoint.ts'

export interface StampingOptions extends StampOptions {
  /** Seconds from one time stamp to the next at least. */
  every?: number
  onStamped?: (stamp: TimeStamp, seal: number) => void
  /** The sealer is not told: it goes on. */
  onError: (error: unknown) => void
}

/** Seconds until another try where one failed; twice that the next time, and so on up to `every`. */
const AGAIN = 60
/** Milliseconds that whoever stops the server waits at most. */
const LAST = 5000

export type Stamping = ReturnType<typeof createStamping>

/** Has now and then the newest checkpoint stamped, beside the sealer, which never waits for it. */
export function createStamping({ every = 3600, onStamped = () => {}, onError, ...options }: StampingOptions) {
  let newest = 0
  let stamped = 0
  let failures = 0
  let due = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let said: string | undefined
  const inSeconds = (seconds: number) => performance.now() + seconds * 1000

  const stopping = new AbortController()

  async function stampNewest(): Promise<void> {
    const number = newest
    try {
      const stamp = await stampCheckpoint({ ...options, signal: stopping.signal }, number)
      stamped = number
      failures = 0
      said = undefined
      due = inSeconds(every)
      if (stamp) onStamped(stamp, number)
    } catch (error) {
      due = inSeconds(Math.min(every, AGAIN * 2 ** failures++))
      said = error instanceof Error ? error.message : 'the reason is not known'
      onError(error)
    }
  }

  return {
    authority: options.authority,
    /** Why the last try failed; undefined where it did not. */
    failure: () => said,
    /** Called after each sealing with the number of the newest seal that has a checkpoint. */
    offer(number: number): void {
      newest = Math.max(newest, number)
      if (running || newest <= stamped || performance.now() < due) return
      running = stampNewest().finally(() => {
        running = undefined
      })
    },
    /** Has what came last stamped, whenever it is due, and waits for that some seconds. */
    async end(): Promise<void> {
      const timer = setTimeout(() => stopping.abort(), LAST)
      await running
      if (newest > stamped && !stopping.signal.aborted) await stampNewest()
      clearTimeout(timer)
    },
  }
}
