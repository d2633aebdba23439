import type { Execution } from './execution.ts'

const aboutNothing = new Set(['ListWorkGroups', 'ListDataCatalogs', 'ListEngineVersions'])

/** The resource of an operation, as the service authorization reference names it, without the ARN's beginning. */
export function resourceOf(executions: ReadonlyMap<string, Execution>, operation: string, input: unknown): string {
  const { WorkGroup, Name, CatalogName, QueryExecutionId, QueryExecutionIds } = input as {
    readonly WorkGroup?: string
    readonly Name?: string
    readonly CatalogName?: string
    readonly QueryExecutionId?: string
    readonly QueryExecutionIds?: readonly string[]
  }
  if (aboutNothing.has(operation)) return '*'
  if (CatalogName !== undefined || operation === 'GetDataCatalog') return `datacatalog/${CatalogName ?? Name}`
  const execution = executions.get(QueryExecutionId ?? QueryExecutionIds?.[0] ?? '')
  return `workgroup/${execution?.workGroup ?? WorkGroup ?? Name ?? 'primary'}`
}
