import { OperatorError } from '@muniment/archive/errors'
import type { RowRanges } from '../run/types.ts'
import { filePath, identifier, type Rows, type Session, text } from './session.ts'

/** Key of the Parquet file's metadata under which a rewrite is told from every other. */
export const NONCE = 'muniment_rewrite'

/** Rows that DuckDB hands on at once: a filtered group ends somewhere within them. */
const VECTOR = 2048

export interface RewrittenFile {
  rows: { before: number; destroyed: number; kept: number }
}

const plain = (file: string) => `read_parquet(${filePath(file)}, hive_partitioning = false)`

const doubt = (what: string) =>
  new OperatorError(`${what}; the object was left as it is, and nothing of it was destroyed.`)

/** The schema as the footer says it, to its units. */
const schemaOf = (session: Session, file: string): Promise<Rows> =>
  session.rows(
    `SELECT name, type, type_length, repetition_type, num_children, converted_type, scale, "precision", logical_type
     FROM parquet_schema(${filePath(file)})`,
  )

const metadataOf = async (session: Session, file: string): Promise<[string, string][]> =>
  (await session.rows(`SELECT decode(key) AS k, decode(value) AS v FROM parquet_kv_metadata(${filePath(file)})`)).map(
    ({ k, v }) => [k ?? '', v ?? ''],
  )

async function groupsOf(session: Session, file: string): Promise<{ largest: number; codec: string }> {
  const { largest, codecs } = await session.row(
    `SELECT max(row_group_num_rows) AS largest, string_agg(DISTINCT compression, ',') AS codecs FROM parquet_metadata(${filePath(file)})`,
  )
  const codec = codecs ?? 'ZSTD'
  if (!/^(ZSTD|SNAPPY|GZIP|LZ4_RAW|BROTLI|UNCOMPRESSED)$/.test(codec))
    throw doubt('Its columns are compressed in several ways')
  return { largest: Number(largest ?? 0), codec }
}

/** Columns as they must be written so that the file says the same of them: DuckDB reads milliseconds as microseconds. */
function written(schema: Rows): string {
  const leaves = schema.slice(1)
  if (leaves.some(({ num_children }) => num_children !== null && num_children !== '0'))
    throw doubt('It has nested columns, which this version does not rewrite')
  return leaves
    .map(({ name, logical_type, converted_type }) => {
      const column = identifier(name ?? '')
      const millis = converted_type === 'TIMESTAMP_MILLIS' || /MILLIS=MilliSeconds/.test(logical_type ?? '')
      return millis ? `CAST(${column} AS TIMESTAMP_MS) AS ${column}` : column
    })
    .join(', ')
}

/**
 * Sets the rows that go, and gives the condition that is true of them. A set of bits, and no join: a join of several threads loses the order
 * of the rows.
 */
async function goingRows(session: Session, ranges: RowRanges): Promise<string> {
  const first = Math.min(...ranges.map(([from]) => from))
  const last = Math.max(...ranges.map(([from, count]) => from + count - 1))
  await session.run('CREATE OR REPLACE TEMP TABLE going (f BIGINT, n BIGINT)')
  for (let at = 0; at < ranges.length; at += 5_000) {
    const values = ranges.slice(at, at + 5_000).map(([from, count]) => `(${from}, ${count})`)
    await session.run(`INSERT INTO going VALUES ${values.join(', ')}`)
  }
  await session.run(
    `SET VARIABLE going = (SELECT bitstring_agg(r, ${first}, ${last}) FROM (SELECT unnest(range(f, f + n)) AS r FROM going))`,
  )
  return `(CASE WHEN _row BETWEEN ${first} AND ${last} THEN get_bit(getvariable('going'), CAST(_row - ${first} AS INTEGER)) = 1 ELSE false END)`
}

/** Hash over all values of a row. Doubles with their sign: to DuckDB's own hash -0.0 and 0.0 are one. */
async function rowHash(session: Session, file: string): Promise<string> {
  const columns = await session.rows(`DESCRIBE SELECT * FROM ${plain(file)}`)
  const values = columns.map(({ column_name, column_type }) => {
    const column = identifier(column_name ?? '')
    return /^(DOUBLE|FLOAT)$/.test(column_type ?? '') ? `${column}, signbit(${column})` : column
  })
  return `hash(${values.join(', ')})`
}

