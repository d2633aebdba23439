import { type Caller, everybody } from './caller.ts'
import type { DataCatalog } from './data-catalog.ts'
import type { Engine } from './engine.ts'
import { ServiceError } from './errors.ts'
import type { Execution } from './execution.ts'
import { createFaults, type Faults } from './faults.ts'
import { createThrottle } from './limits/throttle.ts'
import { metadataOperations } from './operations/metadata.ts'
import { queryOperations } from './operations/queries.ts'
import { preparedStatementOperations, workGroupOperations } from './operations/work-groups.ts'
import { createPreparedStatements } from './prepared-statements.ts'
import { resourceOf } from './resource.ts'
import type { ResultStore } from './result-store.ts'
import { runStatement } from './run-statement.ts'
import { createScheduler } from './scheduler.ts'
import { documentedSettings, type Settings } from './settings.ts'
import { createStart } from './start-query.ts'
import { createWorkGroups, type LookElsewhere } from './work-groups.ts'

export interface AthenaParts {
  readonly engine: Engine
  readonly store: ResultStore
  readonly catalog: DataCatalog
  readonly settings?: Partial<Settings>
  readonly findWorkGroup?: LookElsewhere
  readonly now?: () => number
}

export interface Athena {
  /** One call of the API. Throws ServiceError. */
  call(operation: string, input: unknown, caller?: Caller): Promise<unknown>
  /** What a call is about, for policies: `workgroup/x`, `datacatalog/x` or `*`. */
  resourceOf(operation: string, input: unknown): string
  readonly settings: Settings
  readonly faults: Faults
  close(): Promise<void>
}

type Operation = (input: never, caller: Caller) => Promise<unknown>

/** The service without its wire: what each operation does. */
export function createAthena({ engine, store, catalog, findWorkGroup, now = Date.now, ...parts }: AthenaParts): Athena {
  const settings = { ...documentedSettings, ...parts.settings }
  const faults = createFaults()
  const executions = new Map<string, Execution>()
  const prepared = createPreparedStatements(now)
  const workGroups = createWorkGroups(settings, now, findWorkGroup)
  const runner = { engine, store, catalog, prepared, faults }
  const scheduler = createScheduler(settings, faults, now, (execution) => runStatement(runner, execution))
  const start = createStart({ settings, workGroups, prepared, engine, store, scheduler, executions, now })
  const throttle = createThrottle(settings, now)

  const operations: Record<string, Operation> = {
    ...queryOperations({ executions, scheduler, store, start, now }),
    ...workGroupOperations(workGroups),
    ...preparedStatementOperations(prepared),
    ...metadataOperations(catalog),
  }
  return {
    settings,
    faults,
    close: scheduler.close,
    resourceOf: (operation, input) => resourceOf(executions, operation, input),
    async call(operation, input, caller = everybody) {
      const carryOut = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (!carryOut) throw new ServiceError('UnknownOperationException', `Athena here has no operation ${operation}.`)
      faults.refuse(operation)
      throttle(operation)
      return carryOut(input as never, caller)
    },
  }
}
