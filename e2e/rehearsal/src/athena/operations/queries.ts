import type {
  BatchGetQueryExecutionInput,
  GetQueryExecutionInput,
  GetQueryResultsInput,
  ListQueryExecutionsInput,
  StartQueryExecutionInput,
} from '@aws-sdk/client-athena'
import type { Caller } from '../caller.ts'
import { invalid } from '../errors.ts'
import { describeExecution, type Execution } from '../execution.ts'
import { parseS3, type ResultStore } from '../result-store.ts'
import { readPage } from '../results/page.ts'
import type { Scheduler } from '../scheduler.ts'
import { pageOf } from './paging.ts'

interface Parts {
  readonly executions: Map<string, Execution>
  readonly scheduler: Scheduler
  readonly store: ResultStore
  readonly start: (input: StartQueryExecutionInput, caller: Caller) => Promise<string>
  readonly now: () => number
}

export function queryOperations({ executions, scheduler, store, start, now }: Parts) {
  const find = (id: string | undefined): Execution => {
    const found = executions.get(id ?? '')
    if (!found) throw invalid(`QueryExecution ${id} was not found`, 'INVALID_QUERY_EXECUTION_ID')
    return found
  }
  /** Executions last come first. */
  const ofGroup = (workGroup: string) =>
    [...executions.values()].filter((execution) => execution.workGroup === workGroup).reverse()

  return {
    StartQueryExecution: async (input: StartQueryExecutionInput, caller: Caller) => ({
      QueryExecutionId: await start(input, caller),
    }),

    async StopQueryExecution({ QueryExecutionId: id }: { QueryExecutionId?: string }) {
      scheduler.stop(find(id))
      return {}
    },

    GetQueryExecution: async ({ QueryExecutionId: id }: GetQueryExecutionInput) => ({
      QueryExecution: describeExecution(find(id), now()),
    }),

    async BatchGetQueryExecution({ QueryExecutionIds: ids = [] }: BatchGetQueryExecutionInput) {
      if (ids.length < 1 || ids.length > 50) throw invalid('QueryExecutionIds must have 1 to 50 members')
      const known = ids.flatMap((id) => executions.get(id) ?? [])
      return {
        QueryExecutions: known.map((execution) => describeExecution(execution, now())),
        UnprocessedQueryExecutionIds: ids
          .filter((id) => !executions.has(id))
          .map((id) => ({
            QueryExecutionId: id,
            ErrorCode: 'INVALID_QUERY_EXECUTION_ID',
            ErrorMessage: `QueryExecution ${id} was not found`,
          })),
      }
    },

    async ListQueryExecutions({ WorkGroup: group = 'primary', ...paging }: ListQueryExecutionsInput) {
      const { items, next } = pageOf(
        ofGroup(group).map(({ id }) => id),
        paging,
        50,
      )
      return { QueryExecutionIds: items, ...next }
    },

    async GetQueryResults({ QueryExecutionId: id, ...paging }: GetQueryResultsInput, caller: Caller) {
      const execution = find(id)
      const { state } = execution
      if (state === 'QUEUED' || state === 'RUNNING') {
        throw invalid(`Query has not yet finished. Current state: ${state}`, 'INVALID_QUERY_STATE')
      }
      if (state !== 'SUCCEEDED') {
        throw invalid(`Query did not finish successfully. Final query state: ${state}`, 'INVALID_QUERY_STATE')
      }
      const place = parseS3(execution.outputLocation)
      if (place && (await caller.denied([['s3:GetObject', `${place.bucket}/${place.key}`]])).length > 0) {
        throw invalid(`Access denied when reading from location: ${execution.outputLocation}`, 'ACCESS_DENIED')
      }
      return readPage(store, execution, paging)
    },

    async GetQueryRuntimeStatistics({ QueryExecutionId: id }: GetQueryExecutionInput) {
      const execution = find(id)
      const { Statistics: statistics = {} } = describeExecution(execution, now())
      return {
        QueryRuntimeStatistics: {
          Timeline: {
            QueryQueueTimeInMillis: statistics.QueryQueueTimeInMillis,
            QueryPlanningTimeInMillis: statistics.QueryPlanningTimeInMillis,
            EngineExecutionTimeInMillis: statistics.EngineExecutionTimeInMillis,
            ServiceProcessingTimeInMillis: statistics.ServiceProcessingTimeInMillis,
            TotalExecutionTimeInMillis: statistics.TotalExecutionTimeInMillis,
          },
          Rows: {
            InputRows: execution.processedRows,
            InputBytes: execution.scannedBytes,
            OutputBytes: execution.outputBytes,
            OutputRows: execution.outputRows,
          },
        },
      }
    },
  }
}
