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

/** The one place at which loads and destruction runs of an application exclude each other. It names the work, not who does it. */
export const slotKey = (application: string) => `${loadPrefix(application)}slot.json`

export const HOLDS_PREFIX = 'holds/'
export const HOLD_REGISTER = 'holds/register.json'
/** Each version that the register had, create-only: what an older or shortened register is found out by. */
export const registerVersionKey = (version: number) => `${HOLDS_PREFIX}versions/${eight(version)}.json`
export const holdPrefix = (hold: string) => `holds/${hold}/`
/** What a hold says, its events one after the other: `holds/<id>/event-<8 digits>.json`. */
export const holdEventKey = (hold: string, number: number) => `${holdPrefix(hold)}event-${eight(number)}.json`
/** Named by its hash, as the register names it: one that came into no register is in nobody's way. */
export const closureKey = (hold: string, revision: number, sha256: string) =>
  `${holdPrefix(hold)}closure-${eight(revision)}-${sha256.slice(0, 32)}.json`

export const statementPrefix = (application: string) => `statements/${application}/`

export const RUNS_PREFIX = 'retention/runs/'
export const runPrefix = (run: string) => `${RUNS_PREFIX}${run}/`
/** Its creation is the plan's: what it says is frozen. */
export const planKey = (run: string) => `${runPrefix(run)}plan.json`
/** The disposition list of a table, by object and row. */
export const dispositionKey = (run: string, table: string) => `${runPrefix(run)}lists/${table}.parquet`
/** Create-only: what the second person said. */
export const approvalKey = (run: string) => `${runPrefix(run)}approval.json`
/** Create-only, `object` by its place in the plan: what is to be destroyed of it, or that nothing is. */
export const objectDecisionKey = (run: string, object: number, attempt: number) =>
  `${runPrefix(run)}objects/${eight(object)}/decision-${eight(attempt)}.json`
export const objectDoneKey = (run: string, object: number) => `${runPrefix(run)}objects/${eight(object)}/done.json`
/** Leaf hashes of the destroyed rows, for the seals of the others. */
export const leavesKey = (run: string, object: number) => `${runPrefix(run)}objects/${eight(object)}/leaves.bin`
export const certificateKey = (run: string) => `${runPrefix(run)}certificate.json`
/** Keyed hashes of a table's destroyed keys, sorted. */
export const destroyedKeysKey = (run: string, table: string) => `${runPrefix(run)}destroyed/${table}.bin`

/**
 * What became of an object of records, generation by generation, create-only; written before the object is replaced or removed, so that
 * whoever meets another content than the load wrote knows what it may be.
 */
export const rewritePrefix = (application: string) => `retention/rewrites/${application}/`

export const schedulesPrefix = (application: string, domain: string) => `retention/schedules/${application}/${domain}/`
/** An approved version of a domain's schedules. */
export const schedulesKey = (application: string, domain: string, version: number) =>
  `${schedulesPrefix(application, domain)}${eight(version)}.json`

/** What falls due, as it was worked out last: it can be worked out anew whenever it is gone. */
export const dueKey = (application: string) => `retention/due/${application}.json`

/** Proposals of other schedules, and what was decided of them: create-only both. */
export const schedulesProposalsPrefix = (application: string, domain: string) =>
  `retention/proposals/${application}/${domain}/proposed/`
export const schedulesProposalKey = (application: string, domain: string, proposal: string) =>
  `${schedulesProposalsPrefix(application, domain)}${proposal}.json`
export const schedulesDecisionKey = (application: string, domain: string, proposal: string) =>
  `retention/proposals/${application}/${domain}/decided/${proposal}.json`

export const statementKey = (application: string, statement: string) =>
  `${statementPrefix(application)}${statement}.json`
/** The second signature, create-only, where the statement needs one. */
export const statementApprovalPrefix = (application: string) => `${statementPrefix(application)}approvals/`
export const statementApprovalKey = (application: string, statement: string) =>
  `${statementApprovalPrefix(application)}${statement}.json`

function eight(number: number): string {
  return String(number).padStart(8, '0')
}
