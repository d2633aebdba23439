import { NotFoundError, OperatorError } from '../errors.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Execution, Row } from './port.ts'

/** What every engine keeps of an execution. */
export interface Remembered {
  id: string
  execution: Execution
  rows?: KeptRows
  /** Moment at which it ended. */
  finished?: number
  /** Resolves when it has ended. */
  ended: Promise<void>
}

/** What a process remembers of executions: all that run, and the ended ones for a while. */
export class RememberedExecutions<Kept extends Remembered> {
  readonly #byId = new Map<string, Kept>()
  readonly #byToken = new Map<string, string>()
  readonly #tokens = new Map<string, string>()
  readonly #kept: number
  readonly #keptFor: number

  constructor(options: { kept: number; keptFor: number }) {
    this.#kept = options.kept
    this.#keptFor = options.keptFor
  }

  byToken(token: string): Kept | undefined {
    const id = this.#byToken.get(token)
    return id === undefined ? undefined : this.#byId.get(id)
  }

  find(id: string): Kept | undefined {
    return this.#byId.get(id)
  }

  /** Throws NotFoundError. */
  get(id: string): Kept {
    const found = this.#byId.get(id)
    if (!found) throw new NotFoundError('This execution is not known, or is no longer kept.')
    return found
  }

  running(): Kept[] {
    return [...this.#byId.values()].filter(({ finished }) => finished === undefined)
  }

  clear(): void {
    for (const kept of [...this.#byId.values()]) this.#forget(kept)
  }

  protected remember(kept: Kept, token: string): Kept {
    this.#evict()
    this.#byId.set(kept.id, kept)
    this.#byToken.set(token, kept.id)
    this.#tokens.set(kept.id, token)
    return kept
  }

  #evict(): void {
    const ended = [...this.#byId.values()].filter(({ finished }) => finished !== undefined)
    const oldest = performance.now() - this.#keptFor
    const tooMany = ended.length - this.#kept
    ended.forEach((kept, index) => {
      if (index < tooMany || (kept.finished ?? 0) < oldest) this.#forget(kept)
    })
  }

  #forget(kept: Kept): void {
    this.#byId.delete(kept.id)
    const token = this.#tokens.get(kept.id)
    this.#tokens.delete(kept.id)
    if (token !== undefined && this.#byToken.get(token) === kept.id) this.#byToken.delete(token)
    kept.rows?.discard()
  }
}

export const snapshotOf = ({ execution }: Remembered): Execution => structuredClone(execution)

/** As it stands when it has ended or `ms` have passed; the process is not kept alive for it. */
export async function waitFor(kept: Remembered, ms: number): Promise<Execution> {
  if (kept.finished === undefined && ms > 0) await Promise.race([kept.ended, elapsed(ms, kept.ended)])
  return snapshotOf(kept)
}

export async function* rowsOf({ execution, rows }: Remembered): AsyncGenerator<Row[]> {
  if (execution.state !== 'SUCCEEDED')
    throw new OperatorError(`Rows are there once an execution has succeeded; this one is ${execution.state}.`)
  if (rows) yield* rows.read()
}

function elapsed(ms: number, ended: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void ended.then(() => clearTimeout(timer))
  })
}
