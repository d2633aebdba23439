import { Presets, SingleBar } from 'cli-progress'
import type { Phase, Progress } from './outcome.ts'

const WORDS: Record<Phase, string> = {
  hash: 'reading the delivery',
  scan: 'checking the file',
  measure: 'measuring the source',
  write: 'writing',
  verify: 'reading back',
  references: 'checking keys and references',
  move: 'putting in place',
  seal: 'sealing',
  done: 'done',
}

export interface ProgressBarOptions {
  /** Draws nothing, for commands whose output is read by a program. */
  silent?: boolean
  /** Where it is drawn: a bar on a terminal, else a line now and then. */
  stream?: NodeJS.WriteStream
}

function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return ''
  if (seconds < 60) return `${seconds} s left`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s left`
}

/** Steps of the whole, each told once; of the tables in between one tells every ten seconds how far it is. */
const MILESTONES: readonly Phase[] = ['hash', 'references', 'move', 'seal', 'done']
const EVERY = 10_000

function progressLines(stream: NodeJS.WriteStream) {
  const told = new Set<Phase>()
  let last = performance.now()
  return {
    update({ table, phase, rows, totalRows }: Progress) {
      const milestone = MILESTONES.includes(phase) && !told.has(phase)
      if (!milestone && performance.now() - last < EVERY) return
      told.add(phase)
      last = performance.now()
      const share = totalRows ? ` (${Math.floor((100 * rows) / totalRows)}%)` : ''
      stream.write(`${milestone || !table ? '' : `${table}: `}${WORDS[phase]}${share}\n`)
    },
    stop() {},
  }
}

/** Draws an ingest's progress; `stop` may be called more than once. */
export function progressBar({ silent = false, stream = process.stderr }: ProgressBarOptions = {}) {
  if (silent) return { update(_progress: Progress) {}, stop() {} }
  if (!stream.isTTY) return progressLines(stream)
  const format = ' {bar} {percentage}% | {rate} rows/s | {left} | {title}'
  const bar = new SingleBar(
    { format, stream, hideCursor: true, clearOnComplete: true, fps: 10 },
    Presets.shades_classic,
  )
  let running = false
  return {
    update({ table, phase, rows, totalRows, rate, secondsLeft }: Progress) {
      const payload = {
        title: `${table}${table && ': '}${WORDS[phase]}`,
        rate: rate.toLocaleString('en'),
        left: timeLeft(secondsLeft),
      }
      if (!running) bar.start(totalRows ?? 1, rows, payload)
      running = true
      if (totalRows !== undefined) bar.setTotal(totalRows)
      bar.update(rows, payload)
    },
    stop() {
      if (running) bar.stop()
      running = false
    },
  }
}
