import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Table } from '@muniment/archive/model/types'
import { type DeliveryFile, sha256Of, stampOf } from '../delivery/delivery.ts'
import { type PreparedFile, prepareFile } from '../delivery/prepare.ts'
import type { DeviationKind, Phase } from '../outcome.ts'
import { deriveColumns, derivedGroups, measureDerived } from '../tables/derive.ts'
import type { Finding } from '../tables/findings.ts'
import {
  compareMeasures,
  type Faults,
  type Measure,
  measureArchive,
  measureSource,
  parquetRelation,
} from '../tables/measure.ts'
import type { Session } from '../tables/session.ts'
import { compareHeader, type Shape, shapeOf } from '../tables/shape.ts'
import { misplacedRow, writeTable } from '../tables/write.ts'
import type { StagedFile } from './place.ts'
import type { ReachStage } from './stages.ts'

/** What became of one table; kept in staging once done, so that an interrupted load goes on after it. */
export interface TableResult {
  table: string
  sourceSha256: string
  /** Names of the delivered columns, in order; empty where the file could not be read. */
  header: string[]
  source?: Measure
  archive?: Measure
  files: StagedFile[]
  findings: Finding[]
}

export interface TableJob {
  session: Session
  table: Table
  file: DeliveryFile
  application: string
  load: string
  staging: string
  /** Source columns (model names) whose sums are to be known. */
  totals: string[]
  reach: ReachStage
  phase: <T>(phase: Phase, rows: number, work: Promise<T>) => Promise<T>
  objectBytes?: number
}

const markerPath = ({ staging, table }: TableJob) => join(staging, 'tables', `${table.name}.json`)

/** The marker of an earlier attempt, if it is of the same file and what it wrote is still what it wrote. */
export async function resumedResult(
  job: TableJob,
  pathOf: (file: StagedFile) => string,
): Promise<TableResult | undefined> {
  const marker = await readFile(markerPath(job), 'utf8').catch(() => undefined)
  if (marker === undefined) return undefined
  const result = JSON.parse(marker) as TableResult
  if (result.sourceSha256 !== job.file.sha256) return undefined
  for (const file of result.files) {
    const path = pathOf(file)
    if ((await sha256Of(path).catch(() => '')) !== file.sha256) return undefined
    file.path = path
  }
  return result
}

function about({ table, file }: TableJob, kind: DeviationKind, message: string): Finding {
  return { kind, table: table.name, file: file.name, columns: [], count: 1, message }
}

function structureFindings(job: TableJob, prepared: PreparedFile, header: readonly string[]): Finding[] {
  const found: Finding[] = []
  for (const { kind, line, field, message } of prepared.scan?.problems ?? []) {
    const source = header[field]
    found.push({ ...about(job, kind, message), line, ...(source === undefined ? {} : { source }) })
  }
  const more = (prepared.scan?.problemCount ?? 0) - found.length
  if (more > 0) found.push({ ...about(job, 'structure', `${more} more faults of this kind`), count: more })
  if (prepared.scan && prepared.scan.header.length === 0) return found
  const { missing, extra } = compareHeader(job.table, header)
  for (const source of missing)
    found.push({ ...about(job, 'missing-column', 'the model has a column that is not in the file'), line: 1, source })
  for (const source of extra)
    found.push({ ...about(job, 'extra-column', 'the column is not in the model, or occurs twice'), line: 1, source })
  return found
}

function faultFindings(job: TableJob, faults: Record<string, Faults>): Finding[] {
  const found: Finding[] = []
  for (const { name, type } of job.table.columns) {
    const { cast = 0, precision = 0, null: none = 0 } = faults[name] ?? {}
    const add = (kind: DeviationKind, count: number, message: string) => {
      if (count > 0) found.push({ ...about(job, kind, message), columns: [name], count })
    }
    add('cast', cast, `the value is no ${type}`)
    add('precision', precision, `the value is finer than ${type} holds`)
    add('null', none, 'a value is required here')
  }
  return found
}

export async function headerOf(session: Session, prepared: PreparedFile): Promise<string[]> {
  if (prepared.scan) return prepared.scan.header
  const path = prepared.path.replaceAll("'", "''")
  const columns = await session.rows(`DESCRIBE SELECT * FROM read_parquet('${path}', hive_partitioning = false)`)
  return columns.map(({ column_name }) => column_name ?? '')
}

interface ReadSource {
  shape?: Shape
  header: string[]
  findings: Finding[]
  /** The copy in plain UTF-8, where one had to be made. */
  decoded?: string
  /** What the scanner counted; Parquet counts for itself. */
  records?: number
}

