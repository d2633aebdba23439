import { NotFoundError } from '../../errors.ts'
import type { KeptRows } from '../kept-rows.ts'
import type { Failure } from '../pool/messages.ts'
import type { Execution, ResultColumn, Row, StartOptions, Statement } from '../port.ts'

/** What becomes of the rows of an execution. */
export interface Outlet {
  /** Before the first row. Throws Refused where the columns are not those that are needed. */
  open(columns: ResultColumn[]): Promise<void>
  add(rows: Row[]): Promise<void>
  /** After the last row. */
  finish(rows: number, more: boolean): Promise<Partial<NonNullable<Execution['result']>>>
  /** Forgets what came so far. */
  discard(): Promise<void>
}

export interface KeptExecution {
  /** The one that was given out: Athena's, of the first time that it ran. */
  id: string
  /** Athena's, of the time that it runs now. */
  current: string
  execution: Execution
  statement: Statement
  options: StartOptions
  outlet: Outlet
  /** Rows of a panel. */
  rows?: KeptRows
  /** Times it was run again. */
  again: number
  /** What earlier times have cost. */
  before: { bytesScanned: number; engineMs: number; queueMs: number }
  careful: boolean
  /** Whether rows may be hidden from what it reads, where that is known. */
  ruled?: boolean
  /** Ends whatever is done for it here. */
  abort: AbortController
  /** Moment at which it was first seen running. */
  running?: number
  /** What is done here after it has ended in Athena; never rejects. */
  work?: Promise<void>
  /** It is being ended from here. */
  stopping?: boolean
  finished?: number
  ended: Promise<void>
  end(how: Failure | 'cancelled' | NonNullable<Execution['result']>): void
}

/** What this process remembers of executions: all that run, and the ended ones for a while. */
export class KeptExecutions {
  readonly #byId = new Map<string, KeptExecution>()
  readonly #byToken = new Map<string, string>()
  readonly #kept: number
  readonly #keptFor: number

  constructor(options: { kept: number; keptFor: number }) {
    this.#kept = options.kept
    this.#keptFor = options.keptFor
  }

  byToken(token: string): KeptExecution | undefined {
    const id = this.#byToken.get(token)
    return id === undefined ? undefined : this.#byId.get(id)
  }

  find(id: string): KeptExecution | undefined {
    return this.#byId.get(id)
  }

  /** Throws NotFoundError. */
  get(id: string): KeptExecution {
    const found = this.#byId.get(id)
    if (!found) throw new NotFoundError('This execution is not known, or is no longer kept.')
    return found
  }

  add(id: string, statement: Statement, options: StartOptions, outlet: Outlet): KeptExecution {
    this.#evict()
    let ended: () => void = () => undefined
    const execution: Execution = { id, state: 'QUEUED', statistics: { bytesScanned: 0, queueMs: 0, engineMs: 0 } }
    const kept: KeptExecution = {
      id,
      current: id,
      execution,
      statement,
      options,
      outlet,
      again: 0,
      before: { bytesScanned: 0, engineMs: 0, queueMs: 0 },
      careful: false,
      abort: new AbortController(),
      ended: new Promise((resolve) => {
        ended = resolve
      }),
      end(how) {
        if (kept.finished !== undefined) return
        kept.finished = performance.now()
        if (how === 'cancelled') execution.state = 'CANCELLED'
        else if ('kind' in how) {
          execution.state = 'FAILED'
          const { kind, message, retryable, columns } = how
          execution.error = { kind, message, retryable, ...(columns && { columns }) }
        } else {
          execution.state = 'SUCCEEDED'
          execution.result = how
        }
        kept.abort.abort()
        ended()
      },
    }
    this.#byId.set(id, kept)
    this.#byToken.set(options.token, id)
    return kept
  }

  running(): KeptExecution[] {
    return [...this.#byId.values()].filter(({ finished }) => finished === undefined)
  }

  clear(): void {
    for (const kept of [...this.#byId.values()]) this.#forget(kept)
  }

  #evict(): void {
    const ended = [...this.#byId.values()].filter(({ finished }) => finished !== undefined)
    const oldest = performance.now() - this.#keptFor
    const tooMany = ended.length - this.#kept
    ended.forEach((kept, index) => {
      if (index < tooMany || (kept.finished ?? 0) < oldest) this.#forget(kept)
    })
  }

  #forget(kept: KeptExecution): void {
    this.#byId.delete(kept.id)
    if (this.#byToken.get(kept.options.token) === kept.id) this.#byToken.delete(kept.options.token)
    kept.rows?.discard()
  }
}
