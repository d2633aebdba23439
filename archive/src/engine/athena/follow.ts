import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AthenaClient, type QueryExecution, StopQueryExecutionCommand } from '@aws-sdk/client-athena'
import type { S3Client } from '@aws-sdk/client-s3'
import { NotFoundError } from '../../errors.ts'
import type { Failure } from '../pool/messages.ts'
import { tooLong } from '../pool/sentences.ts'
import type { Execution, ResultColumn } from '../port.ts'
import { Failed, Refused } from '../worker/failures.ts'
import { asFailure, failureOf } from './failures.ts'
import type { KeptExecution } from './kept-executions.ts'
import type { AthenaLimits } from './limits.ts'
import { columnType } from './results/column-types.ts'
import { resultColumns, resultRows } from './results/result-object.ts'
import { asRefusal, isDenied, isThrottled, mayPass } from './sdk-errors.ts'
import * as sentences from './sentences.ts'
import { marks, versionIn } from './sql/athena-statement.ts'
import { persistent } from './start-line.ts'
import type { Watcher } from './watcher.ts'

export interface FollowParts {
  athena: AthenaClient
  s3: S3Client
  limits: AthenaLimits
  watcher: Watcher
  /** Starts a statement once more; gives Athena's id. */
  startAgain: (kept: KeptExecution, token: string) => Promise<string>
}

/** Times that the result object is read from its beginning when its connection broke. */
const readsAtMost = 3

export type Follower = ReturnType<typeof createFollower>

/** Takes executions to their end: looks at them, stops what takes too long, runs again what failed by chance, reads what came out. */
export function createFollower({ athena, s3, limits, watcher, startAgain }: FollowParts) {
  function follow(kept: KeptExecution): void {
    const { current } = kept
    watcher.watch(current, {
      seen: (execution) => seen(kept, execution),
      lost: (error) => kept.end(asRefusal(error, 'athena:GetQueryExecution')),
    })
    void kept.ended.then(() => watcher.forget(current))
  }

  function seen(kept: KeptExecution, found: QueryExecution): void {
    if (kept.finished !== undefined || kept.work || kept.stopping) return
    const { execution } = kept
    note(kept, found)
    const state = found.Status?.State
    if (state === 'QUEUED' || state === 'RUNNING') {
      execution.state = state
      if (state === 'RUNNING') kept.running ??= performance.now()
      if (isTooLong(kept)) void stop(kept, tooLong(kept.options.timeLimit))
      return
    }
    watcher.forget(kept.current)
    kept.work = state === 'SUCCEEDED' ? finish(kept, found) : failed(kept, found)
  }

  async function finish(kept: KeptExecution, found: QueryExecution): Promise<void> {
    kept.execution.state = 'RUNNING'
    const left = kept.options.timeLimit - (kept.running === undefined ? 0 : performance.now() - kept.running)
    // Of what runs too long the reading is a part.
    const timer = setTimeout(() => void stop(kept, tooLong(kept.options.timeLimit)), Math.max(1, left))
    try {
      kept.end(await read(kept, found.ResultConfiguration?.OutputLocation ?? ''))
    } catch (error) {
      await kept.outlet.discard().catch(() => undefined)
      kept.end(resultFailure(error))
    } finally {
      clearTimeout(timer)
    }
  }

  async function read(kept: KeptExecution, location: string): Promise<NonNullable<Execution['result']>> {
    const { signal } = kept.abort
    for (let reads = 1; ; reads++) {
      try {
        return await readOnce(kept, location)
      } catch (error) {
        await kept.outlet.discard()
        const passing = !(error instanceof Failed || error instanceof Refused) && (isThrottled(error) || mayPass(error))
        if (signal.aborted || reads >= readsAtMost || !passing) throw error
        await sleep(limits.pause * 2 ** reads, undefined, { signal })
      }
    }
  }

  async function readOnce(kept: KeptExecution, location: string): Promise<NonNullable<Execution['result']>> {
    const { signal } = kept.abort
    const { rowLimit } = kept.options
    const infos = await resultColumns(athena, kept.current, signal)
    const told = marks(kept.statement)
    const same = told.length === infos.length && told.every(({ name }, index) => name === infos[index]?.Name)
    if (!same) throw new Failed(sentences.otherColumns())
    const columns = infos.map((info, index): ResultColumn => ({ type: columnType(info), name: '', ...told[index] }))
    await kept.outlet.open(columns)
    let rows = 0
    let more = false
    for await (const batch of resultRows(s3, location, infos, signal)) {
      more = rows + batch.length > rowLimit
      const taken = more ? batch.slice(0, rowLimit - rows) : batch
      await kept.outlet.add(taken)
      rows += taken.length
      if (more) break
    }
    signal.throwIfAborted()
    return { columns, rows, more, ...(await kept.outlet.finish(rows, more)) }
  }

  async function failed(kept: KeptExecution, found: QueryExecution): Promise<void> {
    const { State: state, StateChangeReason: reason = '', AthenaError: error } = found.Status ?? {}
    const failure = failureOf({ state: state === 'CANCELLED' ? 'CANCELLED' : 'FAILED', reason, error })
    if (failure === 'cancelled') return kept.end(failure)
    // Athena's own faults pass too, as often as not.
    const passing = failure.kind === 'changed' || (failure.kind === 'system' && failure.retryable)
    const again = passing && kept.again < limits.again
    // What a hidden row has caused must not be told, and what it did not cause happens again.
    const doubtful = failure.doubtful === true && !kept.careful && kept.ruled !== false && ruled(kept)
    if (!again && !doubtful) return kept.end(failure)
    try {
      if (again) {
        kept.again++
        await sleep(limits.pause * 2 ** kept.again, undefined, { signal: kept.abort.signal })
      } else kept.careful = true
      await runAgain(kept)
    } catch (caught) {
      kept.end(caught instanceof Failed && caught.failure.kind === 'limit' ? failure : asFailure(caught))
    }
  }

  /** Under the id that was given out. Its token is made of the first one, so that another process comes to the same execution. */
  async function runAgain(kept: KeptExecution): Promise<void> {
    const { statistics } = kept.execution
    kept.before = { ...statistics }
    const token = createHash('sha256').update(`${kept.options.token} ${kept.again} ${kept.careful}`).digest('hex')
    const next = await startAgain(kept, token)
    if (kept.finished !== undefined) return halt(next)
    kept.current = next
    delete kept.work
    follow(kept)
  }

  /** Ends it here and in the engine. */
  async function stop(kept: KeptExecution, how: Failure | 'cancelled'): Promise<void> {
    if (kept.finished !== undefined || kept.stopping) return kept.ended
    kept.stopping = true
    const { current, work } = kept
    kept.abort.abort()
    // What is read already has ended in the engine, and cleans up behind itself.
    if (!work) await halt(current).catch(() => undefined)
    kept.end(how)
    await work
  }

  const halt = async (id: string): Promise<void> => {
    await persistent(
      limits,
      () => athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id })),
      (error) => isThrottled(error) || mayPass(error),
    )
  }

  return { follow, stop, halt }
}

