import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Catalog } from '../../catalog/port.ts'
import { MunimentError, NotFoundError, OperatorError, TemplateError } from '../../errors.ts'
import type { Application } from '../../model/types.ts'
import { KeptRows } from '../kept-rows.ts'
import { cannotBegin } from '../pool/sentences.ts'
import type { QueryEngine, ResultColumn, StartOptions, Statement } from '../port.ts'
import { rowsOf, snapshotOf, waitFor } from '../remembered-executions.ts'
import { Failed, Refused } from '../worker/failures.ts'
import { createApplications } from './applications.ts'
import { asFailure } from './failures.ts'
import { createFollower, elsewhere } from './follow.ts'
import { type KeptExecution, KeptExecutions, type Outlet } from './kept-executions.ts'
import { type AthenaLimits, withDefaults } from './limits.ts'
import { keepRows, writeFiles } from './outlets.ts'
import { asRefusal, isNotFound, isOtherText, isThrottled, mayPass } from './sdk-errors.ts'
import { shutDown } from './sentences.ts'
import { type AthenaStatement, athenaStatement, marks, mustMayRun, readingOf } from './sql/athena-statement.ts'
import { persistent, StartLine } from './start-line.ts'
import { Watcher } from './watcher.ts'

export interface AthenaEngineOptions {
  athena: AthenaClient
  s3: S3Client
  /** Enforces where results go, and how many bytes a query may read. */
  workGroup: string
  /** Glue database of an application. */
  database: (application: string) => string
  /** What stands before the catalog's keys in `"$path"`: `s3://bucket/`. */
  records: string
  catalog: Pick<Catalog, 'read'>
  loadModel: (application: string) => Promise<Application>
  /** Local folder for what does not stay in memory. */
  work: string
  limits?: Partial<AthenaLimits>
}

/** Of executions that Athena never took: what is wrong is told by their status. */
const unstarted = 'unstarted-'

/**
 * Searches in Amazon Athena. Ids are Athena's own: any process takes an execution up by `resume`. What failed because records were replaced
 * under it is run again under the id that was given out. `unload` writes into a local folder one file, `result.csv`, `result.json` or
 * `result.parquet`, equal to the embedded engine's, and `keys.jsonl`. Time limits count from the moment a statement runs.
 *
 * `statistics.bytesScanned` is what Athena says that it read, of all times that a statement ran; it bills 10 MB at least for each.
 */
