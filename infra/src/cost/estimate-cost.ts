import { prices } from '../prices.ts'
import { assumptions as given } from './assumptions.ts'

/** What an environment is expected to hold and do. */
export interface Expected {
  /** Parquet below archive/, in 10^9 bytes. */
  readonly recordsGb: number
  /** Parquet files. */
  readonly objects: number
  readonly searchesPerMonth: number
  /** Panels of a search: each is a statement of its own to Athena. */
  readonly statementsPerSearch: number
  /** All statements of a search together, at most. */
  readonly bytesPerSearch: number
  /** Who sign in, in a month. */
  readonly people: number
  /** For how long records are kept. */
  readonly retentionYears: number
  /** Times that all tables are crawled: after each load, and after each destruction run. */
  readonly crawls: number
}

/** What the stacks consist of, as they were synthesised. */
export interface Deployed {
  readonly keys: number
  /** Of these, rotated each year. */
  readonly rotatingKeys: number
  readonly alarms: number
  readonly dashboards: number
  readonly crawlers: number
  readonly tier: 'standard' | 'intelligent'
}

export interface CostItem {
  readonly name: string
  /** `always`: a month in which nobody searches. `searching`: comes on top. `once`: over the whole time. */
  readonly when: 'always' | 'searching' | 'once'
  /** US dollars: a month, or in all for `once`. Not rounded. */
  readonly usd: number
  /** The sum, written out. */
  readonly sum: string
}

const month = { minutes: given.hoursAMonth * 60, hours: given.hoursAMonth, quarters: given.hoursAMonth / 6 }
const figure = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 7 })

/** Names a product of factors and works it out, so that the two cannot come apart. */
function item(when: CostItem['when'], name: string, ...terms: (readonly [string, ...number[]])[]): CostItem {
  const usd = terms.reduce((sum, [, ...factors]) => sum + factors.reduce((product, one) => product * one, 1), 0)
  const sum = terms.map(([what, ...factors]) => `${factors.map(figure).join(' x ')} (${what})`).join(' + ')
  return { name, when, usd, sum }
}

export function estimateCost(expected: Expected, deployed: Deployed): CostItem[] {
  return [...always(expected, deployed), ...searching(expected), ...once(expected, deployed)]
}

function always(expected: Expected, deployed: Deployed): CostItem[] {
  const { storage, keys, watch, functions } = prices
  const { recordsGb, objects } = expected
  const calls = month.minutes + month.hours + month.quarters
  return [
    deployed.tier === 'standard'
      ? item('always', 'S3: records', ['GB', recordsGb, storage.standard])
      : item(
          'always',
          'S3: records, at rest',
          ['GB', recordsGb, storage.intelligentAtRest],
          ['1,000 objects watched', objects / 1000, storage.intelligentPer1000Objects],
        ),
    item('always', 'S3: beside the records', ['GB', recordsGb * given.besideRecords, storage.standard]),
    item('always', 'S3: log and searches, half of what is there at the end', [
      'GB',
      loggedGb(expected) / 2,
      storage.standard,
    ]),
    item('always', 'KMS: keys', ['keys', deployed.keys, keys.month]),
    item('always', 'KMS: rotations, on average', [
      'rotations kept',
      deployed.rotatingKeys * averageRotations(expected.retentionYears),
      keys.month,
    ]),
    item('always', 'CloudWatch: alarms', ['alarms', deployed.alarms, watch.alarmMonth]),
    item('always', 'CloudWatch: dashboard', ['dashboards', deployed.dashboards, watch.dashboardMonth]),
    item('always', 'CloudWatch: metrics of the functions', ['metrics', given.ownMetrics, watch.metricMonth]),
    item('always', 'CloudWatch: logs', [
      'GB in, kept a month',
      (calls * given.logBytesACall) / 1e9,
      watch.logGbIn + watch.logGbMonth,
    ]),
    item('always', 'X-Ray: traces', ['million', calls / 1e6, watch.perMillionTraces]),
    item('always', 'Lambda: sealer, each minute', [
      'GB-seconds',
      month.minutes * given.sealingSeconds,
      functions.gbSecond,
    ]),
    item(
      'always',
      'S3: calls of the sealer',
      ['1,000 writes and listings', (month.minutes * given.sealingWrites) / 1000, storage.per1000Writes],
      ['1,000 reads', (month.minutes * given.sealingReads) / 1000, storage.per1000Reads],
    ),
    item(
      'always',
      'Lambda: upkeep and verifier',
      ['GB-seconds of upkeep', month.hours * given.upkeepSeconds, functions.gbSecond],
      ['GB-seconds of the verifier', month.quarters * given.verifyingSeconds * 1.769, functions.gbSecond],
    ),
    item('always', 'Lambda: calls by the clock', ['million', calls / 1e6, functions.perMillionCalls]),
  ]
}

