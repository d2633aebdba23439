import { availableParallelism, constrainedMemory, totalMemory } from './machine.ts'

export interface EngineLimits {
  /** Processes that answer searches. Default: the cores there are, at least 2. */
  searchWorkers: number
  /** Processes that write exports. Default: 1. */
  exportWorkers: number
  /** Threads of one search. Default: half the cores, so that one large search leaves room for others. */
  searchThreads: number
  /** Threads of an export, which runs at a lower priority. Default: the cores there are. */
  exportThreads: number
  /** Bytes of memory one process may use. Default: half of the machine's, shared evenly, between 256 MB and 8 GB. */
  memory: number
  /** Bytes a process may hold beyond that, for what DuckDB does not count, before it is killed. Default: 512 MB. */
  overhead: number
  /** Bytes one process may spill to disk. Default: 20 GB. */
  scratch: number
  /** Bytes of text one kept result may have. Default: 256 MB. */
  resultBytes: number
  /** Bytes of one kept result held in memory; the rest waits in a file. Default: 8 MB. */
  resultMemory: number
  /** Bytes of all kept results together held in memory. Default: 128 MB. */
  resultsMemory: number
  /** Executions waiting; more are refused. Default: 1,000. */
  queued: number
  /** Ended executions kept for `status` and `rows`. Default: 500. */
  kept: number
  /** Milliseconds an ended execution is kept. Default: 10 minutes. */
  keptFor: number
  /** Milliseconds an interrupted statement has to end before its process is killed. Default: 1,000. */
  grace: number
  /** Milliseconds for which the catalog is not looked at again. Default: 1,000. */
  catalogAge: number
}

const megabyte = 1024 ** 2

export function withDefaults(limits: Partial<EngineLimits> = {}): EngineLimits {
  const cores = availableParallelism()
  const searchWorkers = limits.searchWorkers ?? Math.max(2, cores)
  const exportWorkers = limits.exportWorkers ?? 1
  const share = (Math.min(totalMemory(), constrainedMemory()) * 0.5) / (searchWorkers + exportWorkers)
  return {
    searchWorkers,
    exportWorkers,
    searchThreads: Math.max(1, Math.ceil(cores / 2)),
    exportThreads: cores,
    memory: Math.round(Math.min(8192 * megabyte, Math.max(256 * megabyte, share))),
    overhead: 512 * megabyte,
    scratch: 20 * 1024 * megabyte,
    resultBytes: 256 * megabyte,
    resultMemory: 8 * megabyte,
    resultsMemory: 128 * megabyte,
    queued: 1000,
    kept: 500,
    keptFor: 10 * 60_000,
    grace: 1000,
    catalogAge: 1000,
    ...limits,
  }
}
