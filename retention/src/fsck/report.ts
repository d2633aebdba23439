/** Who has to do something about it. */
export type Who = 'operator' | 'archivist' | 'records-manager' | 'approver'

export interface Problem {
  /** What was looked at: objects, rows, loads, runs, holds, papers, log, keys. */
  check: string
  /** Of the object in the store, or a prefix. */
  key: string
  /** A sentence. */
  what: string
  who: Who
  /** What they should do, as a sentence. */
  todo: string
}

/** A run that has not come to its end: no problem, and somebody's next step. */
export interface OpenRun {
  run: string
  state: string
  todo: string
}

export interface FsckReport {
  /** Nothing is wrong. What was not looked at, for want of a key or by option, stands in `unchecked`. */
  ok: boolean
  problems: Problem[]
  open: OpenRun[]
  /** Sentences: what could not be, or was not to be, looked at. */
  unchecked: string[]
  /** Left over from what was interrupted: in nobody's way. */
  leftovers: string[]
  counts: {
    applications: number
    loads: number
    objects: number
    /** Of which every byte was read and hashed. */
    hashed: number
    rows: number
    destroyed: number
    runs: number
    certificates: number
    holds: number
    keys: number
  }
}

export function createReport() {
  const report: FsckReport = {
    ok: false,
    problems: [],
    open: [],
    unchecked: [],
    leftovers: [],
    counts: {
      applications: 0,
      loads: 0,
      objects: 0,
      hashed: 0,
      rows: 0,
      destroyed: 0,
      runs: 0,
      certificates: 0,
      holds: 0,
      keys: 0,
    },
  }
  const restored = 'Restore it from a copy of the bucket, and find out what removed or altered it.'
  return {
    report,
    problem: (check: string, key: string, what: string, who: Who = 'operator', todo = restored) => {
      report.problems.push({ check, key, what, who, todo })
    },
    /** Does it; what it throws is a problem of `key`. */
    async guarded(check: string, key: string, act: () => Promise<void>): Promise<void> {
      try {
        await act()
      } catch (error) {
        const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
        report.problems.push({ check, key, what, who: 'operator', todo: restored })
      }
    },
  }
}
export type Findings = ReturnType<typeof createReport>
