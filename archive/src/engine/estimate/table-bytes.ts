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
  /** Bytes of each column of a row group that are read twice, in finding where its pages begin. */
  twice: number
}

/** By position: of each page, a dictionary's and the values', 256 bytes are read for its header, and what of them is no header once more. */
const duckdb: Reader = { wholeFiles: 0, tail: 0, split: Number.POSITIVE_INFINITY, gaps: false, twice: 2 * 256 }

/** As Trino does by default: `parquet.small-file-threshold`, its first look at a footer, the first splits, and ranges put together up to 1 MB apart. */
const athena: Reader = { wholeFiles: 3 * 1024 ** 2, tail: 48 * 1024, split: 32 * 1024 ** 2, gaps: true, twice: 0 }

/** What a footer has to say of a column in a row group takes more bytes than these. */
const chunkInFooter = 48

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
  { wholeFiles, tail, split, gaps, twice }: Reader,
): number {
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0)
  const beside = Math.max(0, table.bytes - sum(table.columns.map(({ bytes }) => bytes)))
  const splits = table.objects.map(({ size }) => Math.max(1, Math.ceil(size / split)))
  const footers = beside * Math.max(0, ...splits) + tail * sum(splits)
  const stored = table.columns.filter(({ name }) => !table.partitionBy.includes(name))
  const used = stored.map(({ name }) => columns.has(name))
  const [first, last] = [used.indexOf(true), used.lastIndexOf(true)]
  // The catalog does not say how many row groups there are.
  const groups = Math.ceil(beside / (chunkInFooter * Math.max(1, stored.length)))
  const again = twice * groups * used.filter(Boolean).length
  const read = stored.filter((_, at) => (gaps && at >= first && at <= last) || used[at])
  const whole = sum(objects.filter(({ size }) => size <= wholeFiles).map(({ size }) => size))
  return Math.min(sum(read.map(({ bytes }) => bytes)) + whole, sum(objects.map(({ size }) => size))) + again + footers
}