/** The source seen through the model, or the findings that keep it from being read at all. */
export async function readSource(job: TableJob): Promise<ReadSource> {
  const { session, table, file, staging } = job
  await mkdir(join(staging, 'decoded'), { recursive: true })
  const prepared = await prepareFile(file, table, join(staging, 'decoded'))
  let header: string[]
  try {
    header = await headerOf(session, prepared)
  } catch {
    return { header: [], findings: [about(job, 'structure', 'the Parquet file cannot be read')] }
  }
  const findings = structureFindings(job, prepared, header)
  if (findings.some(({ kind }) => kind !== 'extra-column')) return { header, findings }
  return {
    header,
    findings,
    shape: shapeOf(table, prepared, header),
    ...(prepared.path === file.path ? {} : { decoded: prepared.path }),
    ...(prepared.scan ? { records: prepared.scan.records } : {}),
  }
}

async function writeAndVerify(job: TableJob, shape: Shape, source: Measure, faults: Record<string, Faults>) {
  const { session, table, file, reach, phase } = job
  const groups = derivedGroups(table)
  const failing = (name: string) => (faults[name]?.cast ?? 0) > 0
  const expected = await deriveColumns(session, shape, groups, failing)
  const folder = join(job.staging, 'objects', table.domain, table.name)
  const written = await phase(
    'write',
    source.rows,
    writeTable(session, {
      shape,
      groups,
      application: job.application,
      load: job.load,
      folder,
      rows: source.rows,
      sourceBytes: file.bytes,
      failing,
      ambiguousKeys: source.keys < source.rows,
      ...(job.objectBytes === undefined ? {} : { objectBytes: job.objectBytes }),
    }),
  )
  for (const { name } of groups) await session.run(`DROP TABLE ${name}`)
  await reach('written', { table: table.name, paths: written.map(({ path }) => path) })
  const files: StagedFile[] = []
  for (const one of written)
    files.push({ ...one, sha256: await sha256Of(one.path), rows: await rowsOf(session, one.path) })

  const paths = files.map(({ path }) => path)
  const archive = await phase('verify', source.rows, measureArchive(session, shape, paths, job.totals))
  const differences = compareMeasures(source, archive)
  const derived = await measureDerived(session, groups, parquetRelation(table, paths))
  for (const [column, checksum] of Object.entries(expected))
    if (derived[column] !== checksum) differences.push({ column, message: 'the derived values are not those computed' })
  const misplaced = await misplacedRow(session, table, files)
  if (misplaced !== undefined) differences.push({ message: misplaced })
  const findings = differences.map(({ column, message }) => ({
    ...about(job, 'reconciliation', message),
    columns: column === undefined ? [] : [column],
  }))
  return { archive, files, findings }
}

async function rowsOf(session: Session, path: string): Promise<number> {
  const { rows } = await session.row(
    `SELECT num_rows AS rows FROM parquet_file_metadata('${path.replaceAll("'", "''")}')`,
  )
  return Number(rows)
}

/** Casts, writes and reconciles one table below staging; nothing outside it changes. */
export async function workOnTable(job: TableJob): Promise<{ result: TableResult; shape?: Shape }> {
  const { session, table, file, reach, phase, totals } = job
  const { shape, header, findings, decoded, records } = await phase('scan', 0, readSource(job))
  const result: TableResult = { table: table.name, sourceSha256: file.sha256, header, files: [], findings }
  if (!shape) return { result }
  const stamp = decoded === undefined ? undefined : await stampOf(decoded)
  await reach('prepared', { table: table.name, paths: decoded === undefined ? [] : [decoded] })

  let measured: Awaited<ReturnType<typeof measureSource>>
  try {
    measured = await phase('measure', 0, measureSource(session, shape, totals))
  } catch (error) {
    // What the scanner lets pass and DuckDB does not: refused, with DuckDB's word for it (which may quote the record, so only its kind).
    if (!(error instanceof Error && /^(Invalid Input|Conversion) Error/.test(error.message))) throw error
    const line = /Line: (\d+)/.exec(error.message)?.[1]
    const message = 'the file cannot be read by its declared delimiter, quotes and encoding'
    findings.push({ ...about(job, 'structure', message), ...(line === undefined ? {} : { line: Number(line) }) })
    return { result }
  }
  const { measure: source, faults } = measured
  findings.push(...faultFindings(job, faults))
  if (records !== undefined && records !== source.rows)
    findings.push(
      about(job, 'reconciliation', `the file holds ${records} records, of which ${source.rows} were understood`),
    )
  await reach('measured', { table: table.name, paths: [file.path] })
  const { archive, files, findings: differences } = await writeAndVerify(job, shape, source, faults)
  findings.push(...differences)
  if ((await stampOf(file.path)) !== file.stamp || (decoded !== undefined && (await stampOf(decoded)) !== stamp))
    findings.push(about(job, 'reconciliation', 'the file was changed while it was being read'))
  await reach('verified', { table: table.name, paths: files.map(({ path }) => path) })
  const done = { ...result, source, archive, files }
  await mkdir(join(job.staging, 'tables'), { recursive: true })
  await writeFile(markerPath(job), JSON.stringify(done))
  return { result: done, shape }
}
