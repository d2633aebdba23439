import { canonical } from '@muniment/archive/seals/canonical-sql'
import type { ObjectDescription } from '@muniment/archive/seals/descriptions'
import { classesOf, type SealedColumn } from '@muniment/archive/seals/encoding'
import { explain, type Session } from '../tables/session.ts'
import { filePath, identifier } from '../tables/sql.ts'

export { canonical }

export type Described = Pick<ObjectDescription, 'columns' | 'firstRow' | 'groupRows'>

/** concat leaves out what is NULL. */
const encoded = (value: string, type: string) =>
  type === 'varchar' ? `strlen(${value}), ':', ${value}, ','` : `${value}, ','`

/** FROM clause over one object, with the values that stand in its folder's name. */
export function objectRelation(path: string, partition: Record<string, string>): string {
  const types = Object.keys(partition).map((name) => `${identifier(name)}: VARCHAR`)
  const hive =
    types.length > 0 ? `hive_partitioning = true, hive_types = {${types.join(', ')}}` : 'hive_partitioning = false'
  return `read_parquet(${filePath(path)}, ${hive})`
}

function relation(columns: ObjectDescription['columns'], from: string): string {
  const texts = columns.map(([name, type], place) => `${canonical(name, type)} AS t${place}`)
  return `(SELECT _row, ${['CAST(_row AS VARCHAR) AS number', ...texts].join(', ')} FROM ${from})`
}

export interface RowsOfGroup {
  group: number
  bytes: Uint8Array
}

/**
 * Rows of groups `from` to `to - 1` of an object as bytes, all of a group in one. The rows of a group come
 * in any order, and groups too.
 */
export async function* encodedRows(
  session: Session,
  object: Described,
  file: { path: string; partition: Record<string, string> },
  from: number,
  to: number,
): AsyncGenerator<RowsOfGroup> {
  const { columns, firstRow, groupRows } = object
  const { sensitive, open } = classesOf(columns)
  const place = (column: SealedColumn) => encoded(`t${columns.indexOf(column)}`, column[1])
  const parts = [...sensitive.flatMap((one) => one.columns.map(place)), encoded('number', 'bigint'), ...open.map(place)]
  const result = await session.connection
    .stream(
      `SELECT CAST((_row - ${firstRow}) // ${groupRows} AS INTEGER) AS g, encode(string_agg(concat(${parts.join(', ')}), '')) AS rows
     FROM ${relation(columns, objectRelation(file.path, file.partition))}
     WHERE _row >= ${firstRow + from * groupRows} AND _row < ${firstRow + to * groupRows} GROUP BY g`,
    )
    .catch(explain)
  const next = () => result.fetchChunk().catch(explain)
  for (let chunk = await next(); chunk && chunk.rowCount > 0; chunk = await next())
    for (const [group, rows] of chunk.getRows()) yield { group: Number(group), bytes: bytesOf(rows) }
}

function bytesOf(value: unknown): Uint8Array {
  if (!(typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array))
    throw new Error('DuckDB gave no bytes where rows were asked for.')
  return value.bytes
}
