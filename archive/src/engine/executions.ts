import { randomUUID } from 'node:crypto'
import type { Task } from './pool/lane.ts'
import type { Row } from './port.ts'
import { type Remembered, RememberedExecutions } from './remembered-executions.ts'

export interface KeptExecution extends Remembered {
  token: string
  task?: Task
  stop(): void
  end(): void
  started: number
}

/** What the engine remembers of executions: all that run, and the ended ones for a while. */
export class Executions extends RememberedExecutions<KeptExecution> {
  add(token: string): KeptExecution {
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
    return this.remember(kept, token)
  }
}

export type { Row }
