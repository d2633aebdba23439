import type { UnloadTarget } from '../port.ts'
import { identifier, literal } from '../sql-text.ts'

/** Texts that a spreadsheet would take for a formula begin with one of these. */
const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']

/** Of DuckDB's COPY. */
export function copyOptions(format: UnloadTarget['format']): string {
  switch (format) {
    case 'csv':
      return "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', NEW_LINE '\r\n'"
    case 'json':
      return 'FORMAT json, ARRAY true'
    case 'parquet':
      return 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480'
  }
}

type Column = UnloadTarget['columns'][number] & { type: string }

/** As it stands in the file, of a relation called `result`. */
export function outputColumn(column: Column, format: UnloadTarget['format'], index: number): string {
  const name = `result.${identifier(column.name)}`
  const value = column.words ? inWords(name, column.words) : name
  const type = column.words ? 'varchar' : column.type
  const heading = identifier(column.heading === '' ? `column ${index + 1}` : column.heading)
  return `${written(value, type, format)} AS ${heading}`
}

/** An expression of this type as a file has it. */
export function written(value: string, type: string, format: UnloadTarget['format']): string {
  if (type === 'timestamp' && format === 'parquet') return `CAST(${value} AS TIMESTAMP_MS)`
  // DuckDB writes its own wide integers as doubles.
  if (type === 'bigint' && format === 'parquet') return `CAST(${value} AS BIGINT)`
  if (type === 'timestamp') return `strftime(${value}, '%Y-%m-%d %H:%M:%S.%g')`
  // DuckDB writes no 0 before the point where the type has no digit there.
  const fraction = format !== 'parquet' && /^decimal\((\d+),\1\)$/.exec(type)?.[1]
  if (fraction && Number(fraction) < 38)
    return `CAST(CAST(${value} AS DECIMAL(${Number(fraction) + 1},${fraction})) AS VARCHAR)`
  // JSON numbers are doubles to most readers: a decimal as text keeps its digits and its scale.
  if (type.startsWith('decimal') && format === 'json') return `CAST(${value} AS VARCHAR)`
  if (type === 'varchar' && format === 'csv') return safeText(value)
  return value
}

const safeText = (value: string) => {
  const starts = formulaStarts.map((start) => (start < ' ' ? `chr(${start.charCodeAt(0)})` : literal(start)))
  // Comparing the beginning is cheap and passes over most texts, which begin with a letter or digit, before one is cut off.
  const doubtful = `(${value} < '0' OR (${value} >= '=' AND ${value} < 'A') OR ${value} >= '＀')`
  // Of an IN with so many values DuckDB would make a join, which every row of every column goes through.
  const formula = `list_contains([${starts.join(', ')}], left(${value}, 1))`
  return `CASE WHEN ${doubtful} AND ${formula} THEN '''' || ${value} ELSE ${value} END`
}

const inWords = (value: string, words: Record<string, string>) => {
  const cases = Object.entries(words).map(([code, word]) => `WHEN ${literal(code)} THEN ${literal(word)}`)
  return cases.length === 0
    ? `CAST(${value} AS VARCHAR)`
    : `CASE CAST(${value} AS VARCHAR) ${cases.join(' ')} ELSE CAST(${value} AS VARCHAR) END`
}
