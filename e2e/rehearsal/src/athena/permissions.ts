import { TrinoError } from '../trino/errors.ts'
import type { Runner } from './ask-engine.ts'
import type { Permission } from './caller.ts'
import type { DataCatalog } from './data-catalog.ts'
import type { Execution } from './execution.ts'
import { QueryFailure } from './failures.ts'
import { parseS3 } from './result-store.ts'
import { withValuesInside } from './statements/parameters.ts'

/**
 * Athena reads the catalog and S3, and writes results, with its caller's rights. Throws QueryFailure where these lack:
 * the tables that the engine's plan names, their objects, and the place of the results.
 */
export async function checkPermissions(runner: Runner, execution: Execution): Promise<void> {
  const { statement, caller } = execution
  // Whoever may do anything at all, an owner or an administrator, is spared the plan.
  if ((await caller.denied([['rehearsal:Anything', '*']])).length === 0) return
  const output = parseS3(execution.outputLocation)
  const wanted: Permission[] = output
    ? [
        ['s3:GetBucketLocation', output.bucket],
        ['s3:PutObject', `${output.bucket}/${output.key}`],
      ]
    : []
  if (statement.kind === 'unload') {
    const target = parseS3(statement.location)
    if (target) wanted.push(['s3:PutObject', `${target.bucket}/${target.key}`])
  }
  if ((await caller.denied(wanted)).length > 0) {
    throw denied(`Access denied when writing output to url: ${execution.outputLocation}`)
  }

  const reading = statement.kind === 'select' || statement.kind === 'insert' ? statement.sql : undefined
  const select = 'select' in statement ? statement.select : reading
  if (select === undefined) return
  for (const { database, table } of await tablesOf(runner, execution, select)) {
    const missing = await caller.denied(await toRead(runner.catalog, database, table))
    for (const [action, resource] of missing) {
      const words = 'Insufficient permissions to execute the query.'
      throw denied(`${words} Principal does not have any privilege for ${action} on specified resource ${resource}`)
    }
  }
}

const denied = (reason: string) =>
  new QueryFailure(reason, { ErrorCategory: 2, ErrorType: 1500, Retryable: false, ErrorMessage: reason })

async function toRead(catalog: DataCatalog, database: string, name: string): Promise<Permission[]> {
  const table = await catalog.table(database, name)
  const place = parseS3(table?.StorageDescriptor?.Location ?? '')
  const wanted: Permission[] = []
  for (const resource of ['catalog', `database/${database}`, `table/${database}/${name}`]) {
    wanted.push(['glue:GetTable', resource])
    if ((table?.PartitionKeys ?? []).length > 0) wanted.push(['glue:GetPartitions', resource])
  }
  if (place) {
    wanted.push(
      ['s3:ListBucket', place.bucket],
      ['s3:GetObject', `${place.bucket}/${place.key.replace(/\/?$/, '/')}part`],
    )
  }
  return wanted
}

interface InputTable {
  readonly table: {
    readonly catalog: string
    readonly schemaTable: { readonly schema: string; readonly table: string }
  }
}

/** What the plan reads. Where there is no plan, the query is about to fail for the same reason. */
async function tablesOf(runner: Runner, execution: Execution, select: string) {
  let plan = '{}'
  try {
    await runner.engine({
      catalog: execution.catalog?.toLowerCase() ?? 'awsdatacatalog',
      schema: execution.database ?? 'default',
      signal: execution.abort.signal,
      sql: `EXPLAIN (TYPE IO, FORMAT JSON) ${withValuesInside(select, execution.parameters)}`,
      onRows: async (rows) => {
        plan = String(rows[0]?.[0] ?? '{}')
      },
    })
  } catch (error) {
    if (error instanceof TrinoError && error.errorType === 'USER_ERROR') return []
    throw error
  }
  const { inputTableColumnInfos: inputs = [] } = JSON.parse(plan) as { inputTableColumnInfos?: InputTable[] }
  return inputs.map(({ table }) => ({ database: table.schemaTable.schema, table: table.schemaTable.table }))
}
