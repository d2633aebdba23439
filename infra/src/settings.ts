import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Expected } from './cost/estimate-cost.ts'
import { SettingsError } from './errors.ts'

export interface WitnessSettings {
  /** Where it lies in another account: that account's number. Its stack is deployed there. */
  readonly account?: string
  /** How long nobody can remove a checkpoint. `compliance` binds the account's owner too. */
  readonly lock: { readonly mode: 'governance' | 'compliance'; readonly days: number }
}

/** One environment of Muniment. Several go into one account: every name begins with the environment's. */
export interface EnvironmentSettings {
  /** Undefined: those of the credentials at hand. */
  readonly account?: string
  readonly region?: string
  /** Folders of query-templates/. */
  readonly applications: readonly string[]
  /** Undefined: CloudFront's own name. CloudFront wants the certificate in us-east-1. */
  readonly domain?: { readonly name: string; readonly certificateArn: string }
  /** A web ACL of WAF, of the scope CLOUDFRONT. */
  readonly webAclArn?: string
  readonly budget: {
    /** What Athena may scan a day before somebody is told. */
    readonly bytesPerDay: number
    /** Where a query is ended; Athena wants 10,000,000 at least. */
    readonly bytesPerQuery: number
  }
  readonly logs: {
    /** Of functions, of the API's access log. */
    readonly retention: RetentionDays
    /** Of S3's own access logs, the only ones that hold addresses of people (whoever fetched a file). */
    readonly storageAccessDays: number
  }
  readonly storage?: {
    /** `intelligent` lets S3 move what is not read to cheaper tiers that Athena reads as before. */
    readonly tier?: 'standard' | 'intelligent'
  }
  /**
   * Keys that the log was ever signed with, the next one included; 1 unless said. One more makes a key, which signs nothing before
   * `muniment audit key --rotate`. Never fewer than before.
   */
  readonly signingKeys?: number
  readonly witness: WitnessSettings
  readonly signIn: {
    /** Groups that the access rules grant rights to. */
    readonly groups: readonly string[]
    /** Of the sign-in pages' host; unique in a region over all accounts. */
    readonly domainPrefix?: string
    /** A visible way around the sign-in pages, for rehearsals: who may act in this account gets tokens for a name and a password. */
    readonly rehearsal?: boolean
  }
  readonly api: {
    /** Over all people, a second. */
    readonly requestsPerSecond: number
    readonly burst: number
  }
  /** Undefined: as many as the account has left. */
  readonly concurrency?: { readonly api?: number; readonly exports?: number }
  readonly alarms: {
    readonly email?: string
    /** Of the API's slowest 5%; a search that waits for Athena answers 202 in less. */
    readonly latencyMs: number
  }
  /** What a deployment's price estimate goes by; nothing is built by it. Undefined: none is made. */
  readonly expected?: Expected
}

export const ENVIRONMENT_NAME = /^[a-z][a-z0-9]{0,11}$/
export const LEAST_CUTOFF = 10_000_000
const GROUP = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u

/** Throws SettingsError that names everything that does not go together. */
export function checkSettings(name: string, settings: EnvironmentSettings): void {
  const wrong: string[] = []
  const must = (holds: boolean, sentence: string) => {
    if (!holds) wrong.push(sentence)
  }
  const whole = (value: number) => Number.isSafeInteger(value) && value > 0
  must(ENVIRONMENT_NAME.test(name), 'its name has up to 12 small letters and digits and begins with a letter')
  must(settings.applications.length > 0, 'it names no application')
  must(new Set(settings.applications).size === settings.applications.length, 'it names an application twice')
  must(
    settings.applications.every((application) => /^[a-z][a-z0-9_]*$/.test(application)),
    'an application is named as its folder is',
  )
  must(settings.account === undefined || /^\d{12}$/.test(settings.account), 'an account has 12 digits')
  const { budget, witness, signIn, api, concurrency = {} } = settings
  must(
    whole(budget.bytesPerQuery) && budget.bytesPerQuery >= LEAST_CUTOFF,
    `Athena wants ${LEAST_CUTOFF} bytes a query at least`,
  )
  must(whole(budget.bytesPerDay) && budget.bytesPerDay >= budget.bytesPerQuery, 'a day has room for one query at least')
  const { signingKeys = 1 } = settings
  must(whole(signingKeys) && signingKeys <= 20, 'signing keys are 1 to 20')
  must(whole(settings.logs.storageAccessDays), 'logs are kept for whole days')
  must(whole(witness.lock.days) && witness.lock.days <= 36_500, 'a lock lasts whole days, 100 years at most')
  if (witness.account !== undefined) {
    must(/^\d{12}$/.test(witness.account), 'an account has 12 digits')
    const apart = settings.account !== undefined && settings.region !== undefined
    must(apart, 'with a witness in another account, account and region are named: both accounts must know each other')
    must(witness.account !== settings.account, 'a witness in the same account is named without an account')
  }
  must(signIn.groups.length > 0, 'nobody can be granted anything without groups')
  must(new Set(signIn.groups).size === signIn.groups.length, 'it names a group twice')
  must(
    signIn.groups.every((group) => GROUP.test(group)),
    'groups are named without spaces, by 128 characters at most',
  )
  if (settings.expected)
    must(
      isExpected(settings.expected),
      'what is expected is told in whole numbers, none below 0, with a statement a search and a year of retention at least',
    )
  must(whole(api.requestsPerSecond) && whole(api.burst), 'limits of the API are whole numbers')
  for (const value of Object.values(concurrency)) must(whole(value), 'concurrency is a whole number')
  if (settings.domain) {
    must(/^[a-z0-9.-]+$/.test(settings.domain.name), 'a domain is named without https:// and in small letters')
    must(settings.domain.certificateArn.includes(':us-east-1:'), 'CloudFront wants its certificate in us-east-1')
  }
  if (wrong.length > 0)
    throw new SettingsError(`The environment ${name} cannot be built: ${[...new Set(wrong)].join('; ')}.`)
}

const isExpected = ({ recordsGb, retentionYears, statementsPerSearch, ...counts }: Expected) =>
  recordsGb >= 0 &&
  retentionYears >= 1 &&
  statementsPerSearch >= 1 &&
  Number.isFinite(recordsGb + retentionYears) &&
  [statementsPerSearch, ...Object.values(counts)].every((one) => Number.isSafeInteger(one) && one >= 0)