function searching(expected: Expected): CostItem[] {
  const { storage, keys, watch, functions, athena, api, web, signIn } = prices
  const { searchesPerMonth: searches, statementsPerSearch: statements, bytesPerSearch, people } = expected
  const requests = searches * given.requestsASearch
  const billed = statements * Math.max(athena.leastBytes, Math.ceil(bytesPerSearch / statements / 1e6) * 1e6)
  const writes = searches * given.writesASearch
  const reads = searches * given.readsASearch
  return [
    item('searching', 'Athena: bytes', ['searches, TB of each', searches, billed / 1e12, athena.tb]),
    item(
      'searching',
      'Lambda: API',
      ['GB-seconds', requests * given.secondsARequest * 1.769, functions.gbSecond],
      ['million calls', requests / 1e6, functions.perMillionCalls],
    ),
    item('searching', 'API Gateway', ['million requests', requests / 1e6, api.perMillionRequests]),
    item('searching', 'API Gateway: metrics by route', [
      'metrics, share of hours',
      given.routeMetrics,
      given.workingHours / given.hoursAMonth,
      watch.metricMonth,
    ]),
    item(
      'searching',
      'S3: calls',
      ['1,000 writes', writes / 1000, storage.per1000Writes],
      ['1,000 reads', reads / 1000, storage.per1000Reads],
    ),
    item('searching', 'KMS: requests, each write and read at most', [
      '10,000',
      (writes + reads) / 1e4,
      keys.per10000Requests,
    ]),
    item('searching', 'KMS: signatures, each minute of work at most', [
      '10,000',
      Math.min(searches, given.workingHours * 60) / 1e4,
      keys.per10000Signatures,
    ]),
    item(
      'searching',
      'CloudFront',
      ['10,000 requests', requests / 1e4, web.per10000Requests],
      ['GB out', (searches * given.megabytesToBrowser) / 1000, web.gbOut],
    ),
    item('searching', 'Cognito: people, Plus plan', ['people', people, signIn.personMonth]),
    item(
      'searching',
      'Lambda: names in tokens',
      ['GB-seconds', people * given.tokensAPerson * given.secondsAToken * 0.25, functions.gbSecond],
      ['million calls', (people * given.tokensAPerson) / 1e6, functions.perMillionCalls],
      ['million traces', (people * given.tokensAPerson) / 1e6, watch.perMillionTraces],
    ),
    item(
      'searching',
      'CloudWatch: logs and traces',
      ['GB in, kept a month', (requests * given.logBytesACall) / 1e9, watch.logGbIn + watch.logGbMonth],
      ['million traces', requests / 1e6, watch.perMillionTraces],
    ),
  ]
}

function once({ crawls, objects }: Expected, { crawlers }: Deployed): CostItem[] {
  const { glue, storage } = prices
  return [
    item('once', 'S3: records put, in parts', ['1,000 writes', (objects * 4) / 1000, storage.per1000Writes]),
    item('once', 'Glue: crawls of all tables', [
      'crawls, crawlers, units, hours',
      crawls,
      crawlers,
      given.crawlerUnits,
      glue.leastMinutes / 60,
      glue.dpuHour,
    ]),
  ]
}

/** GB of log and search records when the time is over: they are never removed by us. */
const loggedGb = ({ searchesPerMonth, retentionYears }: Expected) =>
  (searchesPerMonth * retentionYears * 12 * given.bytesASearch) / 1e9

/** Of a key over its years: none in the first, one in the second, two in all others. */
function averageRotations(years: number): number {
  const paidYears = Math.min(1, Math.max(0, years - 1)) + 2 * Math.max(0, years - 2)
  return years > 0 ? paidYears / years : 0
}

export interface Totals {
  readonly alwaysPerMonth: number
  readonly searchingPerMonth: number
  readonly once: number
  readonly wholeTime: number
}

export function totalsOf(items: readonly CostItem[], years: number): Totals {
  const of = (when: CostItem['when']) => items.filter((one) => one.when === when).reduce((sum, { usd }) => sum + usd, 0)
  const alwaysPerMonth = of('always')
  const searchingPerMonth = of('searching')
  const once = of('once')
  return {
    alwaysPerMonth,
    searchingPerMonth,
    once,
    wholeTime: once + (alwaysPerMonth + searchingPerMonth) * 12 * years,
  }
}
