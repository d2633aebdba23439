import { randomUUID } from 'node:crypto'
import { NotFoundError } from '../errors.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Task } from './pool/lane.ts'
import type { Execution, Row } from './port.ts'

export interface KeptExecution {
  id: string
  token: string
  execution: Execution
  rows?: KeptRows
  task?: Task
  stop(): void
  /** Resolves when it has ended. */
  ended: Promise<void>
  end(): void
  started: number
  finished?: number
}

/** What the engine remembers of executions: all that run, and the ended ones for a while. */
export class Executions {
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

  get(id: string): KeptExecution {
    const found = this.#byId.get(id)
    if (!found) throw new NotFoundError('This execution is not known, or is no longer kept.')
    return found
  }

  add(token: string): KeptExecution {
    this.#evict()
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const id = randomUUID()
    const kept: KeptExecution = {
      id,
      token,
      execution: { id, state: 'QUEUED', statistics: { bytesScanned: 0, queueMs: 0, engineMs: 0 } },
      started: performance.now(),
      stop: () => undefined,
      ended,
      end: () => {
        kept.finished = performance.now()
        end()
      },
    }
    this.#byId.set(id, kept)
    this.#byToken.set(token, id)
    return kept
  }

  running(): KeptExecution[] {
    return [...this.#byId.values()].filter((kept) => kept.finished === undefined)
  }

  clear() {
    for (const kept of [...this.#byId.values()]) this.#forget(kept)
  }

  #evict() {
    const ended = [...this.#byId.values()].filter((kept) => kept.finished !== undefined)
    const oldest = performance.now() - this.#keptFor
    const tooMany = ended.length - this.#kept
    ended.forEach((kept, index) => {
      if (index < tooMany || (kept.finished ?? 0) < oldest) this.#forget(kept)
    })
  }

  #forget(kept: KeptExecution) {
    this.#byId.delete(kept.id)
    if (this.#byToken.get(kept.token) === kept.id) this.#byToken.delete(kept.token)
    kept.rows?.discard()
  }
}

export type { Row }
