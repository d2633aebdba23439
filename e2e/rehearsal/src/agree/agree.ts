import type { Statement } from '@muniment/archive/engine/port'
import fc from 'fast-check'
import { type Answer, ask, difference } from './answer.ts'
import type { BothEngines } from './both-engines.ts'
import type { Case } from './example-cases.ts'

/** What was compared, and what was not the same. */
export interface Report {
  compared: number
  /** Of these, in how many there were rows, and in how many both failed. */
  withRows: number
  failedAlike: number
  differences: string[]
}

/** Asks both engines for one statement; what is not the same is counted and given. */
export async function compare(
  { embedded, athena }: Pick<BothEngines, 'embedded' | 'athena'>,
  statement: Statement,
  report: Report,
): Promise<string | undefined> {
  const [one, other]: [Answer, Answer] = await Promise.all([ask(embedded, statement), ask(athena, statement)])
  report.compared++
  if (one.rows.length > 0) report.withRows++
  const found = difference(one, other)
  if (found === undefined && one.failure) report.failedAlike++
  const said = [one, other].map(({ failure }) => failure?.message).filter((message) => message !== undefined)
  return found === undefined ? undefined : [found, ...new Set(said)].join('\n  ')
}

export const emptyReport = (): Report => ({ compared: 0, withRows: 0, failedAlike: 0, differences: [] })

/** All of them, `atOnce` at a time. */
export async function agreeOn(
  engines: Pick<BothEngines, 'embedded' | 'athena'>,
  cases: readonly Case[],
  report: Report = emptyReport(),
  atOnce = 4,
): Promise<Report> {
  const waiting = [...cases]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const found = await compare(engines, next.statement, report)
      if (found !== undefined) report.differences.push(`${next.title}\n  ${found}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return report
}

export interface Generated<T> {
  engines: Pick<BothEngines, 'embedded' | 'athena'>
  arbitrary: fc.Arbitrary<T>
  /** Undefined for what is refused before any engine is asked: it is not counted. */
  statementOf: (made: T) => Promise<Statement | undefined>
  spell: (made: T) => string
  runs: number
  seed: number
  atOnce?: number
}

/** So many generated statements; of each difference the smallest that shows it. The same seed gives the same ones. */
export async function agreeOnGenerated<T>(generated: Generated<T>): Promise<Report> {
  const { engines, arbitrary, statementOf, spell, runs, seed, atOnce = 4 } = generated
  const report = emptyReport()
  const lane = async (index: number) => {
    const property = fc.asyncProperty(arbitrary, async (made) => {
      const statement = await statementOf(made)
      fc.pre(statement !== undefined)
      const found = await compare(engines, statement, report)
      if (found !== undefined) throw new Error(found)
    })
    const details = await fc.check(property, {
      seed: seed + index,
      numRuns: Math.ceil(runs / atOnce),
      maxSkipsPerRun: 1000,
    })
    if (!details.failed) return
    const [smallest] = details.counterexample ?? []
    const said = details.errorInstance instanceof Error ? details.errorInstance.message : 'too few were generated'
    report.differences.push(
      `seed ${details.seed}, path ${details.counterexamplePath}, after ${details.numShrinks} steps: ` +
        `${smallest === undefined ? '' : spell(smallest)}\n  ${said}`,
    )
  }
  await Promise.all(Array.from({ length: atOnce }, (_, index) => lane(index)))
  return report
}
