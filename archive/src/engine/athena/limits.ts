export interface AthenaLimits {
  /** Milliseconds a start waits for Athena to take it, by lane. Defaults: 20 s for a search, 5 minutes for an export. */
  startWait: { search: number; export: number }
  /** Starts sent at once. Default: 4. */
  startsAtOnce: number
  /** Starts waiting in line; more are told that Athena is busy. Default: 1,000. */
  queued: number
  /** Milliseconds between two looks at an execution: the first, and the longest. Defaults: 100 and 1,000. */
  pollFirst: number
  pollMost: number
  /** Milliseconds of the first pause after Athena said that it was asked too often; doubled each time, 5 s at most. Default: 250. */
  pause: number
  /** Times a statement is run again after records were replaced under it. Default: 2. */
  again: number
  /** Bytes of text one kept result may have. Default: 256 MB. */
  resultBytes: number
  /** Bytes of one kept result held in memory; the rest waits in a file. Default: 8 MB. */
  resultMemory: number
  /** Bytes of all kept results together held in memory. Default: 128 MB. */
  resultsMemory: number
  /** Keys of an export told apart in memory; more are told apart by way of files. Default: 200,000. */
  keysInMemory: number
  /** Ended executions kept for `status` and `rows`. Default: 500. */
  kept: number
  /** Milliseconds an ended execution is kept. Default: 10 minutes. */
  keptFor: number
  /** Milliseconds for which the catalog is not looked at again. Default: 3,000. */
  catalogAge: number
  /** Objects of a table named one by one; of one with more, the loads are named. Default: 500. */
  objectsNamed: number
}

const megabyte = 1024 ** 2

export const withDefaults = (limits: Partial<AthenaLimits> = {}): AthenaLimits => ({
  startWait: { search: 20_000, export: 300_000 },
  startsAtOnce: 4,
  queued: 1000,
  pollFirst: 100,
  pollMost: 1000,
  pause: 250,
  again: 2,
  resultBytes: 256 * megabyte,
  resultMemory: 8 * megabyte,
  resultsMemory: 128 * megabyte,
  keysInMemory: 200_000,
  kept: 500,
  keptFor: 10 * 60_000,
  catalogAge: 3000,
  objectsNamed: 500,
  ...limits,
})
