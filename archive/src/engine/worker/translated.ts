import type { ColumnType } from '../../model/types.ts'
import { translate } from '../dialect/translate.ts'
import type { Job } from '../pool/messages.ts'
import type { ApplicationDatabase } from './application-database.ts'
import { Refused } from './failures.ts'

export interface Translated {
  sql: string
  tables: string[]
  /** The result's types in Athena, where they are known. */
  types: (ColumnType | undefined)[]
  /** Compressed bytes of the columns named, in all objects of their tables. */
  bytesAtMost: number
}

const remembered = 500

/** The statement as DuckDB is to run it. Templates give the same few texts over and over, so it is remembered for a version of the catalog. */
export async function translated(database: ApplicationDatabase, job: Job, limit?: number): Promise<Translated> {
  const key = JSON.stringify([job.sql, job.values.map((value) => value.type), limit])
  const known = database.remembered.get(key)
  if (known) return known
  const { tables, absent } = database.setup
  const made = await translate(database.connection, job.sql, {
    tables: tables.map(({ name, columns, partitionBy }) => ({ name, columns, partitioned: partitionBy.length > 0 })),
    absent,
    parameters: job.values.map((value) => value.type),
    exact: true,
    ...(limit === undefined ? {} : { limit }),
  })
  const [finding] = made.findings
  if (finding || made.sql === undefined) throw new Refused(finding?.message ?? 'This is not a SELECT.', finding)
  const bytesAtMost = tables
    .flatMap((table) => table.columns.filter((column) => made.used.get(table.name)?.has(column.name)))
    .reduce((sum, column) => sum + column.bytes, 0)
  const result = { sql: made.sql, tables: [...made.used.keys()], types: made.types, bytesAtMost }
  if (database.remembered.size >= remembered) {
    database.remembered.clear()
    database.statements.clear()
  }
  database.remembered.set(key, result)
  return result
}
