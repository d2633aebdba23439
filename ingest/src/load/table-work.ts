import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column, Table } from '@muniment/archive/model/types'
import { stampOf } from '../delivery/delivery.ts'
import { sha256Of } from '../delivery/sha256.ts'
import type { DeviationKind, Phase } from '../outcome.ts'
import { readsNatively } from '../tables/cast.ts'
import { deriveColumns, derivedGroups } from '../tables/derive.ts'
import type { Finding } from '../tables/findings.ts'
import { compareMeasures, type Faults, type Measure, measureArchive, measureSource, rowsOf } from '../tables/measure.ts'
import { UnreadableError } from '../tables/session.ts'
import type { Shape } from '../tables/shape.ts'
import { checkSortOrder } from '../tables/sort-order.ts'
import { type WrittenFile, writeTable } from '../tables/write.ts'
import type { StagedFile } from './place.ts'
import { findingAbout, readSource, type Source, type SourceJob } from './source.ts'
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

export interface TableJob extends SourceJob {
  application: string
  load: string
  /** Columns (names in the model) whose sums are to be known. */
  totals: string[]
  reach: ReachStage
  /** Tells of progress while a phase runs. `records` is told once they are known. */
  phase: <T>(phase: Phase, work: Promise<T>) => Promise<T>
  counted: (records: number) => void
  objectBytes?: number
}

type DerivedChecksums = Awaited<ReturnType<typeof deriveColumns>>

const markerPath = ({ staging, table }: TableJob) => join(staging, 'tables', `${table.name}.json`)

/** The marker of an earlier attempt, if it is of the same file and what it wrote is still what it wrote. */
export async function resumedResult(
  job: TableJob,
  pathOf: (file: StagedFile) => string,
): Promise<TableResult | undefined> {
  const marker = await readFile(markerPath(job), 'utf8').catch(() => undefined)
  if (marker === undefined) return undefined
  const result = parseMarker(marker)
  if (result?.sourceSha256 !== job.file.sha256) return undefined
  for (const file of result.files) {
    const path = pathOf(file)
    if ((await sha256Of(path).catch(() => '')) !== file.sha256) return undefined
  }
  return result
}

/** A marker that was being written when the process ended is none. */
function parseMarker(marker: string): TableResult | undefined {
  try {
    return JSON.parse(marker) as TableResult
  } catch {
    return undefined
  }
}

const emptyPartition = (name: string) =>
  `the text is empty, and no partition can be named by that. Have the source write the value, or say "nulls": [""] of the column ${name} in ` +
  'the model: the records then stand in a partition of their own for those without a value'

function missingPartition({ primaryKey }: Table, name: string): string {
  const why = `there is no value, and the model requires one of ${name}, which the records are partitioned by. Have the source write it`
  if (primaryKey.includes(name)) return `${why}; a key cannot do without`
  return `${why}, or take "required" from the column: the records then stand in a partition of their own for those without a value`
}

function faultFindings(job: TableJob, faults: Record<string, Faults>): Finding[] {
  const found: Finding[] = []
  for (const { name, type } of job.table.columns) {
    const { cast = 0, precision = 0, null: none = 0 } = faults[name] ?? {}
    const add = (kind: DeviationKind, count: number, message: string) => {
      if (count > 0) found.push({ ...findingAbout(job, kind, message), columns: [name], count })
    }
    const partition = job.table.partitionBy.includes(name)
    add('cast', cast, partition ? emptyPartition(name) : `the value is no ${type}`)
    add('precision', precision, `the value is finer than ${type} holds`)
    add('null', none, partition ? missingPartition(job.table, name) : 'a value is required here')
  }
  return found
}

async function measured(job: TableJob, source: Source) {
  try {
    if (source.shape) return await measureSource(job.session, source.shape(), job.totals)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
  }
  return undefined
}

async function writeFiles(job: TableJob, source: Source, measure: Measure, faults: Record<string, Faults>) {
  const { session, table, file } = job
  const groups = derivedGroups(table)
  const failing = (name: string) => (faults[name]?.cast ?? 0) > 0
  const clean = (column: Column) => readsNatively(column) && !failing(column.name) && !faults[column.name]?.precision
  const attempt = async (shape: Shape) => {
    const expected = await deriveColumns(session, shape, groups, failing)
    const written = await writeTable(session, {
      shape,
      groups,
      application: job.application,
      load: job.load,
      folder: join(job.staging, 'objects', table.domain, table.name),
      rows: measure.rows,
      sourceBytes: file.bytes,
      failing,
      ambiguousKeys: measure.keys < measure.rows,
      ...(job.objectBytes === undefined ? {} : { objectBytes: job.objectBytes }),
    })
    return { expected, written }
  }
  const shape = (native?: (column: Column) => boolean) => {
    if (!source.shape) throw new Error('A file without a shape is not written.')
    return source.shape(native)
  }
  try {
    return { groups, ...(await attempt(shape(clean))) }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    // The reader's own casts are stricter than ours in a few spellings.
    return { groups, ...(await attempt(shape())) }
  }
}

