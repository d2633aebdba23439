/** What an estimate takes for granted where nobody said otherwise. A figure that was counted here says how. */
export const assumptions = {
  hoursAMonth: 730,
  /** Seals, ledger, reports, catalog and templates beside the records. */
  besideRecords: 0.1,
  /** Calls of S3 by one sealing with nothing to seal, counted over the store in memory: 5 listings and 1 put; 15 gets and heads. */
  sealingWrites: 6,
  sealingReads: 15,
  /** Seconds of a function, not measured in AWS. */
  sealingSeconds: 1,
  upkeepSeconds: 10,
  verifyingSeconds: 60,
  /** Bytes that one call of a function logs, metrics included. */
  logBytesACall: 1_500,
  /** Metrics that functions tell while nobody searches: four of the sealer, two of upkeep, two of the verifier. */
  ownMetrics: 8,
  /** One search, as a browser makes it: start, polls, panels, pages. */
  requestsASearch: 8,
  secondsARequest: 0.4,
  /** A search's record, its entries in the log, its results; Athena's own reading of objects among the reads. */
  writesASearch: 15,
  readsASearch: 80,
  /** That stay: entries of the log and the search's record. */
  bytesASearch: 12_000,
  megabytesToBrowser: 0.5,
  /** A person's access tokens a month: one each ten minutes of the working hours, at most. */
  tokensAPerson: 1_320,
  secondsAToken: 0.05,
  /** Routes times metrics of the HTTP API that are written while somebody searches; a working month of hours. */
  routeMetrics: 30,
  workingHours: 220,
  /** Processing units of one crawler. */
  crawlerUnits: 2,
} as const
