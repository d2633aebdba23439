import type { Rights } from '@muniment/archive/access/port'
import type { UseCase } from '@muniment/query-templates/types'
import type { Estimate } from '../contract.ts'
import { withBounds } from '../shared/bound.ts'
import { budgetOf, isOver, overBudget, totalOf } from '../shared/budget.ts'
import type { Loaded } from '../shared/loaded.ts'
import { presentEstimate } from '../shared/present-estimate.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'
import type { JobParts } from './job.ts'

export interface ExportCosts {
  estimate: Estimate
  /** Throws ProblemError `over-budget`. */
  mustBeWithin(): void
}

/** What an export reads at most, which runs its panel once more and in full, against the budgets of searches. */
export async function costsOf(
  { engine }: Pick<Services, 'engine'>,
  { search, panel, statement, application, restrictions }: JobParts,
  { useCase, rights, loaded }: { useCase: UseCase; rights: Rights; loaded: Loaded },
): Promise<ExportCosts> {
  const panels = await withBounds([{ ...panel, statement }], { engine, application, restrictions, loaded })
  // Restrictions are those of now: in searches of before they may be others.
  const { restrictions: _, ...before } = search
  const opening: SearchRecord = { ...before, ...(restrictions && { restrictions }), engine: engine.name, panels }
  const budget = budgetOf(useCase, rights)
  const over = isOver(totalOf(opening), budget)
  return {
    estimate: presentEstimate(opening, budget, over, [], rights, 'export'),
    mustBeWithin() {
      if (over && budget) throw overBudget(opening, budget, [], rights, 'export')
    },
  }
}
