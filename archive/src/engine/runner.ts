import { InputError, MunimentError, OperatorError, TemplateError } from '../errors.ts'
import type { Executions, KeptExecution } from './executions.ts'
import type { EngineLimits } from './limits.ts'
import type { Lane, Task } from './pool/lane.ts'
import type { ApplicationSetup, Failure, Job, Outcome } from './pool/messages.ts'
import * as sentences from './pool/sentences.ts'
import type { StartOptions, Statement } from './port.ts'
import type { Setups } from './setups.ts'

export interface RunnerOptions {
  lanes: Record<StartOptions['lane'], Lane>
  setups: Setups
  executions: Executions
  limits: EngineLimits
}

export interface Work {
  /** What a process is asked to do. */
  job(id: string): Job['work']
  /** Before anything runs: makes room for rows. */
  prepare?(kept: KeptExecution): void
  /** After it has succeeded and before the status says so. */
  finish?(kept: KeptExecution, outcome: Outcome): Promise<void>
}

interface Attempt {
  kept: KeptExecution
  statement: Statement
  options: StartOptions
  work: Work
  setup: ApplicationSetup
  /** Times it may be tried again when records were replaced under it. */
  retries: number
  /** After a failure that a hidden row may have caused. */
  careful?: boolean
}

/** Brings statements to the lanes and their outcomes into what is kept of executions. */
export function createRunner({ lanes, setups, executions, limits }: RunnerOptions) {
  function begin(statement: Statement, options: StartOptions, work: Work): string {
    if (options.token.length < 32 || options.token.length > 128)
      throw new OperatorError('An idempotency token has 32 to 128 characters.')
    const known = executions.byToken(options.token)
    if (known) return known.id
    if (lanes[options.lane].queued >= limits.queued)
      throw new InputError('Too many searches are waiting. Try again in a moment.')
    const kept = executions.add(options.token)
    work.prepare?.(kept)
    const stopped = stoppable(kept)
    // A start is acknowledged at once; whatever is wrong is told by the status.
    void setups.get(statement.application).then(
      (setup) =>
        stopped() ? fail(kept, 'cancelled', 0) : submit({ kept, statement, options, work, setup, retries: 1 }),
      (error: unknown) => fail(kept, asFailure(error), 0),
    )
    return kept.id
  }

  function submit(attempt: Attempt) {
    const { kept, statement, options, work, setup, retries, careful } = attempt
    const lane = lanes[options.lane]
    const { execution } = kept
    let began = performance.now()
    let used = setup
    const task: Task = {
      person: options.person,
      timeLimit: options.timeLimit,
      job: {
        id: kept.id,
        application: statement.application,
        sql: statement.sql,
        values: statement.values,
        work: work.job(kept.id),
        ...(statement.restrictions ? { restrictions: statement.restrictions } : {}),
        ...(statement.places ? { places: true as const } : {}),
        ...(careful ? { careful } : {}),
      },
      setup: () => {
        used = setups.latest(statement.application, setup)
        return used
      },
      started: () => {
        began = performance.now()
        execution.state = 'RUNNING'
        execution.statistics.queueMs = began - kept.started
      },
      progress: (fraction) => {
        execution.progress = fraction
      },
      rows: (body) => kept.rows?.append(body).catch((error: unknown) => lane.stop(task, asFailure(error))),
      done: async (outcome, body) => {
        execution.statistics.engineMs = performance.now() - began
        try {
          if (body) await kept.rows?.append(body)
          await work.finish?.(kept, outcome)
        } catch (error) {
          return fail(kept, asFailure(error), outcome.bytesScanned)
        }
        execution.statistics.bytesScanned = outcome.bytesScanned
        execution.catalogVersion = used.version
        const { columns, rows, more, keys } = outcome
        execution.result = { columns, rows, more, ...(keys !== undefined && { keys }) }
        execution.state = 'SUCCEEDED'
        kept.end()
      },
      failed: (failure, bytesScanned) => {
        execution.statistics.engineMs = performance.now() - began
        // What a hidden row has caused must not be told, and what it did not cause happens again.
        if (failure !== 'cancelled' && failure.doubtful && !careful) {
          kept.rows?.clear()
          submit({ ...attempt, careful: true })
        } else if (failure === 'cancelled' || failure.kind !== 'changed' || retries === 0)
          fail(kept, failure, bytesScanned)
        else void again(attempt, used.version, failure, bytesScanned)
      },
    }
    kept.stop = () => lane.stop(task, 'cancelled')
    lane.push(task)
  }

  /** Records were replaced under a search: once more, where the catalog says so too and nobody has cancelled. */
  async function again(attempt: Attempt, version: string, failure: Failure, bytesScanned: number) {
    const { kept, statement, retries } = attempt
    const stopped = stoppable(kept)
    const setup = await setups.look(statement.application).catch(() => undefined)
    if (stopped()) return fail(kept, 'cancelled', bytesScanned)
    if (!setup || setup.version === version) return fail(kept, failure, bytesScanned)
    kept.rows?.clear()
    submit({ ...attempt, setup, retries: retries - 1 })
  }

  return { begin }
}

/** While it is in no queue a stop is remembered; gives whether there was one. */
function stoppable(kept: KeptExecution): () => boolean {
  let stopped = false
  kept.stop = () => {
    stopped = true
  }
  return () => stopped
}

function fail(kept: KeptExecution, failure: Failure | 'cancelled', bytesScanned: number) {
  const { execution } = kept
  kept.rows?.discard()
  execution.statistics.bytesScanned = bytesScanned
  if (failure === 'cancelled') execution.state = 'CANCELLED'
  else {
    execution.state = 'FAILED'
    const { kind, message, retryable, columns } = failure
    execution.error = { kind, message, retryable, ...(columns ? { columns } : {}) }
  }
  kept.end()
}

function asFailure(error: unknown): Failure {
  if (error instanceof MunimentError) {
    const kind = error instanceof TemplateError || error instanceof InputError ? 'user' : 'system'
    return { kind, message: error.message, retryable: false }
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return sentences.noSpace()
  return sentences.cannotBegin()
}
