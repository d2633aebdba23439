import { duckdbType } from '../dialect/types.ts'
import type { TableSetup } from '../pool/messages.ts'
import { identifier, literal, literalList } from '../sql-text.ts'

/** What a person may not see of a table. Nothing yet: access rules will fill it. */
export interface Restrictions {
  /** Column to the expression shown instead of its value. */
  masks?: Record<string, string>
  /** Condition that rows must meet. */
  rows?: string
}

/** The SELECT a view stands for: exactly the catalog's objects, in the model's types, less what restrictions withhold. */
export function viewSelect(table: TableSetup, restrictions: Restrictions = {}): string {
  const columns = table.columns.map((column) => {
    const name = identifier(column.name)
    const mask = restrictions.masks?.[column.name]
    if (mask) return `${mask} AS ${name}`
    if (!column.stored || table.files.length === 0) return `CAST(NULL AS ${duckdbType(column.type)}) AS ${name}`
    // A cast of a column that has the type already would still keep filters from the files' statistics.
    return column.stored === column.type ? name : `CAST(${name} AS ${duckdbType(column.type)}) AS ${name}`
  })
  const where = restrictions.rows ? ` WHERE ${restrictions.rows}` : ''
  if (table.files.length === 0) return `SELECT ${columns.join(', ')} WHERE false`
  return `SELECT ${columns.join(', ')} FROM read_parquet(${fileList(table)})${where}`
}

function fileList(table: TableSetup): string {
  const options = [literalList(table.files)]
  // Without types given, a partition `year=2024` reads as a number and `month=01` as a text.
  if (table.partitionBy.length > 0) {
    const types = table.partitionBy.map((name) => `${literal(name)}: VARCHAR`)
    options.push('hive_partitioning = true', `hive_types = {${types.join(', ')}}`, 'hive_types_autocast = false')
  } else options.push('hive_partitioning = false')
  if (table.unionByName) options.push('union_by_name = true')
  return options.join(', ')
}
