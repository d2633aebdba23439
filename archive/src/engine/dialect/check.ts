import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { CatalogSnapshot } from '../../catalog/port.ts'
import { TemplateError } from '../../errors.ts'
import type { Application, ColumnType } from '../../model/types.ts'
import { withPlaces } from '../places.ts'
import type { Statement } from '../port.ts'
import type { StatementReading } from '../reading.ts'
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

/** Runs `act` on a connection of that instance. */
async function whileParsing<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await (await parsing()).connect()
  try {
    return await act(connection)
  } finally {
    connection.closeSync()
  }
}

/**
 * What a statement of an application's templates reads, by its model alone: for engines that cannot tell themselves. Throws TemplateError where it
 * is not in the dialect. About 10 ms of processor time each.
 */
export async function readStatement(
  { sql, values, places }: Pick<Statement, 'sql' | 'values' | 'places'>,
  application: Application,
): Promise<StatementReading> {
  const { findings, names, types, lineage, chosenBy, used } = await whileParsing((connection) =>
    translate(connection, sql, {
      tables: application.tables.map(({ name, columns, partitionBy }) => ({
        name,
        columns: withPlaces(columns, places),
        partitioned: partitionBy.length > 0,
      })),
      parameters: values.map(({ type }) => type),
      exact: true,
    }),
  )
  const [finding] = findings
  if (finding) throw new TemplateError(finding.message, { detail: { ...finding } })
  return {
    columns: lineage.map(({ of, from }, index) => ({
      name: names[index] ?? '',
      ...(types[index] !== undefined && { type: types[index] }),
      of: [...of].sort(),
      ...(from !== undefined && { from }),
    })),
    chosenBy: [...chosenBy].sort(),
    used: Object.fromEntries([...used].sort().map(([table, columns]) => [table, [...columns].sort()])),
  }
}

/**
 * What in a statement Athena would refuse, or DuckDB answer differently; empty when both answer alike. For the template check and the
 * command line: it parses in this process, twice, and takes about 0.3 s the first time.
 */
export async function checkStatement(sql: string, options: CheckStatementOptions): Promise<DialectFinding[]> {
  const { application, catalogTables, parameters } = options
  const held = catalogTables && new Map(catalogTables.map((table) => [table.name, table]))
  const tables = application.tables.filter((table) => !held || held.has(table.name))
  const { findings, root } = await whileParsing((connection) =>
    translate(connection, sql, {
      tables: tables.map((table) => ({
        name: table.name,
        columns: table.columns,
        partitioned: (held?.get(table.name)?.partitionBy ?? table.partitionBy).length > 0,
      })),
      absent: application.tables.filter((table) => !tables.includes(table)).map((table) => table.name),
      ...(parameters ? { parameters, exact: true } : {}),
    }),
  )
  if (findings.length > 0) return findings
  const unstable = options.stableOrder && root ? unstableOrder(root, sql, application) : undefined
  return [...(await grammarFindings(sql)), ...(unstable ? [unstable] : [])]
}
