import { duckdbType } from '../dialect/types.ts'
import type { ApplicationSetup, TableSetup } from '../pool/messages.ts'
import { identifier, literal, literalList } from '../sql-text.ts'

/** What stands for a table in statements that name these columns of it. */
export interface TableView {
  name: string
  table: string
  columns: ReadonlySet<string>
}

/**
 * DuckDB reckons with the statistics of every column that a view brings, of all row groups, before it leaves out those that nobody asks
 * for: of a table of twenty columns that is a fifth of a lookup. Its name can be that of no table.
 */
export function viewOfColumns({ name, columns }: TableSetup, named: ReadonlySet<string>): TableView {
  const places = columns.flatMap((column, place) => (named.has(column.name) ? [place] : []))
  // Rows are counted by any column.
  const kept = places.length > 0 ? places : [0]
  const all = kept.length === columns.length
  const mark = kept.reduce((sum, place) => sum | (1n << BigInt(place)), 0n).toString(16)
  const asked = new Set(kept.flatMap((place) => columns[place]?.name ?? []))
  return { name: all ? name : `${name} ${mark}`, table: name, columns: asked }
}

/** The SELECT a view stands for: exactly the catalog's objects, in the model's types. */
export function viewSelect(table: TableSetup): string {
  const columns = table.columns.map((column) => {
    const name = identifier(column.name)
    if (!column.stored || table.files.length === 0) return `CAST(NULL AS ${duckdbType(column.type)}) AS ${name}`
    // A cast of a column that has the type already would still keep filters from the files' statistics.
    return column.stored === column.type ? name : `CAST(${name} AS ${duckdbType(column.type)}) AS ${name}`
  })
  if (table.files.length === 0) return `SELECT ${columns.join(', ')} WHERE false`
  return `SELECT ${columns.join(', ')} FROM read_parquet(${fileList(table)})`
}

/** The same with the place of each row; see `Statement.places`. */
export function placedSelect(table: TableSetup, { name, folder }: Pick<ApplicationSetup, 'name' | 'folder'>): string {
  const columns = table.columns.map(({ name, type, stored }) => {
    const value = stored && table.files.length > 0 ? identifier(name) : 'NULL'
    return `CAST(${value} AS ${duckdbType(type)}) AS ${identifier(name)}`
  })
  if (table.files.length === 0)
    return `SELECT ${columns.join(', ')}, CAST(NULL AS VARCHAR) AS _object, CAST(NULL AS BIGINT) AS _row WHERE false`
  const key = `${literal(`archive/${name}/`)} || substr(${placeOfFile}, ${folder.length + 1}) AS _object`
  return `SELECT ${columns.join(', ')}, ${key}, CAST(_row AS BIGINT) AS _row FROM read_parquet(${fileList(table)}, filename = ${literal(placeOfFile)})`
}

/** A name that no column of a model can have. */
const placeOfFile = '__file'

/** What the view stands for as a table in FROM, where it has no column to cast or to add: a view within a view costs each plan more. */
export function plainSource(table: TableSetup): string | undefined {
  const plain = table.files.length > 0 && table.columns.every(({ stored, type }) => stored === type)
  return plain ? `read_parquet(${fileList(table)})` : undefined
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
