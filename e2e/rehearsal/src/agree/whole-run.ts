import { agreeOn, agreeOnGenerated, type Report } from './agree.ts'
import type { BothEngines } from './both-engines.ts'
import { exampleCases } from './example-cases.ts'
import { agreeOnExports } from './exports.ts'
import { expressionArbitrary, spellExpression, statementOfExpression } from './expressions.ts'
import { realValues } from './real-values.ts'
import { restrictionsByGroup } from './roles.ts'
import { caseOf, searchArbitrary, spell } from './searches.ts'

export const examplesAgree = (engines: BothEngines): Promise<Report> =>
  agreeOn(engines, exampleCases(engines.templates))

export const exportsAgree = agreeOnExports

/** Searches of all templates, as everybody and as each group of the sample rules sees them. */
export async function searchesAgree(engines: BothEngines, runs: number, seed: number): Promise<Report> {
  const { templates } = engines
  const restrictions = restrictionsByGroup(templates.application)
  const groups = [...restrictions.keys()]
  return agreeOnGenerated({
    engines,
    arbitrary: searchArbitrary(templates, groups, await realValues(engines)),
    statementOf: async (search) => caseOf(templates, restrictions, search)?.statement,
    spell,
    runs,
    seed,
  })
}

/** What templates may do with texts, dates and numbers, done with hostile ones. */
export const expressionsAgree = (engines: BothEngines, runs: number, seed: number): Promise<Report> =>
  agreeOnGenerated({
    engines,
    arbitrary: expressionArbitrary,
    statementOf: (expression) => engines.read(statementOfExpression(expression)),
    spell: spellExpression,
    runs,
    seed,
  })

/** A line for people, and what was not the same. */
export const told = (what: string, { compared, withRows, failedAlike, differences }: Report): string =>
  [
    `${what}: ${compared} compared, ${withRows} of them with rows, ${failedAlike} refused alike, ${differences.length} not the same`,
    ...differences,
  ].join('\n')
