import type { AthenaError } from '@aws-sdk/client-athena'
import { ServiceError } from './errors.ts'
import { QueryFailure } from './failures.ts'

/** What goes wrong on purpose, `times` times (1 unless said), in the order it was asked for. */
export type Fault = {
  times?: number
} /** A call is refused before anything happens; every operation unless one is named. */ & (
  | { kind: 'refuse'; operation?: string; error?: string; message?: string; reason?: string }
  /** A call is carried out and its connection cut before the reply. */
  | { kind: 'loseReply'; operation?: string }
  /** A query whose text includes `match` (any, unless given) ends so instead of running. */
  | { kind: 'fail'; match?: string; state?: 'FAILED' | 'CANCELLED'; reason: string; error?: AthenaError }
  /** A query is kept QUEUED and RUNNING for longer; `requeue`: it goes back to QUEUED once in between. */
  | { kind: 'delay'; match?: string; queuedMs?: number; runningMs?: number; requeue?: boolean }
  /** A query is said to have read more than it did. */
  | { kind: 'scan'; match?: string; bytes: number }
)

type Kind = Fault['kind']
const kinds: readonly string[] = ['refuse', 'loseReply', 'fail', 'delay', 'scan'] satisfies Kind[]

export interface Faults {
  add(fault: unknown): void
  clear(): void
  list(): readonly Fault[]
  /** Throws what a `refuse` asks for. */
  refuse(operation: string): void
  losesReply(operation: string): boolean
  fail(query: string): QueryFailure | undefined
  delay(query: string): Extract<Fault, { kind: 'delay' }> | undefined
  scan(query: string): number
}

export function createFaults(): Faults {
  let faults: Fault[] = []

  const take = <K extends Kind>(kind: K, fits: (fault: Extract<Fault, { kind: K }>) => boolean) => {
    const found = faults.find(
      (fault): fault is Extract<Fault, { kind: K }> =>
        fault.kind === kind && fits(fault as Extract<Fault, { kind: K }>),
    )
    if (!found) return undefined
    found.times = (found.times ?? 1) - 1
    faults = faults.filter((fault) => (fault.times ?? 1) > 0)
    return found
  }
  const named = (operation: string) => (fault: { operation?: string }) =>
    fault.operation === undefined || fault.operation === operation
  const matching = (query: string) => (fault: { match?: string }) =>
    fault.match === undefined || query.includes(fault.match)

  return {
    add(fault) {
      const { kind } = (fault ?? {}) as { kind?: unknown }
      if (typeof kind !== 'string' || !kinds.includes(kind))
        throw new TypeError(`A fault's kind is one of ${kinds.join(', ')}.`)
      faults.push({ ...(fault as Fault) })
    },
    clear: () => {
      faults = []
    },
    list: () => faults,
    refuse(operation) {
      const fault = take('refuse', named(operation))
      if (!fault) return
      const members = fault.reason === undefined ? {} : { Reason: fault.reason }
      throw new ServiceError(fault.error ?? 'ThrottlingException', fault.message ?? 'Rate exceeded', members)
    },
    losesReply: (operation) => take('loseReply', named(operation)) !== undefined,
    fail(query) {
      const fault = take('fail', matching(query))
      return fault && new QueryFailure(fault.reason, fault.error, fault.state)
    },
    delay: (query) => take('delay', matching(query)),
    scan: (query) => take('scan', matching(query))?.bytes ?? 0,
  }
}
