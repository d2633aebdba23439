/**
 * What AWS asks for what the stacks use, in US dollars, without free tiers and discounts. Written down from memory of the public
 * price lists and not read from them again: confirm each before a decision hangs on it. Other regions differ, most by less than a third.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-01',
  confirmed: false,
  storage: {
    /** A GB and month, first 50 TB. */
    standard: 0.023,
    /** Intelligent-Tiering once nobody has read an object for 90 days; Athena reads it as before. */
    intelligentAtRest: 0.004,
    /** A month, each 1,000 objects of 128 KB and more in Intelligent-Tiering. */
    intelligentPer1000Objects: 0.0025,
    /** Each 1,000: PUT, POST, LIST. */
    per1000Writes: 0.005,
    /** Each 1,000: GET, HEAD. */
    per1000Reads: 0.0004,
  },
  keys: {
    /** A key and month. Its first and its second yearly rotation add as much each, further ones nothing. */
    month: 1,
    per10000Requests: 0.03,
    /** Signatures of elliptic curves. */
    per10000Signatures: 0.15,
  },
  watch: {
    alarmMonth: 0.1,
    dashboardMonth: 3,
    /** A metric of one's own and month, by the hour in which it was written. */
    metricMonth: 0.3,
    logGbIn: 0.5,
    logGbMonth: 0.03,
    perMillionTraces: 5,
  },
  functions: {
    /** arm64. */
    gbSecond: 0.000_013_333_4,
    perMillionCalls: 0.2,
  },
  athena: {
    /** 10^12 bytes; a statement is billed for `leastBytes` at least. */
    tb: 5,
    leastBytes: 10_000_000,
  },
  glue: {
    /** A data processing unit and hour; a crawl is billed for `leastMinutes` at least. */
    dpuHour: 0.44,
    leastMinutes: 10,
  },
  api: { perMillionRequests: 1 },
  web: { gbOut: 0.085, per10000Requests: 0.01 },
  /** A person who signs in that month, in the Plus plan (threat protection). Essentials, the least that lets names into access tokens: 0.015. */
  signIn: { personMonth: 0.02 },
} as const
