import { type Sealed, type SealOptions, seal } from './seal/seal.ts'
import type { Stamping } from './stamp/stamping.ts'

export interface SealingOptions extends SealOptions {
  /** Seconds from the end of one sealing to the next: what could be cut off unseen is no older. */
  every?: number
  /** Has checkpoints time-stamped; sealing does not wait for it. */
  stamping?: Stamping
  onSealed?: (sealed: Sealed) => void
  onError: (error: unknown) => void
}

/** Seals now and then until `stop`, which waits for a sealing under way, seals what came last, and has that stamped. */
export function startSealing({ every = 60, onSealed = () => {}, stamping, onError, ...options }: SealingOptions): {
  stop(): Promise<void>
} {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const once = async () => {
    try {
      const sealed = await seal(options)
      stamping?.offer(sealed.number)
      onSealed(sealed)
    } catch (error) {
      onError(error)
    }
  }
  const wait = () => {
    if (stopped) return
    timer = setTimeout(() => {
      running = once().then(wait)
    }, every * 1000)
    timer.unref()
  }
  running = once().then(wait)

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
      await once()
      await stamping?.end()
    },
  }
}
