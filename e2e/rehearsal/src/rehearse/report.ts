/** What was tried, one line each, and how it ended. */
export interface Report {
  /** Runs `act` and prints how it ended; what it returns is told behind the time. False where it failed. */
  step(name: string, act: () => Promise<string | undefined>): Promise<boolean>
  /** What cannot be shown on one machine. */
  cannot(what: string): void
  readonly failed: number
  readonly passed: number
  readonly unrehearsed: readonly string[]
}

export function createReport(say: (line: string) => void, interrupted: () => boolean = () => false): Report {
  let passed = 0
  let failed = 0
  const unrehearsed: string[] = []
  return {
    async step(name, act) {
      const begun = performance.now()
      const seconds = () => `(${((performance.now() - begun) / 1_000).toFixed(1)} s)`
      try {
        const told = await act()
        passed += 1
        say(`ok     ${name} ${seconds()}${told ? `: ${told}` : ''}`)
        return true
      } catch (error) {
        if (interrupted()) return false
        failed += 1
        say(`FAILED ${name} ${seconds()}\n${indented(error)}`)
        return false
      }
    },
    cannot: (what) => unrehearsed.push(what),
    get failed() {
      return failed
    },
    get passed() {
      return passed
    },
    unrehearsed,
  }
}

const indented = (error: unknown): string =>
  String(error instanceof Error ? (error.stack ?? error.message) : error)
    .slice(0, 3_000)
    .replaceAll(/^/gm, '       ')
