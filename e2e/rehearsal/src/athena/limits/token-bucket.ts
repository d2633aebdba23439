/** `burst` at once, then `rate` a second. Both are read at each call, so that settings can change meanwhile. */
export function tokenBucket(limits: () => { rate: number; burst: number }, now: () => number): () => boolean {
  let tokens: number | undefined
  let at = now()
  return () => {
    const { rate, burst } = limits()
    const time = now()
    tokens = Math.min(burst, (tokens ?? burst) + ((time - at) / 1000) * rate)
    at = time
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
