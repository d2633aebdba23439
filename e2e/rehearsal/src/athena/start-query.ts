import { randomUUID } from 'node:crypto'
import type { ResultConfiguration, StartQueryExecutionInput } from '@aws-sdk/client-athena'
import { TrinoError } from '../trino/errors.ts'
import type { Caller } from './caller.ts'
import type { Engine } from './engine.ts'
import { invalid, tooManyActive } from './errors.ts'
import { type Execution, isOver } from './execution.ts'
import { createIdempotency } from './idempotency.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import { parseS3, type ResultStore } from './result-store.ts'
import type { Scheduler } from './scheduler.ts'
import type { Settings } from './settings.ts'
import { checkParameters } from './statements/parameters.ts'
import { parseStatement } from './statements/parse.ts'
import { type Statement, typesOf } from './statements/statement.ts'
import type { WorkGroups } from './work-groups.ts'

interface Parts {
  readonly settings: Settings
  readonly workGroups: WorkGroups
  readonly prepared: PreparedStatements
  readonly engine: Engine
  readonly store: ResultStore
  readonly scheduler: Scheduler
  readonly executions: Map<string, Execution>
  readonly now: () => number
}

/** StartQueryExecution: everything that is refused at once, and the execution for the rest. Returns its id. */
export function createStart(parts: Parts): (input: StartQueryExecutionInput, caller: Caller) => Promise<string> {
  const once = createIdempotency()
  // Checking waits for others: what is being checked counts as active, or a burst would slip past the quota.
  const starting = { DML: 0, DDL: 0, UTILITY: 0 }

  const start = async (input: StartQueryExecutionInput, caller: Caller): Promise<string> => {
    const { query, statement, parameters } = readQuery(parts, input)
    const { type } = typesOf(statement)
    if (activeOf(parts.executions, type) + starting[type] >= quotaOf(parts.settings, type)) throw tooManyActive()
    starting[type]++
    try {
      const placed = await place(parts, input)
      if (statement.kind !== 'ddl') await checkSyntax(parts.engine, statement)
      const execution: Execution = {
        id: randomUUID(),
        query,
        statement,
        parameters,
        ...placed,
        // AWS SDK for pandas writes it in backticks, and the service takes that.
        database: input.QueryExecutionContext?.Database?.replace(/^`(.*)`$/, '$1'),
        catalog: input.QueryExecutionContext?.Catalog,
        submittedAt: parts.now(),
        abort: new AbortController(),
        caller,
        state: 'QUEUED',
        scannedBytes: 0,
        planningMs: 0,
        processedRows: 0,
        outputRows: 0,
        outputBytes: 0,
        columns: [],
        outputLocation: '',
      }
      execution.outputLocation = outputOf(placed.resultConfiguration.OutputLocation ?? '', execution)
      parts.executions.set(execution.id, execution)
      parts.scheduler.add(execution)
      return execution.id
    } finally {
      starting[type]--
    }
  }

  return (input, caller) => {
    const { ClientRequestToken: token, ...request } = input
    return token === undefined ? start(input, caller) : once(token, request, () => start(input, caller))
  }
}

function readQuery({ settings, prepared }: Parts, input: StartQueryExecutionInput) {
  const query = input.QueryString
  if (typeof query !== 'string' || query === '') throw invalid('QueryString must not be empty')
  if (Buffer.byteLength(query) > settings.queryBytes) {
    throw invalid(
      `1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length less ` +
        `than or equal to ${settings.queryBytes}`,
    )
  }
  const given = input.ExecutionParameters
  if (given !== undefined) checkParameters(given)
  const statement = parseStatement(query)
  if (statement.kind !== 'execute') return { query, statement, parameters: given }

  if (statement.values.length > 0) checkParameters(statement.values)
  const { sql } = prepared.find(input.WorkGroup ?? 'primary', statement.name)
  const values = statement.values.length > 0 ? statement.values : given
  return { query, statement: parseStatement(sql), parameters: values }
}

const activeOf = (executions: Map<string, Execution>, type: string) =>
  [...executions.values()].filter((each) => !isOver(each) && isDml(typesOf(each.statement).type) === isDml(type)).length

const isDml = (type: string) => type === 'DML'
const quotaOf = (settings: Settings, type: string) => (isDml(type) ? settings.activeDml : settings.activeDdl)

/** Workgroup, place of the results and cut-off; an enforced workgroup overrides what the client says. */
async function place({ workGroups, store }: Parts, input: StartQueryExecutionInput) {
  const workGroup = input.WorkGroup ?? 'primary'
  const { State: state, Configuration: own } = await workGroups.find(workGroup)
  if (state === 'DISABLED') throw invalid(`WorkGroup ${workGroup} is disabled.`)

  const theirs = input.ResultConfiguration
  const groups = own?.ResultConfiguration
  const enforced = own?.EnforceWorkGroupConfiguration === true
  const resultConfiguration: ResultConfiguration = enforced ? { ...groups } : { ...groups, ...theirs }
  const output = resultConfiguration.OutputLocation
  if (!output) {
    throw invalid(
      'No output location provided. An output location is required either through the Workgroup result configuration ' +
        'setting or as an API input.',
    )
  }
  const location = parseS3(output)
  if (!location) throw invalid(`outputLocation is not a valid S3 path.`)
  if (!(await store.bucketExists(location.bucket)))
    throw invalid(`Unable to verify/create output bucket ${location.bucket}`)
  return { workGroup, resultConfiguration, cutoffBytes: own?.BytesScannedCutoffPerQuery }
}

/** A query that is no SQL never becomes an execution; one that names what isn't there does, and fails. */
async function checkSyntax(engine: Engine, statement: Statement): Promise<void> {
  const sql = 'sql' in statement ? statement.sql : 'select' in statement ? statement.select : undefined
  if (sql === undefined) return
  const prefix = 'PREPARE checked FROM '
  try {
    await engine({ sql: prefix + sql })
  } catch (error) {
    if (!(error instanceof TrinoError) || error.errorName !== 'SYNTAX_ERROR') return
    const moved = (_: string, column: string) => `line 1:${Math.max(1, Number(column) - prefix.length)}`
    throw invalid(error.message.replace(/line 1:(\d+)/, moved), 'MALFORMED_QUERY')
  }
}

/** Where the result goes, by what the statement is. */
function outputOf(folder: string, { id, statement }: Execution): string {
  const base = `${folder.replace(/\/?$/, '/')}${id}`
  if (statement.kind === 'select') return `${base}.csv`
  if (statement.kind === 'insert' || statement.kind === 'unload') return base
  return statement.kind === 'ctas' ? `${folder.replace(/\/?$/, '/')}tables/${id}` : `${base}.txt`
}