/** How an execution that nobody follows here stands. Throws NotFoundError where Athena knows nothing of it. */
export function elsewhere(id: string, { Status, Statistics: statistics = {} }: QueryExecution): Execution {
  const { State: state, StateChangeReason: reason = '', AthenaError: error } = Status ?? {}
  if (state === undefined) throw new NotFoundError('This execution is not known, or is no longer kept.')
  const execution: Execution = {
    id,
    state: state === 'SUCCEEDED' ? 'RUNNING' : state,
    statistics: {
      bytesScanned: statistics.DataScannedInBytes ?? 0,
      queueMs: statistics.QueryQueueTimeInMillis ?? 0,
      engineMs: statistics.EngineExecutionTimeInMillis ?? 0,
    },
  }
  if (state !== 'FAILED' && state !== 'CANCELLED') return execution
  const failure = failureOf({ state, reason, error })
  if (failure === 'cancelled') return execution
  const { kind, message, retryable } = failure
  return { ...execution, state: 'FAILED', error: { kind, message, retryable } }
}

function note(kept: KeptExecution, { Statistics: statistics = {}, Query }: QueryExecution): void {
  const { before, execution } = kept
  execution.statistics = {
    bytesScanned: before.bytesScanned + (statistics.DataScannedInBytes ?? 0),
    queueMs: before.queueMs + (statistics.QueryQueueTimeInMillis ?? 0),
    engineMs: before.engineMs + (statistics.EngineExecutionTimeInMillis ?? 0),
  }
  const version = versionIn(Query)
  if (version !== undefined) execution.catalogVersion = version
}

const ruled = ({ statement }: KeptExecution): boolean => (statement.restrictions?.rowRules.length ?? 0) > 0

/** By Athena's clock as well, so that what another process has begun does not begin anew here. */
function isTooLong({ running, options, execution, before }: KeptExecution): boolean {
  if (running === undefined) return false
  const here = performance.now() - running
  return Math.max(here, execution.statistics.engineMs - before.engineMs) > options.timeLimit
}

function resultFailure(error: unknown): Failure {
  if (error instanceof Failed || error instanceof Refused) return asFailure(error)
  if (error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name)) return sentences.resultGone()
  if (isDenied(error)) return sentences.noAccess('reading the result')
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return asFailure(error)
  return sentences.noAnswer('reading the result')
}
