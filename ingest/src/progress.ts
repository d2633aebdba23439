import type { Phase, Progress } from './outcome.ts'

/** Counts what was done and tells at most every `interval` ms; the last event of a phase is always told. */
export function createProgress(onProgress: (progress: Progress) => void = () => {}, interval = 100) {
  let phase: Phase | undefined
  let began = 0
  let told = 0
  let done = 0
  let total = 0

  const tell = (table: string, current: Phase, extra = 0) => {
    const seconds = (performance.now() - began) / 1000
    const rows = Math.min(Math.round(done + extra), total || Number.POSITIVE_INFINITY)
    const rate = seconds > 0 ? Math.round(rows / seconds) : 0
    const left = total > 0 && rate > 0 ? { secondsLeft: Math.max(0, Math.ceil((total - rows) / rate)) } : {}
    onProgress({ table, phase: current, rows, ...(total > 0 ? { totalRows: total } : {}), rate, ...left })
    told = performance.now()
  }

  return {
    /** A new count begins: `expected` units are to be done. */
    begin(expected: number) {
      began = performance.now()
      done = 0
      total = expected
    },
    expect(more: number) {
      total += more
    },
    /** `amount` units were done. */
    add(table: string, current: Phase, amount: number) {
      done += amount
      if (current !== phase || performance.now() - told >= interval) tell(table, current)
      phase = current
    },
    /** While something long runs, asks how far it is (0 to 1) of `amount` units. */
    async during<T>(table: string, current: Phase, amount: number, share: () => number, work: Promise<T>): Promise<T> {
      this.add(table, current, 0)
      const timer = setInterval(() => tell(table, current, amount * share()), interval)
      try {
        return await work
      } finally {
        clearInterval(timer)
        this.add(table, current, amount)
      }
    },
  }
}

export type ProgressCounter = ReturnType<typeof createProgress>