/** Of the rows for which it holds: how many, and two sums over their hashes. */
const sums = (file: string, hash: string, condition?: string) =>
  `SELECT count(*) AS kept, CAST(sum(h) AS VARCHAR) AS s, CAST(bit_xor(h) AS VARCHAR) AS x
   FROM (SELECT ${hash} AS h FROM ${plain(file)} ${condition === undefined ? '' : `WHERE ${condition}`})`

/** Rows by ascending number, one behind the other, as the file has them. */
async function mustAscend(session: Session, file: string): Promise<void> {
  const { wrong } = await session.row(
    `SELECT count(*) FILTER (NOT coalesce(r > pr AND n = pn + 1, n = 0)) AS wrong FROM (
       SELECT _row AS r, lag(_row) OVER () AS pr, file_row_number AS n, lag(file_row_number) OVER () AS pn
       FROM read_parquet(${filePath(file)}, hive_partitioning = false, file_row_number = true))`,
  )
  if (wrong !== '0') throw doubt('Its rows are not in the order of their numbers')
}

/** How many rows there are, and how many of them go; throws where a row that is to go is not there, or is there twice. */
export async function countRows(session: Session, file: string, ranges: RowRanges): Promise<RewrittenFile['rows']> {
  const condition = await goingRows(session, ranges)
  const { n } = await session.row(`SELECT count(*) AS n FROM ${plain(file)}`)
  const { gone, distinct } = await session.row(
    `SELECT count(*) AS gone, count(DISTINCT _row) AS "distinct" FROM ${plain(file)} WHERE ${condition}`,
  )
  const expected = ranges.reduce((sum, [, count]) => sum + count, 0)
  if (Number(gone) !== expected || Number(distinct) !== expected)
    throw doubt(`Of ${expected} rows that are to go it has ${distinct}, ${gone} times in all`)
  return { before: Number(n), destroyed: expected, kept: Number(n) - expected }
}

/**
 * Writes `to` from `from` without the rows of `ranges`, with all else as it was and the nonce beside it, and then holds the two files
 * against one another: rows, every value of those that stay, their order, schema, codec, metadata, size of row groups. Throws OperatorError
 * where anything is different.
 */
export async function rewriteFile(
  session: Session,
  { from, to, ranges, nonce }: { from: string; to: string; ranges: RowRanges; nonce: string },
): Promise<RewrittenFile> {
  const rows = await countRows(session, from, ranges)
  const [schema, metadata, { largest, codec }] = [
    await schemaOf(session, from),
    (await metadataOf(session, from)).filter(([key]) => key !== NONCE),
    await groupsOf(session, from),
  ]
  const condition = await goingRows(session, ranges)
  const size = rows.kept <= largest ? Math.max(largest, 1) : Math.max(VECTOR, largest - VECTOR)
  const said = [...metadata, [NONCE, nonce] as const].map(([key, value]) => `${identifier(key)}: ${text(value)}`)
  await session.run(
    `COPY (SELECT ${written(schema)} FROM ${plain(from)} WHERE ${condition} IS NOT TRUE) TO ${text(to)}
     (FORMAT parquet, CODEC ${text(codec)}, ROW_GROUP_SIZE ${size}, KV_METADATA {${said.join(', ')}})`,
  )
  if (JSON.stringify(await schemaOf(session, to)) !== JSON.stringify(schema))
    throw doubt('Rewritten, its schema would be another')
  const after = await metadataOf(session, to)
  const sorted = (pairs: (readonly [string, string])[]) => JSON.stringify(pairs.map((pair) => [...pair]).sort())
  if (sorted(after) !== sorted([...metadata, [NONCE, nonce]])) throw doubt('Rewritten, its metadata would be another')
  const groups = await groupsOf(session, to)
  if (groups.largest > largest || groups.codec !== codec)
    throw doubt('Rewritten, its row groups would be larger or packed otherwise')
  const hash = await rowHash(session, from)
  const kept = await session.row(sums(from, hash, `${condition} IS NOT TRUE`))
  const there = await session.row(sums(to, hash))
  if (Number(kept.kept) !== rows.kept || JSON.stringify(there) !== JSON.stringify(kept))
    throw doubt('Rewritten, the rows that stay would be others')
  await mustAscend(session, from)
  await mustAscend(session, to)
  return { rows }
}
