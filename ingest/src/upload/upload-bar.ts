import { Presets, SingleBar } from 'cli-progress'
import type { UploadPhase, UploadProgress } from './progress.ts'

const WORDS: Record<UploadPhase, string> = {
  check: 'checking the data folder',
  place: 'putting objects in place',
  papers: 'reports and quarantine',
  commit: 'making it visible',
  done: 'done',
}
const EVERY = 10_000

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return ''
  return seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`
}

/** One line of what an upload has done so far. */
export function uploadLine(progress: UploadProgress): string {
  const { load, phase, bytes, totalBytes, objects, totalObjects, bytesPerSecond, secondsLeft } = progress
  const parts = [
    `${load === '' ? '' : `${load.slice(0, 8)}: `}${WORDS[phase]}`,
    `${objects} of ${totalObjects} objects`,
    `${megabytes(bytes)} of ${megabytes(totalBytes)}`,
    `${megabytes(bytesPerSecond)}/s`,
    timeLeft(secondsLeft),
  ]
  return parts.filter(Boolean).join(', ')
}

/** Draws an upload's progress: a bar on a terminal, else a line a step and every ten seconds. `stop` may be called more than once. */
export function uploadBar({ silent = false, stream = process.stderr as NodeJS.WriteStream } = {}) {
  if (silent) return { update(_progress: UploadProgress) {}, stop() {} }
  if (!stream.isTTY) return uploadLines(stream)
  const bar = new SingleBar(
    { format: ' {bar} {percentage}% | {line}', stream, hideCursor: true, clearOnComplete: true, fps: 10 },
    Presets.shades_classic,
  )
  let running = false
  return {
    update(progress: UploadProgress) {
      const line = uploadLine(progress)
      if (!running) bar.start(Math.max(1, progress.totalBytes), progress.bytes, { line })
      running = true
      bar.update(progress.bytes, { line })
    },
    stop() {
      if (running) bar.stop()
      running = false
    },
  }
}

function uploadLines(stream: NodeJS.WriteStream) {
  let step = ''
  let last = performance.now()
  return {
    update(progress: UploadProgress) {
      const at = `${progress.load} ${progress.phase}`
      if (at === step && performance.now() - last < EVERY) return
      step = at
      last = performance.now()
      stream.write(`${uploadLine(progress)}\n`)
    },
    stop() {},
  }
}
