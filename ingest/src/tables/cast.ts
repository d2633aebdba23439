import type { Column } from '@muniment/archive/model/types'
import { duckType } from '@muniment/archive/seals/canonical-sql'
import { list, text } from './sql.ts'

export { duckType }

/**
 * How a column's source text becomes its value, strictly: what DuckDB's casts would round, trim, guess or overflow is told apart.
 * Three layers of SQL, each named by the column's place, so that no expression is computed twice:
 * `t` the text with the model's nulls applied, `r` the value a lenient cast gives, `s` its state (0 well, 1 does not
 * cast, 2 loses precision), and from these the value that is stored.
 */
export interface CastSql {
  text(raw: string): string
  parsed(t: string): string
  /** Undefined where every text is a value. */
  state?(t: string, r: string): string
  /** The value to store, of type `duckType`. */
  value(r: string): string
}

const NUMBER = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)'
const ISO_TIMESTAMP = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'

/** Text of a number with a point; a text that uses the point otherwise is made unreadable rather than misread. */
function pointed(column: Column, t: string): string {
  return column.decimalComma ? `translate(${t}, ',.', '.#')` : t
}

function integer(type: string): Omit<CastSql, 'text'> {
  return {
    parsed: (t) => `TRY_CAST(${t} AS ${type})`,
    state: (t, r) => `CASE WHEN ${t} IS NULL OR CAST(${r} AS VARCHAR) = ${t} THEN 0
      WHEN ${r} IS NOT NULL AND regexp_full_match(${t}, '[+-]?[0-9]+') THEN 0 ELSE 1 END`,
    value: (r) => r,
  }
}

function decimal(column: Column): Omit<CastSql, 'text'> {
  const scale = /,(\d+)\)$/.exec(column.type.replaceAll(' ', ''))?.[1] ?? '0'
  return {
    parsed: (t) => `TRY_CAST(${pointed(column, t)} AS ${column.type})`,
    state: (t, r) => `CASE WHEN ${t} IS NULL OR CAST(${r} AS VARCHAR) = ${pointed(column, t)} THEN 0
      WHEN ${r} IS NULL OR NOT regexp_full_match(${pointed(column, t)}, '${NUMBER}') THEN 1
      WHEN regexp_matches(${pointed(column, t)}, '[.][0-9]{${scale}}[0-9]*[1-9]') THEN 2 ELSE 0 END`,
    value: (r) => r,
  }
}

function double(column: Column): Omit<CastSql, 'text'> {
  return {
    parsed: (t) => `TRY_CAST(${pointed(column, t)} AS DOUBLE)`,
    state: (t, r) => `CASE WHEN ${t} IS NULL THEN 0
      WHEN isfinite(${r}) AND regexp_full_match(${pointed(column, t)}, '${NUMBER}([eE][+-]?[0-9]+)?') THEN 0 ELSE 1 END`,
    value: (r) => r,
  }
}

function boolean(column: Column): Omit<CastSql, 'text'> {
  const [yes, no] = column.sourceFormat?.split('|') ?? []
  const texts = (own: string | undefined, usual: string[]) => (own === undefined ? usual : [own])
  const subject = (t: string) => (column.sourceFormat === undefined ? `lower(${t})` : t)
  return {
    parsed: (t) => `CASE WHEN ${subject(t)} IN (${list(texts(yes, ['true', '1']))}) THEN true
      WHEN ${subject(t)} IN (${list(texts(no, ['false', '0']))}) THEN false END`,
    state: (t, r) => `CASE WHEN ${t} IS NOT NULL AND ${r} IS NULL THEN 1 ELSE 0 END`,
    value: (r) => r,
  }
}

/** strptime forgives missing zeros, so `1.2.2024` is read where `01.02.2024` was meant; nothing else is forgiven. */
function sameWithoutZeros(a: string, b: string): string {
  const strip = (value: string) => `regexp_replace(${value}, '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')`
  return `${strip(a)} = ${strip(b)}`
}

function patterned(column: Column): Omit<CastSql, 'text'> {
  const format = text(column.sourceFormat ?? '')
  const fraction = (column.sourceFormat ?? '').endsWith('%f')
  const shortened = (t: string) => `regexp_replace(${t}, '([0-9]{6})[0-9]+$', '\\1')`
  const back = (r: string) => `strftime(${r}, ${format})`
  const isDate = column.type === 'date'
  const forgiven = (t: string, r: string) =>
    fraction ? `starts_with(${back(r)}, ${t})` : `${sameWithoutZeros(back(r), t)} AND ${r} >= TIMESTAMP '1000-01-01'`
  const finer = (t: string, r: string) =>
    isDate ? `${r} <> date_trunc('day', ${r})` : `epoch_us(${r}) % 1000 <> 0 OR length(${t}) > length(${back(r)})`
  return {
    parsed: (t) => {
      const parsed = `try_strptime(${t}, ${format})`
      // More digits than microseconds: read without them, and reported as finer than milliseconds.
      return fraction ? `coalesce(${parsed}, try_strptime(${shortened(t)}, ${format}))` : parsed
    },
    state: (t, r) => `CASE WHEN ${t} IS NULL THEN 0 WHEN ${r} IS NULL THEN 1
      WHEN ${back(r)} <> ${t} AND NOT (${forgiven(fraction ? shortened(t) : t, r)}) THEN 1
      WHEN ${finer(t, r)} THEN 2 ELSE 0 END`,
    value: (r) => (isDate ? `CAST(${r} AS DATE)` : `CAST(date_trunc('millisecond', ${r}) AS TIMESTAMP_MS)`),
  }
}