async function staged(job: TableJob, written: readonly WrittenFile[]): Promise<StagedFile[]> {
  const rows = await rowsOf(
    job.session,
    written.map(({ path }) => path),
  )
  const files: StagedFile[] = []
  for (const [index, one] of written.entries())
    files.push({ ...one, sha256: await sha256Of(one.path), rows: rows[index]?.rows ?? 0 })
  return files
}

async function verify(
  job: TableJob,
  source: Source,
  measure: Measure,
  files: StagedFile[],
  expected: DerivedChecksums,
) {
  const { session, table } = job
  if (!source.shape) throw new Error('A file without a shape is not verified.')
  const paths = files.map(({ path }) => path)
  const { totals } = job
  const groups = derivedGroups(table)
  const {
    measure: archive,
    derived,
    misplaced,
  } = await measureArchive(session, source.shape(), paths, { totals, groups })
  const differences = compareMeasures(measure, archive)
  for (const [column, checksum] of Object.entries(expected))
    if (derived[column] !== checksum) differences.push({ column, message: 'the derived values are not those computed' })
  if (misplaced > 0) differences.push({ message: `${misplaced} rows are not in the table's order` })
  const findings = differences.map(({ column, message }) => ({
    ...findingAbout(job, 'reconciliation', message),
    columns: column === undefined ? [] : [column],
  }))
  return { archive, findings }
}

async function writeAndVerify(job: TableJob, source: Source, measure: Measure, faults: Record<string, Faults>) {
  const { session, table, reach, phase } = job
  const files: StagedFile[] = []
  try {
    const { groups, expected, written } = await phase('write', writeFiles(job, source, measure, faults))
    for (const { name } of groups) await session.run(`DROP TABLE ${name}`)
    await reach('written', { table: table.name, paths: written.map(({ path }) => path) })
    files.push(...(await staged(job, written)))
    await checkSortOrder(session, table, files)
    return { files, ...(await phase('verify', verify(job, source, measure, files, expected))) }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    const message = 'the source could not be read a second time, or what was written not be read back'
    return { files, findings: [findingAbout(job, 'reconciliation', message)] }
  }
}

/** Casts, writes and reconciles one table below staging; nothing outside it changes. */
export async function workOnTable(job: TableJob): Promise<{ result: TableResult; shape?: Shape }> {
  const { table, file, reach, phase } = job
  let source = await phase('scan', readSource(job))
  const result: TableResult = {
    table: table.name,
    sourceSha256: file.sha256,
    header: source.header,
    files: [],
    findings: source.findings,
  }
  if (!source.shape) return { result }
  const { decoded } = source
  const stamp = decoded === undefined ? undefined : await stampOf(decoded)
  if (source.records !== undefined) job.counted(source.records)
  await reach('prepared', { table: table.name, paths: decoded === undefined ? [] : [decoded] })

  const understood = await phase('measure', measured(job, source))
  if (!understood || (source.records !== undefined && source.records !== understood.measure.rows)) {
    if (decoded === undefined) source = await readSource(job, { hasty: false })
    if (!source.shape) return { result: { ...result, findings: source.findings } }
    const message = understood
      ? `the file holds ${source.records} records, of which ${understood.measure.rows} were understood`
      : 'the file cannot be read by its declared delimiter, quotes and encoding'
    result.findings.push(findingAbout(job, understood ? 'reconciliation' : 'structure', message))
    if (!understood) return { result }
  }
  const { measure, faults } = understood
  job.counted(measure.rows)
  result.findings.push(...faultFindings(job, faults))
  await reach('measured', { table: table.name, paths: [decoded ?? file.path] })

  const { findings, ...outcome } = await writeAndVerify(job, source, measure, faults)
  result.findings.push(...findings)
  if ((await stampOf(file.path)) !== file.stamp || (decoded !== undefined && (await stampOf(decoded)) !== stamp))
    result.findings.push(findingAbout(job, 'reconciliation', 'the file was changed while it was being read'))
  await reach('verified', { table: table.name, paths: outcome.files.map(({ path }) => path) })
  const done: TableResult = { ...result, source: measure, ...outcome }
  // What did not reconcile is tried again from the beginning.
  if (!done.findings.some(({ kind }) => kind === 'reconciliation')) {
    await mkdir(join(job.staging, 'tables'), { recursive: true })
    await writeFile(markerPath(job), JSON.stringify(done))
  }
  return { result: done, ...(source.shape ? { shape: source.shape() } : {}) }
}
