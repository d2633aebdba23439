import type { Column, Table } from '@muniment/archive/model/types'
import { duckType } from './cast.ts'
import { type DerivedGroup, derivedAggregates } from './derive.ts'
import type { Session, SqlRow } from './session.ts'
import { hasState, type Shape, typedRelation } from './shape.ts'
import { identifier, list, text } from './sql.ts'

/**
 * What is known of a table's content whatever its order: the same function measures the source and the archive, each by a reading of its
 * own, and the two must be equal. Checksums are sums of DuckDB's 64-bit hash of the typed values, so they compare only
 * within one version of DuckDB; `all` is over whole rows and catches values that changed places between rows.
 */
export interface Measure {
  rows: number
  keys: number
  all: string
  columns: Record<string, { values: number; checksum: string; total?: string }>
}

/** Records per column that do not cast (`cast`), lose precision, or have no value where one is required. */
export interface Faults {
  cast: number
  precision: number
  null: number
}

const isNumber = (column: Column) => /^(integer|bigint|double|decimal)/.test(column.type)

function totalOf(column: Column, value: string): string {
  if (column.type.startsWith('decimal')) return `CAST(sum(${value}) AS VARCHAR)`
  // Sums of doubles depend on the order; sums of decimals don't.
  const wide = column.type === 'double' ? `TRY_CAST(${value} AS DECIMAL(38,9))` : `CAST(${value} AS HUGEINT)`
  return `CAST(sum(${wide}) AS VARCHAR)`
}

interface Measured {
  place: number
  column: Column
  value: string
}

function aggregates(table: Table, columns: Measured[], totals: readonly string[]): string[] {
  const keys = table.primaryKey.flatMap((name) => columns.filter(({ column }) => column.name === name))
  return [
    'count(*) AS rows',
    `CAST(sum(hash(${columns.map(({ place }) => `h${place}`).join(', ')})) AS VARCHAR) AS all_rows`,
    `count(DISTINCT hash(${keys.map(({ place }) => `h${place}`).join(', ')})) AS keys`,
    ...columns.map(({ place, column }) => {
      const sum =
        isNumber(column) && totals.includes(column.name) ? `, ${totalOf(column, `v${place}`)} AS m${place}` : ''
      return `count(v${place}) AS n${place}, CAST(sum(h${place}) AS VARCHAR) AS c${place}${sum}`
    }),
  ]
}

function hashes(columns: Measured[]): string {
  return columns.map(({ place, value }) => `hash(${value}) AS h${place}`).join(', ')
}

function asMeasure(columns: Measured[], row: SqlRow): Measure {
  return {
    rows: Number(row.rows),
    keys: Number(row.keys),
    all: row.all_rows ?? '0',
    columns: Object.fromEntries(
      columns.map(({ place, column }) => {
        const total = row[`m${place}`]
        const measured = { values: Number(row[`n${place}`]), checksum: row[`c${place}`] ?? '0' }
        return [column.name, total == null ? measured : { ...measured, total }]
      }),
    ),
  }
}

/** Deviations are the exception: they are counted by a second reading, of the columns that have any. */
function countFaults(session: Session, shape: Shape): Promise<SqlRow> {
  const counts = shape.columns.map(
    ({ place }) => `count(*) FILTER (s${place} = 1) AS b${place}, count(*) FILTER (s${place} = 2) AS p${place}`,
  )
  return session.row(`SELECT ${counts.join(', ')} FROM ${typedRelation(shape, { states: () => true })}`)
}

/** Reads the source once, casting strictly. `totals` are the columns whose sums are wanted. */
export async function measureSource(session: Session, shape: Shape, totals: readonly string[]) {
  const columns = shape.columns.map(({ place, column }) => ({ place, column, value: `v${place}` }))
  const faulty = shape.columns.flatMap((source) => {
    const { place, column } = source
    const states = hasState(source) ? [`max(s${place}) AS b${place}`] : []
    // A row that its key does not name can be neither cited nor destroyed.
    const required = column.required || shape.table.primaryKey.includes(column.name)
    return required ? [...states, `count(*) FILTER (t${place} IS NULL) AS u${place}`] : states
  })
  const relation = typedRelation(shape, { states: () => true, texts: true })
  const row = await session.row(
    `SELECT ${[...aggregates(shape.table, columns, totals), ...faulty].join(', ')}
     FROM (SELECT *, ${hashes(columns)} FROM ${relation})`,
  )
  const faults: Record<string, Faults> = {}
  const worst = shape.columns.filter(({ place }) => Number(row[`b${place}`] ?? 0) > 0)
  const counts = worst.length > 0 ? await countFaults(session, { ...shape, columns: worst }) : {}
  for (const { place, column } of columns)
    faults[column.name] = {
      cast: Number(counts[`b${place}`] ?? 0),
      precision: Number(counts[`p${place}`] ?? 0),
      null: Number(row[`u${place}`] ?? 0),
    }
  return { measure: asMeasure(columns, row), faults }
}

