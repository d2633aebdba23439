import type { TrinoOutcome, TrinoRequest } from '../trino/client.ts'
import type { DataCatalog } from './data-catalog.ts'
import type { Engine } from './engine.ts'
import type { Execution } from './execution.ts'
import { cutOff } from './failures.ts'
import type { Faults } from './faults.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import type { ResultStore } from './result-store.ts'
import { columnInfo } from './results/column-info.ts'

export interface Runner {
  readonly engine: Engine
  readonly store: ResultStore
  readonly catalog: DataCatalog
  readonly prepared: PreparedStatements
  readonly faults: Faults
}

export const rowsColumn = columnInfo({
  name: 'rows',
  type: 'bigint',
  typeSignature: { rawType: 'bigint', arguments: [] },
})

/** One statement in the engine, stopped at the workgroup's cut-off. */
export async function ask(
  { engine, faults }: Pick<Runner, 'engine' | 'faults'>,
  execution: Execution,
  request: Partial<TrinoRequest> & { readonly sql: string },
): Promise<TrinoOutcome> {
  const extra = faults.scan(execution.query)
  const note = (bytes: number) => {
    execution.scannedBytes = bytes + extra
    if (execution.cutoffBytes !== undefined && execution.scannedBytes > execution.cutoffBytes) throw cutOff()
  }
  const outcome = await engine({
    catalog: execution.catalog?.toLowerCase() ?? 'awsdatacatalog',
    schema: execution.database ?? 'default',
    signal: execution.abort.signal,
    ...request,
    onProgress: (stats) => {
      execution.planningMs = stats.planningMs
      execution.processedRows = stats.processedRows
      note(stats.physicalInputBytes)
    },
  })
  note(outcome.stats.physicalInputBytes)
  return outcome
}
