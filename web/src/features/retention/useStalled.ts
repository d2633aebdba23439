import type { RunDetails } from '@muniment/api/contract'
import { useEffect, useState } from 'react'

/** Milliseconds without a sign of work after which somebody may say that it go on: a server that began it may be gone. */
const patience = 30_000

/** Whether a run that should be moving does not: it said why it stopped, or nothing of it changes any more. */
export function useStalled({ state, progress, obstacles }: RunDetails): boolean {
  const [isQuiet, setIsQuiet] = useState(false)
  const sign = `${state} ${progress?.done} ${progress?.destroyed}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: each sign of work begins the wait anew
  useEffect(() => {
    setIsQuiet(false)
    const timer = setTimeout(() => setIsQuiet(true), patience)
    return () => clearTimeout(timer)
  }, [sign])
  return isQuiet || obstacles.length > 0
}
