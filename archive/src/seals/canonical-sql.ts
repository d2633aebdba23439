/** The canonical texts of encoding.ts, as DuckDB's SQL. */

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A column's type as DuckDB names it; timestamps in milliseconds, so that the Parquet footer says so. */
export function duckType(type: string): string {
  return type === 'timestamp' ? 'TIMESTAMP_MS' : type.toUpperCase()
}

export function canonical(name: string, type: string): string {
  const value = `CAST(${identifier(name)} AS ${duckType(type)})`
  const written = `CAST(${value} AS VARCHAR)`
  if (type !== 'timestamp') return written
  return `CASE WHEN strlen(${written}) = 19 THEN ${written} || '.000' ELSE rpad(${written}, 23, '0') END`
}
