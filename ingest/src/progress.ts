import type { Phase, Progress } from './outcome.ts'

/** How much of a table's work each phase is, as measured; together 1. */
const SHARE: Partial<Record<Phase, number>> = { scan: 0.08, measure: 0.28, write: 0.5, verify: 0.14 }

/** Kept back for keys and references, of the whole. */
const LAST = 0.05

interface Known {
  bytes: number
  rows?: number
}

/**
 * Turns what happens into events. A table's phases move `rows` from none to all of its records; as long as the records of a file are
 * not known, they are estimated from its size. Tells at most every `interval` ms, and whenever phase or table change.
 */
export function createProgress(onProgress: (progress: Progress) => void = () => {}, interval = 100) {
  const tables = new Map<string, Known>()
  const done = new Map<string, number>()
  let began = performance.now()
  let told = 0
  let last = ''

  const rowsOf = ({ rows, bytes }: Known) => rows ?? bytes / bytesPerRow()

  function bytesPerRow(): number {
    let bytes = 0
    let rows = 0
    for (const known of tables.values()) {
      bytes += known.rows === undefined ? 0 : known.bytes
      rows += known.rows ?? 0
    }
    return rows > 0 ? bytes / rows : 120
  }

  function tell(table: string, phase: Phase, extra = 0) {
    const title = `${table} ${phase}`
    if (title === last && performance.now() - told < interval) return
    let total = 0
    let rows = 0
    for (const [name, known] of tables) {
      total += rowsOf(known)
      rows += rowsOf(known) * Math.min(1, (done.get(name) ?? 0) + (name === table ? extra : 0))
    }
    if (phase !== 'done') rows *= 1 - LAST
    const seconds = (performance.now() - began) / 1000
    const rate = seconds > 0 ? rows / seconds : 0
    const secondsLeft = rate > 0 && seconds > 0.5 ? { secondsLeft: Math.ceil((total - rows) / rate) } : {}
    onProgress({
      table,
      phase,
      rows: Math.round(rows),
      ...(total > 0 ? { totalRows: Math.round(total) } : {}),
      rate: Math.round(rate),
      ...secondsLeft,
    })
    told = performance.now()
    last = title
  }

  return {
    /** The work begins, on these tables of so many bytes; of some the records may be known. */
    begin(expected: { table: string; bytes: number; rows?: number | undefined }[]) {
      began = performance.now()
      for (const { table, bytes, rows } of expected)
        tables.set(table, { bytes, ...(rows === undefined ? {} : { rows }) })
    },
    counted(table: string, rows: number) {
      tables.set(table, { bytes: tables.get(table)?.bytes ?? 0, rows })
    },
    skip(table: string) {
      done.set(table, 1)
    },
    tell,
    /** While something long runs, asks how far it is, 0 to 1. */
    async during<T>(table: string, phase: Phase, share: () => number, work: Promise<T>): Promise<T> {
      const whole = SHARE[phase] ?? 0
      tell(table, phase)
      const timer = setInterval(() => tell(table, phase, whole * Math.min(1, Math.max(0, share()))), interval)
      try {
        return await work
      } finally {
        clearInterval(timer)
        done.set(table, (done.get(table) ?? 0) + whole)
      }
    },
  }
}

export type ProgressCounter = ReturnType<typeof createProgress>
