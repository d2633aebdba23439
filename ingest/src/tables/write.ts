import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column, Table } from '@muniment/archive/model/types'
import { type DerivedGroup, derivationInput } from './derive.ts'
import type { Session } from './session.ts'
import { type Shape, typedRelation } from './shape.ts'
import { filePath, identifier, text } from './sql.ts'

const MB = 1 << 20
/** Objects of big tables are aimed at the middle of 128 to 512 MB. */
const OBJECT_BYTES = 256 * MB
/** Sorted Parquet is seldom more than a quarter of its CSV: below this one object does. */
const ONE_OBJECT_SOURCE_BYTES = 4 * 400 * MB

export interface WrittenFile {
  /** Below the table's prefix: `part-...parquet`, or `year=1999/part-...parquet`. */
  name: string
  path: string
  partition: Record<string, string>
}

export interface WriteOptions {
  shape: Shape
  groups: DerivedGroup[]
  application: string
  load: string
  folder: string
  rows: number
  sourceBytes: number
  /** Columns in which some value does not cast. */
  failing: (column: string) => boolean
  /** More than one row has the same key, so that the key does not settle the order. */
  ambiguousKeys: boolean
  objectBytes?: number
}

/** Rows a row group: small enough for a point lookup, and the footer of a big table stays readable. */
export function rowGroupSize(rows: number): number {
  if (rows <= 2_000_000) return 8192
  return rows <= 10_000_000 ? 12_288 : 18_432
}

function orderOf(table: Table, everything: boolean): string {
  const names = [...table.partitionBy, ...table.sortBy, ...table.primaryKey]
  if (everything) names.push(...table.columns.map(({ name }) => name))
  return [...new Set(names)].map((name) => identifier(name)).join(', ')
}

/** All columns of the table by their names, derived ones joined in, in the file's order. */
function orderedSelect({ shape, groups, failing, ambiguousKeys }: WriteOptions): string {
  const relation = typedRelation(shape, { states: ({ column }) => failing(column.name) })
  const placeOf = (column: Column) => `v${shape.columns.find((source) => source.column === column)?.place}`
  const joins = groups.map(({ name }, index) => `LEFT JOIN ${name} AS g${index} ON g${index}.input = i${index}`)
  const inputs = groups.map((group, index) => `, ${derivationInput(group, placeOf)} AS i${index}`)
  const columns = shape.table.columns.map((column) => {
    const group = groups.findIndex(({ columns: own }) => own.includes(column))
    return group === -1
      ? `${placeOf(column)} AS ${identifier(column.name)}`
      : `g${group}.${identifier(column.name)} AS ${identifier(column.name)}`
  })
  // Numbered as they leave the sort, which streams: a window with an order would hold and sort the rows a second time.
  return `SELECT row_number() OVER () - 1 AS _row, * FROM (
    SELECT ${columns.join(', ')} FROM (SELECT *${inputs.join('')} FROM ${relation}) ${joins.join(' ')}
    ORDER BY ${orderOf(shape.table, ambiguousKeys)})`
}

function copyTo(options: WriteOptions, select: string, path: string, more = ''): string {
  const { application, load, rows, shape } = options
  const metadata = `application: ${text(application)}, "table": ${text(shape.table.name)}, load: ${text(load)}`
  return `COPY (${select}) TO ${text(path)} (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE ${rowGroupSize(rows)},
    KV_METADATA {${metadata}}${more})`
}

const partName = (load: string, number: number) => `part-${load.slice(0, 8)}-${String(number).padStart(5, '0')}.parquet`

async function emptied(folder: string) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}

const NO_VALUE = '__HIVE_DEFAULT_PARTITION__'
const READ_AS_NULL = new RegExp(`^(null|${NO_VALUE})$`, 'i')

