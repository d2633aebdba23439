import type { CatalogObject, CatalogTable } from '../../catalog/port.ts'

/** How an engine reads beside the columns that it needs. */
export interface Reader {
  /** Bytes up to which a file is read as a whole. */
  wholeFiles: number
  /** Bytes read of a file's end to find its footer, at most, where that is less than the footer and more than nothing. */
  tail: number
  /** Bytes of a file that are read as one; each opens the file and reads its footer. */
  split: number
  /** Columns between two that are needed may be read along. */
  gaps: boolean
}

/** By position, exactly: what a footer says, and nothing twice. */
const duckdb: Reader = { wholeFiles: 0, tail: 0, split: Number.POSITIVE_INFINITY, gaps: false }

/** As Trino does by default: `parquet.small-file-threshold`, its first look at a footer, the first splits, and ranges put together up to 1 MB apart. */
const athena: Reader = { wholeFiles: 3 * 1024 ** 2, tail: 48 * 1024, split: 32 * 1024 ** 2, gaps: true }

export const readers = { duckdb, athena }

/**
 * Bytes that one scan of a table reads at most: these columns of these objects, and of all its objects what is no column (footers, indexes,
 * bloom filters), as some engines open every one. The catalog has columns' sizes of whole tables, so of a part of the objects it is
 * never more than they are large.
 */
export function tableBytes(
  table: CatalogTable,
  columns: ReadonlySet<string>,
  objects: readonly CatalogObject[],
  { wholeFiles, tail, split, gaps }: Reader,
): number {
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0)
  const beside = Math.max(0, table.bytes - sum(table.columns.map(({ bytes }) => bytes)))
  const splits = table.objects.map(({ size }) => Math.max(1, Math.ceil(size / split)))
  const footers = beside * Math.max(0, ...splits) + tail * sum(splits)
  const used = table.columns.map(({ name }) => columns.has(name))
  const [first, last] = [used.indexOf(true), used.lastIndexOf(true)]
  const read = table.columns.filter((_, at) => (gaps && at >= first && at <= last) || used[at])
  const whole = sum(objects.filter(({ size }) => size <= wholeFiles).map(({ size }) => size))
  return Math.min(sum(read.map(({ bytes }) => bytes)) + whole, sum(objects.map(({ size }) => size))) + footers
}