/** Years that every reader of Parquet knows, and no infinity. */
const ordinary = (r: string) => `${r} >= DATE '0001-01-01' AND ${r} < DATE '10000-01-01'`

function isoDate(): Omit<CastSql, 'text'> {
  return {
    parsed: (t) => `TRY_CAST(${t} AS DATE)`,
    // Branches are worked out only for what no branch before them took, so the usual case comes first.
    state: (t, r) => `CASE WHEN ${t} IS NULL THEN 0 WHEN NOT coalesce(${ordinary(r)}, false) THEN 1
      WHEN CAST(${r} AS VARCHAR) = ${t} THEN 0 WHEN CAST(${r} AS VARCHAR) || ' 00:00:00' = ${t} THEN 0 ELSE 1 END`,
    value: (r) => r,
  }
}

/** `20240705`, as mainframes write dates: arithmetic is three times as fast as strptime, and forgives nothing. */
function digitsDate(): Omit<CastSql, 'text'> {
  const day = (n: string) => `CASE WHEN ${n} BETWEEN 10000101 AND 99991231
    THEN TRY(make_date(${n} // 10000, ${n} // 100 % 100, ${n} % 100)) END`
  return {
    parsed: (t) => day(`TRY_CAST(${t} AS INTEGER)`),
    state: (t, r) => `CASE WHEN ${t} IS NULL THEN 0 WHEN ${r} IS NULL THEN 1
      WHEN CAST(TRY_CAST(${t} AS INTEGER) AS VARCHAR) = ${t} THEN 0 ELSE 1 END`,
    value: (r) => r,
  }
}

function isoTimestamp(): Omit<CastSql, 'text'> {
  return {
    parsed: (t) => `TRY_CAST(${t} AS TIMESTAMP)`,
    state: (
      t,
      r,
    ) => `CASE WHEN ${t} IS NULL OR (CAST(${r} AS VARCHAR) = ${t} AND ${ordinary(r)} AND epoch_us(${r}) % 1000 = 0) THEN 0
      WHEN NOT coalesce(${ordinary(r)}, false) OR NOT regexp_full_match(${t}, '${ISO_TIMESTAMP}') THEN 1
      WHEN regexp_matches(${t}, '[.][0-9]{3}[0-9]*[1-9]') THEN 2 ELSE 0 END`,
    value: (r) => `CAST(date_trunc('millisecond', ${r}) AS TIMESTAMP_MS)`,
  }
}

function byType(column: Column): Omit<CastSql, 'text'> {
  if (column.type === 'integer') return integer('INTEGER')
  if (column.type === 'bigint') return integer('BIGINT')
  if (column.type === 'double') return double(column)
  if (column.type === 'boolean') return boolean(column)
  if (column.type.startsWith('decimal')) return decimal(column)
  if (column.type === 'date' && column.sourceFormat === undefined) return isoDate()
  if (column.type === 'date' && column.sourceFormat === '%Y%m%d') return digitsDate()
  if (column.type === 'date') return patterned(column)
  if (column.type === 'timestamp') return column.sourceFormat === undefined ? isoTimestamp() : patterned(column)
  return { parsed: (t) => t, value: (r) => r }
}

/**
 * Whether DuckDB's reader may be told the type itself, once it is known that every text of the column casts: quicker, and the
 * same values for texts that are well formed.
 */
export function readsNatively({ type, sourceFormat, decimalComma, nulls }: Column): boolean {
  if (sourceFormat !== undefined || decimalComma || type === 'varchar' || type === 'boolean') return false
  return nulls.length === 0 || type === 'date'
}

/** Hive and Athena have no partition for an empty text: it would come back as no value. */
const nonEmpty: Omit<CastSql, 'text'> = {
  parsed: (t) => t,
  state: (t) => `CASE WHEN ${t} = '' THEN 1 ELSE 0 END`,
  value: (r) => r,
}

/** `partition`: the values name folders. */
export function castOf(column: Column, partition = false): CastSql {
  const { nulls } = column
  return {
    ...(partition ? nonEmpty : byType(column)),
    text: (raw) => (nulls.length === 0 ? raw : `CASE WHEN ${raw} IN (${list(nulls)}) THEN NULL ELSE ${raw} END`),
  }
}
