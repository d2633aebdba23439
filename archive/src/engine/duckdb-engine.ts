import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Catalog } from '../catalog/port.ts'
import { InputError, MunimentError, OperatorError, TemplateError } from '../errors.ts'
import type { Application } from '../model/types.ts'
import { Executions, type KeptExecution } from './executions.ts'
import { KeptRows } from './kept-rows.ts'
import { type EngineLimits, withDefaults } from './limits.ts'
import { Lane, type Task } from './pool/lane.ts'
import type { ApplicationSetup, Failure, Job, Outcome } from './pool/messages.ts'
import * as sentences from './pool/sentences.ts'
import type { QueryEngine, StartOptions, Statement } from './port.ts'
import { Setups } from './setups.ts'

export interface DuckdbEngineOptions {
  /** The data folder (`path`) and what in it is no record (`work`), both absolute. */
  home: { path: string; work: string }
  catalog: Catalog
  loadModel: (application: string) => Promise<Application>
  limits?: Partial<EngineLimits>
}

const prepareLimit = 10_000

/**
 * The embedded engine: DuckDB in child processes. `unload` writes one file, `result.csv`, `result.json` or `result.parquet`.
 * Time limits count from the moment a statement runs. `statistics.bytesScanned` is what the process read from files while it ran
 * the statement: the pages of the columns needed, of the row groups that statistics do not rule out; footers only the first time.
 * Where the system does not count reads (other than Linux) it is an upper bound: the compressed size of all columns named.
 */
