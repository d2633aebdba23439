import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena'
import type { AthenaLimits } from './limits.ts'
import { isThrottled, mayPass } from './sdk-errors.ts'

interface Watched {
  seen(execution: QueryExecution): void
  lost(error: unknown): void
  every: number
  due: number
}

/** Ids in one call, as Athena takes them. */
const together = 50
/** Looks in a row that may fail before an execution is given up. */
const failuresAtMost = 20

/**
 * Looks at all running executions of this process: each at first often and then less, those that are due in one call, so that the quotas
 * hold however many there are.
 */
export class Watcher {
  readonly #athena: AthenaClient
  readonly #limits: AthenaLimits
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | undefined
  #looking = false
  #failures = 0

  constructor(athena: AthenaClient, limits: AthenaLimits) {
    this.#athena = athena
    this.#limits = limits
  }

  /** Until `forget`. */
  watch(id: string, told: Pick<Watched, 'seen' | 'lost'>): void {
    this.#watched.set(id, { ...told, every: this.#limits.pollFirst, due: performance.now() + this.#limits.pollFirst })
    this.#plan()
  }

  forget(id: string): void {
    this.#watched.delete(id)
    if (this.#watched.size === 0) clearTimeout(this.#timer)
  }

  #plan(): void {
    if (this.#looking || this.#watched.size === 0) return
    clearTimeout(this.#timer)
    const first = Math.min(...[...this.#watched.values()].map(({ due }) => due))
    // Never more often than the first look is late, for each call that one look takes.
    const calls = Math.ceil(this.#watched.size / together)
    const pause = this.#failures > 0 ? Math.min(5_000, this.#limits.pause * 2 ** Math.min(this.#failures, 6)) : 0
    const wait = Math.max(first - performance.now(), pause, calls > 1 ? this.#limits.pollFirst * calls : 0, 1)
    this.#timer = setTimeout(() => void this.#look(), wait)
  }

  async #look(): Promise<void> {
    this.#looking = true
    const now = performance.now()
    // Those that are due soon come along.
    const due = [...this.#watched].filter(([, { due }]) => due <= now + this.#limits.pollFirst).map(([id]) => id)
    try {
      for (let at = 0; at < due.length; at += together) await this.#ask(due.slice(at, at + together))
      this.#failures = 0
    } catch (error) {
      this.#failures++
      // Of being asked too often nothing is lost.
      if (!isThrottled(error) && (!mayPass(error) || this.#failures > failuresAtMost)) this.#lose(due, error)
    } finally {
      this.#looking = false
      this.#plan()
    }
  }

  async #ask(ids: string[]): Promise<void> {
    const [only] = ids
    if (only !== undefined && ids.length === 1) {
      const { QueryExecution } = await this.#athena.send(new GetQueryExecutionCommand({ QueryExecutionId: only }))
      return QueryExecution && this.#tell(only, QueryExecution)
    }
    const { QueryExecutions = [], UnprocessedQueryExecutionIds = [] } = await this.#athena.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: ids }),
    )
    for (const execution of QueryExecutions) this.#tell(execution.QueryExecutionId ?? '', execution)
    for (const { QueryExecutionId, ErrorCode = '' } of UnprocessedQueryExecutionIds)
      if (/invalid|not_?found/i.test(ErrorCode)) this.#lose([QueryExecutionId ?? ''], new Error(ErrorCode))
      else this.#later(QueryExecutionId ?? '')
  }

  #tell(id: string, execution: QueryExecution): void {
    this.#later(id)
    this.#watched.get(id)?.seen(execution)
  }

  #later(id: string): void {
    const watched = this.#watched.get(id)
    if (!watched) return
    watched.every = Math.min(this.#limits.pollMost, watched.every * 1.5)
    watched.due = performance.now() + watched.every
  }

  #lose(ids: string[], error: unknown): void {
    for (const id of ids) {
      const watched = this.#watched.get(id)
      this.#watched.delete(id)
      watched?.lost(error)
    }
  }
}