export function createAthenaEngine(options: AthenaEngineOptions): QueryEngine {
  const { athena, s3, workGroup, database, records, catalog, loadModel } = options
  const limits = withDefaults(options.limits)
  const folder = path.join(options.work, `athena-${randomUUID()}`)
  const applications = createApplications({ catalog, loadModel, age: limits.catalogAge })
  const executions = new KeptExecutions(limits)
  const line = new StartLine(limits)
  const watcher = new Watcher(athena, limits)
  const follower = createFollower({ athena, s3, limits, watcher, startAgain })
  const shared = { left: limits.resultsMemory }
  const starting = new Map<string, Promise<string>>()
  let closed = false
  const mustBeOpen = () => {
    if (closed) throw new OperatorError('The query engine is shut down.')
  }

  async function asSql(statement: Statement, { rowLimit }: StartOptions, careful: boolean): Promise<AthenaStatement> {
    const application = await applications.get(statement.application)
    return athenaStatement(statement, {
      application,
      database: database(statement.application),
      records,
      careful,
      objectsNamed: limits.objectsNamed,
      ...(rowLimit < Number.MAX_SAFE_INTEGER && { limit: rowLimit + 1 }),
    })
  }

  async function send({ sql, parameters }: AthenaStatement, token: string): Promise<string> {
    const { QueryExecutionId: id } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        ClientRequestToken: token,
        WorkGroup: workGroup,
        // Erased records would come back.
        ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
        ...(parameters.length > 0 && { ExecutionParameters: parameters }),
      }),
    )
    if (id === undefined) throw new OperatorError('Athena gave no id for an execution.')
    return id
  }

  /** Throws Failed. */
  async function submit(made: AthenaStatement, startOptions: StartOptions, token: string): Promise<string> {
    const once = (token: string) =>
      persistent(limits, () => line.submit(startOptions, () => send(made, token)), mayPass)
    try {
      return await once(token).catch((error: unknown) => {
        // Begun by another process, by another version of the catalog.
        if (isOtherText(error)) return once(createHash('sha256').update(`${token} ${made.version}`).digest('hex'))
        throw error
      })
    } catch (error) {
      if (error instanceof Failed || error instanceof MunimentError) throw error
      throw new Failed(asRefusal(error, 'athena:StartQueryExecution'))
    }
  }

  async function startAgain(kept: KeptExecution, token: string): Promise<string> {
    applications.forget(kept.statement.application)
    const made = await asSql(kept.statement, kept.options, kept.careful)
    return submit(made, kept.options, token)
  }

  function begin(statement: Statement, startOptions: StartOptions, outlet: () => Outlet, rows?: KeptRows) {
    mustBeOpen()
    const { token } = startOptions
    if (token.length < 32 || token.length > 128)
      throw new OperatorError('An idempotency token has 32 to 128 characters.')
    const begun = starting.get(token)
    if (begun) return begun
    const known = executions.byToken(token)
    if (known) return Promise.resolve(known.id)
    const started = beginNew(statement, startOptions, outlet, rows).finally(() => starting.delete(token))
    starting.set(token, started)
    return started
  }

  async function beginNew(statement: Statement, startOptions: StartOptions, outlet: () => Outlet, rows?: KeptRows) {
    const asked = performance.now()
    try {
      const made = await asSql(statement, startOptions, false)
      const id = await submit(made, startOptions, startOptions.token)
      const kept = executions.add(id, statement, startOptions, outlet())
      if (rows) kept.rows = rows
      kept.ruled = made.ruled
      kept.before.queueMs = performance.now() - asked
      kept.execution.catalogVersion = made.version
      if (closed) await follower.stop(kept, shutDown())
      else follower.follow(kept)
      return id
    } catch (error) {
      // A start is acknowledged; whatever is wrong is told by the status, in words.
      const hash = createHash('sha256').update(startOptions.token).digest('hex')
      const kept = executions.add(`${unstarted}${hash.slice(0, 32)}`, statement, startOptions, outlet())
      kept.end(asFailure(error))
      return kept.id
    }
  }

  /** Throws NotFoundError for what Athena does not know. */
  async function look(id: string): Promise<QueryExecution> {
    const ask = () => athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    try {
      const { QueryExecution } = await persistent(limits, ask, (error) => isThrottled(error) || mayPass(error))
      return QueryExecution ?? {}
    } catch (error) {
      if (isNotFound(error))
        throw new NotFoundError('Athena knows nothing of this execution any more.', { cause: error })
      throw new OperatorError(asRefusal(error, 'athena:GetQueryExecution').message, { cause: error })
    }
  }

  async function rowsKept(): Promise<KeptRows> {
    await mkdir(folder, { recursive: true })
    return new KeptRows(path.join(folder, `${randomUUID()}.rows`), limits.resultMemory, shared)
  }

  return {
    name: 'athena',

    async start(statement, startOptions) {
      mustBeOpen()
      const rows = await rowsKept()
      return begin(statement, startOptions, () => keepRows(rows, limits.resultBytes), rows)
    },

    async resume(id, statement, startOptions) {
      mustBeOpen()
      if (executions.find(id)) return
      if (id.startsWith(unstarted)) {
        const failure = await asSql(statement, startOptions, false).then(cannotBegin, asFailure)
        const rows = await rowsKept()
        executions.add(id, statement, startOptions, keepRows(rows, limits.resultBytes)).end(failure)
        return
      }
      await look(id)
      if (executions.find(id)) return
      const rows = await rowsKept()
      const kept = executions.add(id, statement, startOptions, keepRows(rows, limits.resultBytes))
      kept.rows = rows
      follower.follow(kept)
    },

    /**
     * Of an execution of another process it tells how it stands in Athena; that it has succeeded there is a part of the way only, so it
     * is told as running until it is taken up.
     */
    async status(id) {
      const kept = executions.find(id)
      return kept ? snapshotOf(kept) : elsewhere(id, id.startsWith(unstarted) ? {} : await look(id))
    },

    wait: async (id, ms) => waitFor(executions.get(id), ms),

    async *rows(id) {
      yield* rowsOf(executions.get(id))
    },

    async unload(statement, target, startOptions) {
      mustBeOpen()
      const known = executions.byToken(startOptions.token)
      if (known || starting.has(startOptions.token)) return begin(statement, startOptions, () => nowhere)
      await mkdir(target.folder, { recursive: true })
      await mkdir(folder, { recursive: true })
      if ((await readdir(target.folder)).length > 0)
        throw new OperatorError(`The folder ${path.basename(target.folder)} for an export is not empty.`)
      const aside = path.join(folder, `${randomUUID()}.keys`)
      return begin(statement, startOptions, () => writeFiles(target, aside, limits.keysInMemory))
    },

    async cancel(id) {
      const kept = executions.find(id)
      if (kept) return follower.stop(kept, 'cancelled')
      if (id.startsWith(unstarted)) return
      await follower.halt(id).catch((error: unknown) => {
        if (isNotFound(error)) throw new NotFoundError('Athena knows nothing of this execution.', { cause: error })
        throw new OperatorError(asRefusal(error, 'athena:StopQueryExecution').message, { cause: error })
      })
    },

    async prepare(statement) {
      mustBeOpen()
      const application = await applications.get(statement.application)
      try {
        const reading = readingOf(statement)
        mustMayRun(statement, reading, application)
        return marks(statement).map((column, index): ResultColumn => {
          const { type, from = '' } = { ...reading.columns[index], ...column }
          return { type: type ?? application.types.get(from) ?? 'varchar', ...column }
        })
      } catch (error) {
        if (error instanceof Refused || (error instanceof Failed && statement.reading === undefined))
          throw new TemplateError(error.message, { detail: { message: error.message } })
        if (error instanceof Failed) throw new OperatorError(error.message)
        throw error
      }
    },

    refresh: async (application) => applications.forget(application),

    async close() {
      closed = true
      line.close()
      await Promise.all(executions.running().map((kept) => follower.stop(kept, shutDown())))
      executions.clear()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const nowhere: Outlet = {
  open: async () => undefined,
  add: async () => undefined,
  finish: async () => ({}),
  discard: async () => undefined,
}