/** FROM clause over written files, partition columns included. */
export function parquetRelation(table: Table, paths: readonly string[], extra = ''): string {
  const types = table.partitionBy.map((name) => `${identifier(name)}: VARCHAR`).join(', ')
  const hive =
    table.partitionBy.length > 0 ? `, hive_partitioning = true, hive_types = {${types}}` : ', hive_partitioning = false'
  return `read_parquet([${list(paths)}]${hive}${extra})`
}

export interface ArchiveMeasure {
  measure: Measure
  /** Checksums by derived column. */
  derived: Record<string, string>
  /** Rows of a file that do not stand where their number says. */
  misplaced: number
}

/** Measures what was written, in one reading. */
export async function measureArchive(
  session: Session,
  shape: Shape,
  paths: readonly string[],
  { totals, groups }: { totals: readonly string[]; groups: DerivedGroup[] },
): Promise<ArchiveMeasure> {
  const columns = shape.columns.map(({ place, column }) => ({ place, column, value: `v${place}` }))
  const values = columns.map(
    ({ place, column }) => `CAST(${identifier(column.name)} AS ${duckType(column.type)}) AS v${place}`,
  )
  const derived = derivedAggregates(groups)
  const also = derived.map(({ sql }, index) => `${sql} AS d${index}`)
  const row = await session.row(
    `SELECT ${[...aggregates(shape.table, columns, totals), ...also].join(', ')},
     count(*) FILTER (_row <> file_row_number + ${offsets(await rowsOf(session, paths))}) AS misplaced
     FROM (SELECT *, ${hashes(columns)} FROM (SELECT *, ${values.join(', ')}
     FROM ${parquetRelation(shape.table, paths, ', file_row_number = true, filename = true')}))`,
  )
  return {
    measure: asMeasure(columns, row),
    derived: Object.fromEntries(derived.map(({ name }, index) => [name, row[`d${index}`] ?? '0'])),
    misplaced: Number(row.misplaced),
  }
}

/** Rows of each file by its footer. */
export async function rowsOf(session: Session, paths: readonly string[]): Promise<{ path: string; rows: number }[]> {
  const found = await session.rows(`SELECT file_name, num_rows FROM parquet_file_metadata([${list(paths)}])`)
  return paths.map((path) => ({ path, rows: Number(found.find(({ file_name }) => file_name === path)?.num_rows) }))
}

/** The number that a file's first row must have: those of the files before it. */
function offsets(files: { path: string; rows: number }[]): string {
  let before = 0
  const cases = files.map(({ path, rows }) => {
    const first = before
    before += rows
    return `WHEN ${text(path)} THEN ${first}`
  })
  return cases.length < 2 ? '0' : `CASE filename ${cases.join(' ')} END`
}

/** What differs, in words that name columns and counts, never values. */
export function compareMeasures(source: Measure, archive: Measure): { column?: string; message: string }[] {
  const found: { column?: string; message: string }[] = []
  if (source.rows !== archive.rows)
    found.push({ message: `the delivery has ${source.rows} records and the archive ${archive.rows} rows` })
  if (source.keys !== archive.keys)
    found.push({ message: `the delivery has ${source.keys} distinct keys and the archive ${archive.keys}` })
  for (const [column, one] of Object.entries(source.columns)) {
    const other = archive.columns[column]
    if (one.values !== other?.values)
      found.push({ column, message: `${one.values} values were delivered and ${other?.values ?? 0} archived` })
    else if (one.checksum !== other.checksum || one.total !== other.total)
      found.push({ column, message: 'the values archived are not those delivered' })
  }
  if (found.length === 0 && source.all !== archive.all)
    found.push({ message: 'values of different records were exchanged' })
  return found
}
