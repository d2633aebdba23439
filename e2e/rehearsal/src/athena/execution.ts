import type { AthenaError, ColumnInfo, QueryExecution, ResultConfiguration } from '@aws-sdk/client-athena'
import type { Caller } from './caller.ts'
import type { Statement } from './statements/statement.ts'
import { typesOf } from './statements/statement.ts'
import { engineVersion } from './work-groups.ts'

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

/** One query, from its start to the last that is known of it. Times in ms since 1970. */
export interface Execution {
  readonly id: string
  readonly query: string
  readonly statement: Statement
  readonly parameters: readonly string[] | undefined
  readonly workGroup: string
  readonly database: string | undefined
  readonly catalog: string | undefined
  readonly resultConfiguration: ResultConfiguration
  readonly cutoffBytes: number | undefined
  readonly submittedAt: number
  readonly abort: AbortController
  readonly caller: Caller
  state: State
  reason?: string
  error?: AthenaError
  startedAt?: number
  completedAt?: number
  scannedBytes: number
  planningMs: number
  processedRows: number
  outputRows: number
  outputBytes: number
  columns: readonly ColumnInfo[]
  updateCount?: number
  outputLocation: string
  manifestLocation?: string
}

export const isOver = ({ state }: Execution) => state !== 'QUEUED' && state !== 'RUNNING'

/** The execution as GetQueryExecution tells it. */
export function describeExecution(execution: Execution, now: number): QueryExecution {
  const { type, subtype } = typesOf(execution.statement)
  const until = execution.completedAt ?? now
  const started = execution.startedAt ?? until
  const afterwards = execution.completedAt === undefined || execution.startedAt === undefined ? 0 : 1
  return {
    QueryExecutionId: execution.id,
    Query: execution.query,
    StatementType: type,
    SubstatementType: subtype,
    ResultConfiguration: { ...execution.resultConfiguration, OutputLocation: execution.outputLocation },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      ...(execution.database === undefined ? {} : { Database: execution.database }),
      ...(execution.catalog === undefined ? {} : { Catalog: execution.catalog }),
    },
    Status: {
      State: execution.state,
      SubmissionDateTime: new Date(execution.submittedAt),
      ...(execution.completedAt === undefined ? {} : { CompletionDateTime: new Date(execution.completedAt) }),
      ...(execution.reason === undefined ? {} : { StateChangeReason: execution.reason }),
      ...(execution.error ? { AthenaError: execution.error } : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: Math.max(0, until - started - afterwards),
      DataScannedInBytes: execution.scannedBytes,
      TotalExecutionTimeInMillis: until - execution.submittedAt,
      QueryQueueTimeInMillis: started - execution.submittedAt,
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: execution.planningMs,
      ServiceProcessingTimeInMillis: afterwards,
      ResultReuseInformation: { ReusedPreviousResult: false },
      ...(execution.manifestLocation ? { DataManifestLocation: execution.manifestLocation } : {}),
    },
    WorkGroup: execution.workGroup,
    EngineVersion: engineVersion,
    ...(execution.parameters ? { ExecutionParameters: [...execution.parameters] } : {}),
  }
}
