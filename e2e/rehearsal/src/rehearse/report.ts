export interface Step {
  readonly name: string
  readonly seconds: number
  readonly ok: boolean
}

/** What was tried, one line each, and how it ended. */
export interface Report {
  /** Runs `act` and prints how it ended; what it returns is told behind the time. False where it failed. */
  step(name: string, act: () => Promise<string | undefined>): Promise<boolean>
  /** A step that somebody else ran; `problem` where it failed. */
  ran(name: string, seconds: number, problem?: string): void
  /** Something measured, by a name with its unit. */
  figure(name: string, value: number): void
  /** What cannot be shown on one machine. */
  cannot(what: string): void
  readonly failed: number
  readonly passed: number
  readonly steps: readonly Step[]
  readonly figures: Readonly<Record<string, number>>
  readonly unrehearsed: readonly string[]
}

export function createReport(say: (line: string) => void, interrupted: () => boolean = () => false): Report {
  const steps: Step[] = []
  const figures: Record<string, number> = {}
  const unrehearsed: string[] = []

  function tell(name: string, seconds: number, ending: { told?: string | undefined } | { problem: string }): void {
    const ok = !('problem' in ending)
    steps.push({ name, seconds, ok })
    const line = `${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`
    if (ok) say(ending.told ? `${line}: ${ending.told}` : line)
    else say(`${line}\n${indented(ending.problem)}`)
  }

  return {
    async step(name, act) {
      const begun = performance.now()
      const seconds = () => (performance.now() - begun) / 1_000
      try {
        const told = await act()
        tell(name, seconds(), { told })
        return true
      } catch (error) {
        // What breaks because the run is being ended is no finding.
        if (!interrupted()) tell(name, seconds(), { problem: textOf(error) })
        return false
      }
    },
    ran: (name, seconds, problem) => tell(name, seconds, problem === undefined ? {} : { problem }),
    figure: (name, value) => {
      figures[name] = value
    },
    cannot: (what) => unrehearsed.push(what),
    get failed() {
      return steps.filter(({ ok }) => !ok).length
    },
    get passed() {
      return steps.filter(({ ok }) => ok).length
    },
    steps,
    figures,
    unrehearsed,
  }
}

const textOf = (error: unknown): string => String(error instanceof Error ? (error.stack ?? error.message) : error)

const indented = (text: string): string => text.slice(0, 3_000).replaceAll(/^/gm, '       ')
