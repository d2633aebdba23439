/** Keys of the bucket, in one place; the shapes are the design's "Layout of the bucket". */

export const tablePrefix = (application: string, domain: string, table: string) =>
  `archive/${application}/${domain}/${table}/`
export const loadPrefix = (application: string, load?: string) =>
  load ? `loads/${application}/${load}/` : `loads/${application}/`
export const quarantinePrefix = (application: string, load: string) => `quarantine/${application}/${load}/`
export const catalogKey = (application: string) => `catalog/${application}.json`
export const searchKey = (day: string, search: string) => `searches/${day}/${search}.json`
export const resultPrefix = (search: string) => `results/${search}/`
export const ACCESS_PREFIX = 'access/'
export const RULES_PREFIX = 'access/rules/'
export const rulesKey = (version: number) => `${RULES_PREFIX}${String(version).padStart(8, '0')}.json`
export const PROPOSALS_PREFIX = 'access/proposals/'
export const proposalKey = (proposal: string) => `${PROPOSALS_PREFIX}${proposal}.json`
/** What became of a proposal: created once, by whoever decides first. */
export const decisionKey = (proposal: string) => `access/decisions/${proposal}.json`
