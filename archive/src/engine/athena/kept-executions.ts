import type { Failure } from '../pool/messages.ts'
import type { Execution, ResultColumn, Row, StartOptions, Statement } from '../port.ts'
import { type Remembered, RememberedExecutions } from '../remembered-executions.ts'

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

export interface KeptExecution extends Remembered {
  /** The one that was given out: Athena's, of the first time that it ran. */
  id: string
  /** Athena's, of the time that it runs now. */
  current: string
  statement: Statement
  options: StartOptions
  outlet: Outlet
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
  end(how: Failure | 'cancelled' | NonNullable<Execution['result']>): void
}

/** What this process remembers of executions: all that run, and the ended ones for a while. */
export class KeptExecutions extends RememberedExecutions<KeptExecution> {
  add(id: string, statement: Statement, options: StartOptions, outlet: Outlet): KeptExecution {
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
    return this.remember(kept, options.token)
  }
}
