export type UploadPhase = 'check' | 'place' | 'papers' | 'commit' | 'done'

export interface UploadProgress {
  load: string
  phase: UploadPhase
  /** Of the objects of all loads that are not yet in the bucket. */
  bytes: number
  totalBytes: number
  objects: number
  totalObjects: number
  /** Over the whole upload so far. */
  bytesPerSecond: number
  secondsLeft?: number
}

/** Tells at most every `interval` ms, and whenever load or phase change. */
export function createUploadProgress(
  onProgress: (progress: UploadProgress) => void,
  total: { bytes: number; objects: number },
  interval = 200,
) {
  const began = performance.now()
  let sent = 0
  let done = { bytes: 0, objects: 0 }
  let now: { load: string; phase: UploadPhase } = { load: '', phase: 'check' }
  let told = 0

  function tell(always: boolean) {
    if (!always && performance.now() - told < interval) return
    told = performance.now()
    const seconds = (told - began) / 1000
    // Bytes that are sent again are sent, but no further.
    const bytes = now.phase === 'done' ? total.bytes : Math.min(total.bytes, Math.max(sent, done.bytes))
    const bytesPerSecond = seconds > 0 ? Math.round(bytes / seconds) : 0
    const left = bytesPerSecond > 0 && seconds > 0.5 ? Math.ceil((total.bytes - bytes) / bytesPerSecond) : undefined
    onProgress({
      ...now,
      bytes,
      totalBytes: total.bytes,
      objects: done.objects,
      totalObjects: total.objects,
      bytesPerSecond,
      ...(left !== undefined && { secondsLeft: left }),
    })
  }

  return {
    reach(load: string, phase: UploadPhase) {
      now = { load, phase }
      tell(true)
    },
    sent(bytes: number) {
      sent += bytes
      tell(false)
    },
    /** An object is in place: sent now, or there already. */
    placed(bytes: number) {
      done = { bytes: done.bytes + bytes, objects: done.objects + 1 }
      tell(false)
    },
  }
}

export type UploadTeller = ReturnType<typeof createUploadProgress>
