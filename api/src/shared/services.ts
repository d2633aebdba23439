import { type AppDeps, defaultLimits, type Limits } from '../deps.ts'
import { type Afterwards, createAfterwards } from './afterwards.ts'
import { auditOrProblem } from './audit-or-problem.ts'
import { createLoadedApplications, type LoadedApplications } from './loaded.ts'
import { markOf, type ProcessMark } from './process-mark.ts'
import { createResults, type Results } from './results.ts'
import { createSearchRecords, type SearchRecords } from './search-records.ts'
import { createUsage, type Usage } from './usage.ts'

/** What the features share, made from what the composition root gives. */
export interface Services extends Omit<AppDeps, 'limits' | 'background' | 'by'> {
  by: ProcessMark
  limits: Limits
  /** Lets work end after the answer where the process lives on, and waits for it where it does not. */
  later: (work: Promise<unknown>) => Promise<void>
  afterwards: Afterwards
  records: SearchRecords
  results: Results
  loaded: LoadedApplications
  usage: Usage
}

export function createServices({ background, by = markOf(), ...deps }: AppDeps): Services {
  const limits = { ...defaultLimits, ...deps.limits }
  return {
    ...deps,
    audit: auditOrProblem(deps.audit, deps.log),
    by,
    limits,
    later: async (work) => {
      if (background) background(work)
      else await work
    },
    afterwards: createAfterwards(background, deps.log),
    records: createSearchRecords(deps.store),
    results: createResults(deps.store, limits.cacheBytes),
    loaded: createLoadedApplications(deps.catalog, deps.engine),
    usage: createUsage({ ...deps, lives: background !== undefined }),
  }
}
