import type { Column, Table } from '@muniment/archive/model/types'
import type { PreparedFile } from '../delivery/prepare.ts'
import { castOf, duckType } from './cast.ts'
import { filePath, identifier, text } from './sql.ts'

/** A delivered column: its place in the model (names the SQL aliases t, r, s, v) and what reads it. */
export interface SourceColumn {
  place: number
  column: Column
  /** Place in the delivered record, from 0. */
  field: number
  raw: string
  /** The reader casts: `raw` is of the column's type. */
  native: boolean
  partition: boolean
}

/** A source file seen through the model: relations over it, in SQL. */
export interface Shape {
  table: Table
  columns: SourceColumn[]
  /** FROM clause whose columns `raw` names. */
  relation: string
}

const MIN_LINE = 2 << 20
/** With less, DuckDB's reading buffers (32 MB each) would take what sorting needs. */
const PLENTY = 1 << 30

/** Names the model expects and the file lacks, and the reverse. */
export function compareHeader(table: Table, header: readonly string[]): { missing: string[]; extra: string[] } {
  const expected = table.columns.flatMap(({ source }) => (source === undefined ? [] : [source]))
  const twice = header.filter((name, index) => header.indexOf(name) !== index)
  return {
    missing: expected.filter((name) => !header.includes(name)),
    extra: [...header.filter((name) => !expected.includes(name)), ...twice],
  }
}

export interface ShapeOptions {
  /** Columns that the CSV reader is to cast. */
  native?: (column: Column) => boolean
  memoryBytes?: number
}

/**
 * A delivered Parquet file as it is: a folder `POLICY=9` above it says nothing about its values, and texts that their writer did not
 * mark as such are texts.
 */
export const deliveredParquet = (path: string) =>
  `read_parquet(${filePath(path)}, hive_partitioning = false, binary_as_string = true)`

export function shapeOf(
  table: Table,
  file: PreparedFile,
  header: readonly string[],
  { native = () => false, memoryBytes = PLENTY }: ShapeOptions = {},
): Shape {
  const columns = table.columns.flatMap((column, place): SourceColumn[] => {
    if (column.source === undefined) return []
    const field = header.indexOf(column.source)
    const raw = file.kind === 'csv' ? `f${field}` : `CAST(${identifier(column.source)} AS VARCHAR)`
    const partition = table.partitionBy.includes(column.name)
    return field === -1 ? [] : [{ place, column, field, raw, native: file.kind === 'csv' && native(column), partition }]
  })
  if (file.kind === 'parquet') return { table, columns, relation: deliveredParquet(file.path) }
  const types = header.map((_, index) => {
    const column = columns.find(({ field, native: cast }) => cast && field === index)?.column
    if (column?.type === 'timestamp') return 'TIMESTAMP'
    return column ? duckType(column.type) : 'VARCHAR'
  })
  const longest = file.scan?.longest ?? 0
  const options = [
    filePath(file.path),
    'auto_detect = false',
    'header = true',
    `delim = ${text(table.source.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    // An empty field in quotes is an empty text, one without is no value.
    'allow_quoted_nulls = false',
    ...(longest > MIN_LINE / 2 ? [`max_line_size = ${longest * 2}`] : []),
    ...(memoryBytes < PLENTY ? [`buffer_size = ${Math.max(2 * MIN_LINE, 4 * longest, memoryBytes >> 6)}`] : []),
    `columns = {${types.map((type, index) => `'f${index}': '${type}'`).join(', ')}}`,
  ]
  return { table, columns, relation: `read_csv(${options.join(', ')})` }
}

interface ReadOptions {
  /** Columns whose state is worked out: all when measuring, those that failed when writing. */
  states: (column: SourceColumn) => boolean
  /** Keeps the texts beside the values. */
  texts?: boolean
  /** Numbers the records from 1 as `record`; costs the parallel reading of what follows. */
  numbered?: boolean
}

/** Relation of typed values `v0`, `v1`, ... with states `s` where asked, texts `t` and the record's number. */
export function typedRelation(shape: Shape, { states, texts = false, numbered = false }: ReadOptions): string {
  const casts = shape.columns.map((source) => ({ ...source, cast: castOf(source.column, source.partition) }))
  const number = numbered ? ['record'] : []
  const first = casts.map(({ place, raw, cast }) => `${cast.text(raw)} AS t${place}`)
  const second = casts.map(
    ({ place, cast, native }) => `t${place}, ${native ? `t${place}` : cast.parsed(`t${place}`)} AS r${place}`,
  )
  const third = casts.map((source) => {
    const { place, cast } = source
    const state = states(source) && cast.state ? `, ${cast.state(`t${place}`, `r${place}`)} AS s${place}` : ''
    return `t${place}, r${place}${state}`
  })
  const fourth = casts.map((source) => {
    const { place, cast, column } = source
    const stated = states(source) && cast.state
    const value = `CAST(${cast.value(`r${place}`)} AS ${duckType(column.type)})`
    const kept = stated ? `CASE WHEN s${place} = 1 THEN NULL ELSE ${value} END` : value
    return `${texts ? `t${place}, ` : ''}${stated ? `s${place}, ` : ''}${kept} AS v${place}`
  })
  const read = numbered ? `(SELECT row_number() OVER () AS record, * FROM ${shape.relation})` : shape.relation
  return `(SELECT ${[...number, ...fourth].join(', ')} FROM (SELECT ${[...number, ...third].join(', ')} FROM (
    SELECT ${[...number, ...second].join(', ')} FROM (SELECT ${[...number, ...first].join(', ')} FROM ${read}))))`
}

export function hasState({ column, partition }: SourceColumn): boolean {
  return castOf(column, partition).state !== undefined
}
