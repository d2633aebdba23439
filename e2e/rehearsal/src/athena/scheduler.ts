import { setTimeout as sleep } from 'node:timers/promises'
import { type Execution, isOver } from './execution.ts'
import { failureOf, stopped, timedOut } from './failures.ts'
import type { Faults } from './faults.ts'
import type { Settings } from './settings.ts'

export interface Scheduler {
  add(execution: Execution): void
  stop(execution: Execution): void
  /** Resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Takes executions through their states, a few at once. `run` carries one out and throws where it fails. */
export function createScheduler(
  settings: Settings,
  faults: Faults,
  now: () => number,
  run: (execution: Execution) => Promise<void>,
): Scheduler {
  const queue: Execution[] = []
  const running = new Set<Promise<void>>()
  const live = new Set<Execution>()

  const finish = (execution: Execution, failure?: unknown) => {
    if (isOver(execution)) return
    execution.completedAt = now()
    live.delete(execution)
    if (failure === undefined) {
      execution.state = 'SUCCEEDED'
      return
    }
    const { message, state, error } = failureOf(failure)
    execution.state = state
    execution.reason = message
    if (error) execution.error = error
  }

  const carryOut = async (execution: Execution) => {
    const { signal } = execution.abort
    const timer = setTimeout(() => execution.abort.abort(timedOut()), settings.dmlTimeoutMs)
    try {
      const delay = faults.delay(execution.query)
      await sleep(delay?.queuedMs ?? 0, undefined, { signal })
      execution.state = 'RUNNING'
      execution.startedAt = now()
      await sleep(delay?.runningMs ?? 0, undefined, { signal })
      if (delay?.requeue) {
        execution.state = 'QUEUED'
        await sleep(delay.queuedMs ?? 0, undefined, { signal })
        execution.state = 'RUNNING'
      }
      const failure = faults.fail(execution.query)
      if (failure) throw failure
      await run(execution)
      finish(execution)
    } catch (error) {
      finish(execution, signal.aborted ? signal.reason : error)
    } finally {
      clearTimeout(timer)
    }
  }

  const fill = () => {
    while (running.size < Math.max(1, settings.runningAtOnce)) {
      const next = queue.shift()
      if (!next) return
      if (isOver(next)) continue
      const done = carryOut(next).finally(() => {
        running.delete(done)
        fill()
      })
      running.add(done)
    }
  }

  const stop = (execution: Execution) => {
    if (isOver(execution)) return
    execution.abort.abort(stopped())
    finish(execution, stopped())
  }

  return {
    add(execution) {
      live.add(execution)
      queue.push(execution)
      fill()
    },
    stop,
    async close() {
      for (const execution of [...live]) stop(execution)
      await Promise.all(running)
    },
  }
}