/** Hive's spelling of a partition value, which is safe as a folder's name and in an object's key. */
export function partitionFolder(column: string, value: string | null): string {
  if (value === null) return `${column}=${NO_VALUE}`
  const percent = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  const plain = encodeURIComponent(value).replace(/[!'()*.]/g, percent)
  // Texts that readers would take for no value.
  return `${column}=${READ_AS_NULL.test(value) ? plain.replace(/^./, percent) : plain}`
}

interface Range {
  first: number
  last: number
  partition: Record<string, string>
  folder: string
}

async function partitionRanges(session: Session, table: Table, source: string): Promise<Range[]> {
  const names = table.partitionBy.map((name) => identifier(name)).join(', ')
  // A table without records is written too, or queries would not know it.
  const none = table.partitionBy.map((name) => partitionFolder(name, null)).join('/')
  const rows = await session.rows(
    `SELECT min(_row) AS first_row, max(_row) AS last_row${names ? `, ${names}` : ''} FROM ${source}
     ${names ? `GROUP BY ${names}` : ''} ORDER BY 1`,
  )
  if (rows.length === 0 || rows[0]?.first_row === null)
    return [
      { first: 0, last: -1, partition: Object.fromEntries(table.partitionBy.map((name) => [name, ''])), folder: none },
    ]
  return rows.map((row) => ({
    first: Number(row.first_row),
    last: Number(row.last_row),
    partition: Object.fromEntries(table.partitionBy.map((name) => [name, row[name] ?? ''])),
    folder: table.partitionBy.map((name) => partitionFolder(name, row[name] ?? null)).join('/'),
  }))
}

/** Big tables: the rows leave the sort in one row, so each object goes on where the one before it ended. */
async function writeSplit(session: Session, options: WriteOptions): Promise<WrittenFile[]> {
  const { folder, load, objectBytes = OBJECT_BYTES } = options
  const more = `, FILE_SIZE_BYTES ${objectBytes}, FILENAME_PATTERN 'split_{i}'`
  await session.run(copyTo(options, orderedSelect(options), folder, more))
  const numbers = (await readdir(folder)).map((name) => Number(/\d+/.exec(name)?.[0])).sort((a, b) => a - b)
  await joinTail(session, options, folder, numbers)
  const files: WrittenFile[] = []
  for (const number of numbers) {
    const name = partName(load, files.length + 1)
    const path = join(folder, name)
    await rename(join(folder, `split_${number}.parquet`), path)
    files.push({ name, path, partition: {} })
  }
  return files
}

/** The last object holds what was left over. Where that is less than half of what an object aims at, it and the one before it become one. */
async function joinTail(session: Session, options: WriteOptions, folder: string, numbers: number[]) {
  const { objectBytes = OBJECT_BYTES } = options
  const [before, last] = numbers.slice(-2).map((number) => join(folder, `split_${number}.parquet`))
  if (before === undefined || last === undefined || (await stat(last)).size >= objectBytes / 2) return
  const joined = join(folder, 'joined.parquet')
  // Readers give the rows of files in the order of the files, and DuckDB keeps it.
  await session.run(
    copyTo(
      options,
      `SELECT * FROM read_parquet([${filePath(before)}, ${filePath(last)}], hive_partitioning = false)`,
      joined,
    ),
  )
  await rm(last)
  await rename(joined, before)
  numbers.pop()
}

/** Partitioned tables: sorted once into a file of its own, then written range by range of `_row`. */
async function writeRanges(session: Session, options: WriteOptions): Promise<WrittenFile[]> {
  const { shape, folder, load, objectBytes = OBJECT_BYTES } = options
  const database = join(folder, '..', `${shape.table.name}.sorted.duckdb`)
  await rm(database, { force: true })
  const sorted = identifier(`sorted_${shape.table.name}`)
  await session.run(`ATTACH ${text(database)} AS ${sorted}`)
  try {
    await session.run(`CREATE TABLE ${sorted}.rows AS ${orderedSelect(options)}`)
    const kept = shape.table.columns.filter(({ name }) => !shape.table.partitionBy.includes(name))
    const columns = ['_row', ...kept.map(({ name }) => identifier(name))].join(', ')
    const files: WrittenFile[] = []
    let bytesPerRow = options.sourceBytes / 5 / Math.max(1, options.rows)
    for (const range of await partitionRanges(session, shape.table, `${sorted}.rows`)) {
      await mkdir(join(folder, range.folder), { recursive: true })
      let first = range.first
      do {
        const left = range.last - first + 1
        const objects = Math.max(1, Math.round((left * bytesPerRow) / objectBytes))
        const last = first + Math.max(0, Math.ceil(left / objects)) - 1
        const name = join(range.folder, partName(load, files.length + 1))
        const path = join(folder, name)
        const select = `SELECT ${columns} FROM ${sorted}.rows WHERE _row BETWEEN ${first} AND ${last} ORDER BY _row`
        await session.run(copyTo(options, select, path))
        files.push({ name, path, partition: range.partition })
        bytesPerRow = (await stat(path)).size / Math.max(1, last - first + 1)
        first = last + 1
      } while (first <= range.last)
    }
    return files
  } finally {
    await session.run(`DETACH ${sorted}`)
    await rm(database, { force: true })
  }
}

/** Writes the table's objects below `folder`, sorted and numbered; gives them in the order of `_row`. */
export async function writeTable(session: Session, options: WriteOptions): Promise<WrittenFile[]> {
  const { shape, folder, load, sourceBytes } = options
  await emptied(folder)
  if (shape.table.partitionBy.length > 0) return writeRanges(session, options)
  const small = options.objectBytes === undefined && sourceBytes <= ONE_OBJECT_SOURCE_BYTES
  if (!small && options.rows > 0) return writeSplit(session, options)
  const name = partName(load, 1)
  const path = join(folder, name)
  await session.run(copyTo(options, orderedSelect(options), path))
  return [{ name, path, partition: {} }]
}
