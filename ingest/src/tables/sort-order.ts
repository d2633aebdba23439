import { OperatorError } from '@muniment/archive/errors'
import type { Table } from '@muniment/archive/model/types'
import { duckType } from './cast.ts'
import type { Session } from './session.ts'
import { filePath, identifier, list, text } from './sql.ts'
import type { WrittenFile } from './write.ts'

/** The first column that orders the rows within a file; undefined where the partitions say it all. */
function firstSorted({ partitionBy, sortBy, primaryKey, columns }: Table) {
  const first = [...sortBy, ...primaryKey].find((name) => !partitionBy.includes(name))
  return columns.find(({ name }) => name === first)
}

/** Files of one partition hold one run of sorted rows. */
const runsOf = (files: readonly WrittenFile[]) => {
  const names = files.map(({ partition }) => JSON.stringify(partition))
  return names.map((name) => names.indexOf(name))
}

/**
 * Holds what was written against the table's declared order, by the footers: of its first sort column each row group begins where the
 * one before it ended or later, and rows without a value come last. Lookups skip row groups by these very numbers.
 *
 * `files` in the order of their rows. Throws OperatorError: whatever went wrong, the delivery did not.
 */
export async function checkSortOrder(session: Session, table: Table, files: readonly WrittenFile[]): Promise<void> {
  const column = firstSorted(table)
  if (!column || files.length === 0) return
  const paths = files.map(({ path }) => path)
  const run = `list_extract([${runsOf(files).join(', ')}], place)`
  const type = duckType(column.type)
  const [doubt] = await session.rows(
    `SELECT place FROM (SELECT list_position([${list(paths)}], file_name) AS place, row_group_id AS number,
        row_group_num_rows AS rows, coalesce(stats_null_count, 0) AS missing,
        CAST(stats_min_value AS ${type}) AS low, CAST(stats_max_value AS ${type}) AS high,
        coalesce(min_is_exact AND max_is_exact, true) AND (low IS NOT NULL OR missing = rows) AS told
      FROM parquet_metadata([${paths.map(filePath).join(', ')}]) WHERE path_in_schema = ${text(column.name)})
    WINDOW before AS (PARTITION BY ${run} ORDER BY place, number)
    QUALIFY NOT told OR low > high OR lag(high) OVER before > low OR (lag(missing) OVER before > 0 AND missing < rows)
    LIMIT 1`,
  )
  if (!doubt) return
  // A footer has only the beginning of a long text, rounded: then the rows themselves are asked.
  const [wrong] = await session.rows(
    `SELECT place FROM (SELECT list_position([${list(paths)}], filename) AS place, file_row_number AS number,
        ${identifier(column.name)} AS value
      FROM read_parquet([${paths.map(filePath).join(', ')}], filename = true, file_row_number = true, hive_partitioning = false))
    WINDOW before AS (PARTITION BY ${run} ORDER BY place, number)
    QUALIFY lag(value) OVER before > value OR (value IS NOT NULL AND row_number() OVER before > 1 AND lag(value) OVER before IS NULL)
    ORDER BY place LIMIT 1`,
  )
  if (!wrong) return
  throw new OperatorError(
    `The rows of ${files[Number(wrong.place) - 1]?.name} in ${table.name} were not written in the order of ${column.name}, ` +
      'which the model declares and lookups depend on. Nothing of this load is visible, and the delivery is not to blame: run the same ' +
      'command again, and where it says this again, report it as a fault of ingest, with the version of DuckDB.',
  )
}
