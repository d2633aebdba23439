import type { Expected } from './estimate-cost.ts'

/** The case that docs/cost.md works out: one retired system of a middling insurer, with 80 use cases. */
export const exampleCase: Expected = {
  recordsGb: 35,
  objects: 2_000,
  searchesPerMonth: 10_000,
  statementsPerSearch: 4,
  bytesPerSearch: 60_000_000,
  people: 100,
  retentionYears: 10,
  // Two tries of loading, and a destruction run a year.
  crawls: 12,
}