export async function createDuckdbEngine(options: DuckdbEngineOptions): Promise<QueryEngine & { pids(): number[] }> {
  const limits = withDefaults(options.limits)
  await mkdir(options.home.work, { recursive: true })
  const folder = await mkdtemp(path.join(options.home.work, 'engine-'))
  const exportsFolder = path.join(folder, 'exports')
  await mkdir(exportsFolder)
  const executions = new Executions(limits)
  let processes = 0
  let closed = false

  const lane = (kind: StartOptions['lane']) =>
    new Lane({
      processes: kind === 'search' ? limits.searchWorkers : limits.exportWorkers,
      eager: kind === 'search',
      lowPriority: kind === 'export',
      grace: limits.grace,
      resident: limits.memory + limits.overhead,
      settings: () => ({
        memory: limits.memory,
        threads: kind === 'search' ? limits.searchThreads : limits.exportThreads,
        scratch: path.join(folder, `process-${++processes}`),
        scratchLimit: limits.scratch,
        ...(kind === 'export' ? { exports: `${exportsFolder}${path.sep}` } : {}),
      }),
    })
  const lanes = { search: lane('search'), export: lane('export') }
  const setups = new Setups({
    home: options.home.path,
    catalog: options.catalog,
    loadModel: options.loadModel,
    age: limits.catalogAge,
    changed: (setup) => {
      lanes.search.warm(setup)
      lanes.export.warm(setup)
    },
  })

  async function begin(
    statement: Statement,
    startOptions: StartOptions,
    work: (id: string) => Job['work'],
    finish: (kept: KeptExecution, outcome: Outcome) => Promise<void>,
  ): Promise<string> {
    if (closed) throw new OperatorError('The query engine is shut down.')
    if (startOptions.token.length < 32 || startOptions.token.length > 128)
      throw new OperatorError('An idempotency token has 32 to 128 characters.')
    const known = executions.byToken(startOptions.token)
    if (known) return known.id
    if (lanes[startOptions.lane].queued >= limits.queued)
      throw new InputError('Too many searches are waiting. Try again in a moment.')
    const kept = executions.add(startOptions.token)
    let stopped = false
    kept.stop = () => {
      stopped = true
    }
    const fail = (failure: Failure | 'cancelled', bytesScanned: number) => endFailed(kept, failure, bytesScanned)
    // A start is acknowledged at once; whatever is wrong is told by the status.
    void setups.get(statement.application).then(
      (setup) => {
        if (stopped) return fail('cancelled', 0)
        submit(kept, statement, startOptions, setup, work(kept.id), finish, 1)
      },
      (error: unknown) => fail(asStartFailure(error), 0),
    )
    return kept.id
  }

  function submit(
    kept: KeptExecution,
    statement: Statement,
    { lane: laneName, person, timeLimit }: StartOptions,
    setup: ApplicationSetup,
    work: Job['work'],
    finish: (kept: KeptExecution, outcome: Outcome) => Promise<void>,
    retries: number,
  ) {
    const target = lanes[laneName]
    let began = performance.now()
    let used = setup
    const task: Task = {
      person,
      timeLimit,
      job: { id: kept.id, application: statement.application, sql: statement.sql, values: statement.values, work },
      setup: () => {
        used = setups.latest(statement.application, setup)
        return used
      },
      started: () => {
        began = performance.now()
        kept.execution.state = 'RUNNING'
        kept.execution.statistics.queueMs = began - kept.started
      },
      progress: (fraction) => {
        kept.execution.progress = fraction
      },
      rows: (body) => kept.rows?.append(body),
      done: async (outcome, body) => {
        try {
          if (body) await kept.rows?.append(body)
          await finish(kept, outcome)
          kept.execution.statistics.bytesScanned = outcome.bytesScanned
          kept.execution.statistics.engineMs = performance.now() - began
          kept.execution.result = { columns: outcome.columns, rows: outcome.rows, more: outcome.more }
          kept.execution.state = 'SUCCEEDED'
          kept.end()
        } catch (error) {
          endFailed(kept, asStartFailure(error), outcome.bytesScanned)
        }
      },
      failed: (failure, bytesScanned) => {
        kept.execution.statistics.engineMs = performance.now() - began
        if (failure !== 'cancelled' && failure.kind === 'changed' && retries > 0 && !closed) {
          void retry(kept, () => setups.look(statement.application), used.version).then((fresh) => {
            if (!fresh) return endFailed(kept, failure, bytesScanned)
            submit(
              kept,
              statement,
              { lane: laneName, person, timeLimit, token: '', rowLimit: 0 },
              fresh,
              work,
              finish,
              retries - 1,
            )
          })
        } else endFailed(kept, failure, bytesScanned)
      },
    }
    kept.stop = () => target.stop(task, 'cancelled')
    target.push(task)
  }

  /** Records were replaced under a search: once more, where the catalog says so too and nobody has cancelled. */
  async function retry(kept: KeptExecution, look: () => Promise<ApplicationSetup>, version: string) {
    let stopped = false
    kept.stop = () => {
      stopped = true
    }
    const fresh = await look().catch(() => undefined)
    if (!fresh || stopped || fresh.version === version) return undefined
    kept.rows?.clear()
    return fresh
  }

  function endFailed(kept: KeptExecution, failure: Failure | 'cancelled', bytesScanned: number) {
    kept.rows?.discard()
    kept.execution.statistics.bytesScanned = bytesScanned
    if (failure === 'cancelled') kept.execution.state = 'CANCELLED'
    else {
      kept.execution.state = 'FAILED'
      kept.execution.error = { kind: failure.kind, message: failure.message, retryable: failure.retryable }
    }
    kept.end()
  }

  const snapshot = (kept: KeptExecution) => structuredClone(kept.execution)

  return {
    name: 'duckdb',
    pids: () => [...lanes.search.pids, ...lanes.export.pids].filter((pid) => pid !== undefined),
    start: (statement, startOptions) =>
      begin(
        statement,
        startOptions,
        () => ({ kind: 'rows', rowLimit: startOptions.rowLimit, byteLimit: limits.resultBytes }),
        async () => undefined,
      ).then((id) => {
        const kept = executions.get(id)
        kept.rows ??= new KeptRows(path.join(folder, `${id}.rows`), limits.resultMemory)
        return id
      }),
    status: async (id) => snapshot(executions.get(id)),
    async wait(id, ms) {
      const kept = executions.get(id)
      if (kept.finished === undefined && ms > 0) {
        let timer: NodeJS.Timeout | undefined
        await Promise.race([
          kept.ended,
          new Promise((resolve) => {
            timer = setTimeout(resolve, ms)
          }),
        ])
        clearTimeout(timer)
      }
      return snapshot(kept)
    },
    async *rows(id) {
      const kept = executions.get(id)
      if (kept.execution.state !== 'SUCCEEDED')
        throw new OperatorError(`Rows are there once an execution has succeeded; this one is ${kept.execution.state}.`)
      if (kept.rows) yield* kept.rows.read()
    },
    async unload(statement, target, startOptions) {
      const known = executions.byToken(startOptions.token)
      if (known) return known.id
      await mkdir(target.folder, { recursive: true })
      if ((await readdir(target.folder)).length > 0)
        throw new OperatorError(`The folder ${path.basename(target.folder)} for an export is not empty.`)
      const file = (id: string) => path.join(exportsFolder, `${id}.${target.format}`)
      const id = await begin(
        statement,
        startOptions,
        (execution) => ({ kind: 'unload', file: file(execution), format: target.format, columns: target.columns }),
        (kept) => rename(file(kept.id), path.join(target.folder, `result.${target.format}`)),
      )
      void executions.get(id).ended.then(() => rm(file(id), { force: true }))
      return id
    },
    async cancel(id) {
      const kept = executions.get(id)
      if (kept.finished !== undefined) return
      kept.stop()
      await kept.ended
    },
    async prepare(statement) {
      const setup = await setups.get(statement.application)
      return new Promise((resolve, reject) => {
        const task: Task = {
          person: '',
          timeLimit: prepareLimit,
          job: {
            id: `prepare-${++processes}`,
            application: statement.application,
            sql: statement.sql,
            values: statement.values,
            work: { kind: 'prepare' },
          },
          setup: () => setups.latest(statement.application, setup),
          started: () => undefined,
          progress: () => undefined,
          rows: () => undefined,
          done: (outcome) => resolve(outcome.columns),
          failed: (failure) => {
            const told: Failure =
              failure === 'cancelled'
                ? { kind: 'system', message: 'The engine is shut down.', retryable: false }
                : failure
            const { message, line, column, hint } = told
            const at = line === undefined ? '' : `line ${line}, column ${column ?? 1}: `
            reject(
              told.kind === 'user'
                ? new TemplateError(`${at}${message}${hint ? ` ${hint}` : ''}`, {
                    detail: { line, column, hint, message },
                  })
                : new OperatorError(message),
            )
          },
        }
        lanes.search.push(task)
      })
    },
    async refresh(application) {
      await setups.look(application)
    },
    async close() {
      closed = true
      const running = executions.running().map((kept) => kept.ended)
      lanes.search.close()
      lanes.export.close()
      for (const kept of executions.running()) kept.stop()
      await Promise.all(running)
      executions.clear()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function asStartFailure(error: unknown): Failure {
  if (error instanceof MunimentError) {
    const kind = error instanceof TemplateError || error instanceof InputError ? 'user' : 'system'
    return { kind, message: error.message, retryable: false }
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return sentences.noSpace()
  return {
    kind: 'system',
    message: 'The engine failed to begin the search. The operator must look into it.',
    retryable: false,
  }
}
