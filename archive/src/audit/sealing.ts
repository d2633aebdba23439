import { type Sealed, type SealOptions, seal } from './seal/seal.ts'

export interface SealingOptions extends SealOptions {
  /** Seconds from the end of one sealing to the next: what could be cut off unseen is no older. */
  every?: number
  onSealed?: (sealed: Sealed) => void
  onError: (error: unknown) => void
}

/** Seals now and then until `stop`, which waits for a sealing under way and seals what came last. */
export function startSealing({ every = 60, onSealed = () => {}, onError, ...options }: SealingOptions): {
  stop(): Promise<void>
} {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const once = async () => {
    try {
      onSealed(await seal(options))
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
    },
  }
}
