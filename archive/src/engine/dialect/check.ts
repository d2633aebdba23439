import { DuckDBInstance } from '@duckdb/node-api'
import type { CatalogSnapshot } from '../../catalog/port.ts'
import type { Application, ColumnType } from '../../model/types.ts'
import type { DialectFinding } from './context.ts'
import { grammarFindings } from './grammar.ts'
import { unstableOrder } from './stable-order.ts'
import { translate } from './translate.ts'

export interface CheckStatementOptions {
  /** Its tables are what a query may name, in the types that it declares. */
  application: Application
  /** With these, a table that the archive does not hold is a finding. */
  catalogTables?: CatalogSnapshot['tables']
  /** Types of the values bound to `?`, in order; without them a parameter may be of any type. */
  parameters?: (ColumnType | undefined)[]
  /** Whether rows must come in the same order each time. */
  stableOrder?: boolean
}

let parser: Promise<DuckDBInstance> | undefined

/** An instance that only parses: it has no tables and opens no file. */
const parsing = () => {
  parser ??= (async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' })
    const connection = await instance.connect()
    await connection.run('SET autoinstall_known_extensions = false')
    await connection.run('SET autoload_known_extensions = false')
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    connection.closeSync()
    return instance
  })()
  return parser
}

/**
 * What in a statement Athena would refuse, or DuckDB answer differently; empty when both answer alike. For the template check and the
 * command line: it parses in this process, twice, and takes about 0.3 s the first time.
 */
export async function checkStatement(sql: string, options: CheckStatementOptions): Promise<DialectFinding[]> {
  const { application, catalogTables, parameters } = options
  const held = catalogTables && new Map(catalogTables.map((table) => [table.name, table]))
  const tables = application.tables.filter((table) => !held || held.has(table.name))
  const connection = await (await parsing()).connect()
  try {
    const { findings, root } = await translate(connection, sql, {
      tables: tables.map((table) => ({
        name: table.name,
        columns: table.columns,
        partitioned: (held?.get(table.name)?.partitionBy ?? table.partitionBy).length > 0,
      })),
      absent: application.tables.filter((table) => !tables.includes(table)).map((table) => table.name),
      ...(parameters ? { parameters, exact: true } : {}),
    })
    if (findings.length > 0) return findings
    const unstable = options.stableOrder && root ? unstableOrder(root, sql, application) : undefined
    return [...(await grammarFindings(sql)), ...(unstable ? [unstable] : [])]
  } finally {
    connection.closeSync()
  }
}
