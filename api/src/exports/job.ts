import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SeenRecord } from '@muniment/archive/audit/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Execution, Restrictions, Row, Statement } from '@muniment/archive/engine/port'
import { MunimentError, OperatorError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import { ProblemError } from '../errors.ts'
import { closingOfExport } from '../shared/closings.ts'
import { noticeThen } from '../shared/incomplete.ts'
import { exportFilePrefix } from '../shared/keys.ts'
import { maskedChoice } from '../shared/masked-choice.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import type { RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import { recordsNamedBy, seenRecords } from '../shared/seen-records.ts'
import type { Services } from '../shared/services.ts'
import { aboutExport } from './about.ts'
import { type ExportColumn, unloadColumns } from './columns.ts'
import type { ExportEntry, ExportRecord, ExportRecords } from './export-record.ts'
import { jsonRows } from './json-rows.ts'
import { writeWorkbook } from './workbook.ts'

const pollMs = 500
/** Of a workbook's progress, the part in which the engine works. */
const unloadShare = 0.3

export interface JobParts {
  search: SearchRecord
  panel: RecordedPanel
  /** In the order asked. */
  sql: string
  /** Of tables that it reads and that are incomplete. */
  notice: (snapshot: CatalogSnapshot) => string | undefined
  columns: ExportColumn[]
  application: Application
  restrictions?: Restrictions
  /** More rows need a right that the person lacks. */
  mostRows?: number
  /** Rows that are left of the day, where it is not known before how many there are. */
  mostToday?: number
  /** Rows that were counted when it began. */
  reserved?: number
}

/** An export that this process carries out. */
export interface Job {
  record: ExportRecord
  progress?: number
  /** Settles when the outcome is durable. */
  done: Promise<void>
  cancel(): Promise<void>
}

type Outcome = Pick<ExportRecord, 'state' | 'rows' | 'bytes' | 'sha256' | 'problem'>

/** Carries an export out: the engine writes, the file is moved in place create-only, and the record says how it ended. */
export function carryOut(services: Services, records: ExportRecords, entry: ExportEntry, parts: JobParts): Job {
  const { engine, store, clock, log } = services
  const record: ExportRecord = { ...entry.record }
  const folder = join(services.work, 'exports', record.id)
  const aborting = new AbortController()
  const { signal } = aborting
  let current = entry
  let taken: SeenRecord[] | undefined
  let scanned = 0

  const statementOf = (sql: string): Statement => ({
    application: parts.search.application,
    sql,
    values: parts.panel.statement?.values ?? [],
    ...(parts.restrictions && { restrictions: parts.restrictions }),
  })

  async function unloaded(): Promise<{ file: string; rows: number }> {
    const target = join(folder, 'unloaded')
    await mkdir(target, { recursive: true })
    const execution = await engine.unload(
      statementOf(parts.sql),
      {
        folder: target,
        format: record.format === 'xlsx' ? 'json' : record.format,
        columns: unloadColumns(parts.columns, record.format),
      },
      {
        token: createHash('sha256').update(record.id).digest('hex'),
        lane: 'export',
        person: record.person.id,
        timeLimit: services.limits.exportMs,
        rowLimit: Number.MAX_SAFE_INTEGER,
      },
    )
    Object.assign(record, { execution, state: 'running' })
    if (signal.aborted) await engine.cancel(execution)
    current = await records.replace(current, record)
    const end = await ended(execution)
    scanned = end.statistics.bytesScanned
    if (end.state !== 'SUCCEEDED') throw new UnloadError(end)
    await recordVersion(end.catalogVersion)
    const rows = end.result?.rows ?? 0
    if (rows > (parts.mostRows ?? rows)) {
      const most = (parts.mostRows ?? 0).toLocaleString('en')
      const who = record.inForce?.contact ?? 'whoever keeps the access rules'
      throw new ProblemError(
        'refused',
        `You may export ${most} rows at a time; this has more. Who can grant it: ${who}.`,
      )
    }
    if (rows > (parts.mostToday ?? rows)) {
      const left = (parts.mostToday ?? 0).toLocaleString('en')
      throw new ProblemError(
        'over-limit-person',
        `You may export ${left} more rows today (until midnight UTC); this has more. Who can lift this limit: ${record.inForce?.contact}`,
      )
    }
    const [name] = await readdir(target)
    if (name === undefined) throw new OperatorError('The engine wrote no file.')
    return { file: join(target, name), rows }
  }

  /** The records that the file holds, by another run that fetches their keys only. */
  async function recordsOf({ id, person }: ExportRecord, statement: Statement): Promise<SeenRecord[]> {
    const columns = await engine.prepare(statement)
    const named = recordsNamedBy(columns, parts.application)
    const places = [...new Set(named.flatMap((one) => one.places))]
    const names = places.flatMap((place) => columns[place]?.name ?? [])
    if (names.length === 0) return []
    const list = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
    const execution = await engine.start(
      { ...statement, sql: `SELECT DISTINCT ${list} FROM (\n${statement.sql}\n) AS taken` },
      {
        token: createHash('sha256').update(`${id} records`).digest('hex'),
        lane: 'export',
        person: person.id,
        timeLimit: services.limits.exportMs,
        rowLimit: Number.MAX_SAFE_INTEGER,
      },
    )
    const end = await ended(execution)
    if (end.state !== 'SUCCEEDED') throw new UnloadError(end)
    const rows: Row[] = []
    for await (const batch of engine.rows(execution)) rows.push(...batch)
    const kept = columns.filter(({ name }) => names.includes(name))
    return seenRecords(
      names.map((name) => kept.find((column) => column.name === name) ?? { name, type: 'varchar' }),
      rows,
      parts.application,
    )
  }

  /** It may have waited while a load was committed. */
  async function recordVersion(version: string | undefined): Promise<void> {
    const { application } = parts.search
    const seen = await services.loaded.seenBy(application, record.catalogVersion, version)
    if (!seen) return
    Object.assign(record, seen)
    const now = await services.loaded.current(application).catch(() => undefined)
    const notice = noticeThen(record.notice, seen.catalogVersion, now?.snapshot, parts.notice)
    if (notice === undefined) delete record.notice
    else record.notice = notice
  }

  async function ended(id: string): Promise<Execution> {
    for (;;) {
      const execution = await engine.wait(id, pollMs)
      if (execution.state !== 'QUEUED' && execution.state !== 'RUNNING') return execution
      if (execution.progress !== undefined) {
        job.progress = execution.progress * (record.format === 'xlsx' ? unloadShare : 1)
      }
    }
  }

  const about = (written: { rows: number; bytes?: number; sha256?: string }) =>
    aboutExport(
      parts.search,
      parts.panel,
      record,
      parts.columns,
      { ...written, finished: clock().toISOString() },
      services.purposes,
    )

  async function write(): Promise<Outcome> {
    const { file, rows } = await unloaded()
    const finished = record.format === 'xlsx' ? join(folder, record.fileName) : file
    if (record.format === 'xlsx') {
      await writeWorkbook({
        file: finished,
        title: parts.panel.title,
        columns: parts.columns,
        rows: jsonRows(file),
        about,
        signal,
        progress: (count) => {
          job.progress = unloadShare + (1 - unloadShare) * (count / Math.max(1, rows))
        },
      })
    }
    signal.throwIfAborted()
    // Whose records leave is known before they can.
    taken = await recordsOf(record, statementOf(parts.panel.statement?.sql ?? parts.sql))
    const bytes = (await stat(finished)).size
    const sha256 = await hashOf(finished)
    const prefix = exportFilePrefix(record.id)
    if (record.companionName) {
      const companion = join(folder, record.companionName)
      await writeFile(companion, `${JSON.stringify(about({ rows, bytes, sha256 }), undefined, 2)}\n`)
      await store.createFromFile(`${prefix}${record.companionName}`, companion)
    }
    await store.createFromFile(`${prefix}${record.fileName}`, finished)
    signal.throwIfAborted()
    return { state: 'done', rows, bytes, sha256 }
  }

  async function unfinished(error: unknown): Promise<Outcome> {
    await discard()
    if (signal.aborted || (error instanceof UnloadError && error.execution.state === 'CANCELLED')) {
      return { state: 'cancelled' }
    }
    return { state: 'failed', problem: problemOf(error) }
  }

  async function run(): Promise<void> {
    const outcome = await write().catch(unfinished)
    await rm(folder, { recursive: true, force: true })
    const closed = { ...record, ...outcome, by: services.by, finished: clock().toISOString() }
    try {
      current = await records.replace(current, closed)
    } catch (error) {
      // Another process took it for abandoned: what it told stands.
      if (error instanceof ConflictError) await discard()
      throw error
    }
    const told = await logged(closed)
    await services.usage.add(record.person.id, { bytes: scanned, rows: (told.rows ?? 0) - (parts.reserved ?? 0) })
    // Told only now: an end that is not durable is none.
    Object.assign(record, told)
  }

  /** A file whose records the log does not name is none that anybody may have. */
  async function logged(closed: ExportRecord): Promise<ExportRecord> {
    if (record.entry === undefined) return closed
    try {
      await services.audit.close(record.entry, { ...closingOfExport(closed), ...(taken && { records: taken }) })
      return closed
    } catch (error) {
      if (closed.state !== 'done') throw error
      await discard()
      const { rows: _rows, bytes: _bytes, sha256: _sha256, ...rest } = closed
      const failed = { ...rest, state: 'failed' as const, problem: problemOf(error) }
      current = await records.replace(current, failed)
      return failed
    }
  }

  async function discard(): Promise<void> {
    const prefix = exportFilePrefix(record.id)
    await store.remove(`${prefix}${record.fileName}`)
    if (record.companionName) await store.remove(`${prefix}${record.companionName}`)
  }

  function problemOf(error: unknown) {
    const failure = error instanceof UnloadError ? error.execution.error : undefined
    if (failure?.kind === 'limit') return problem('over-limit', failure.message)
    if (failure?.kind === 'changed') return problem('changed', 'Records were replaced meanwhile. Export again.')
    if (failure?.kind === 'masked')
      return maskedChoice('export', failure.columns ?? [], parts.application, record.inForce?.contact)
    if (error instanceof ProblemError) return problem(error.kind, error.message)
    const instance = newIncident()
    logFault(log, instance, error, { export: record.id })
    const what = failure?.kind === 'user' ? 'The query could not be carried out.' : 'The file could not be written.'
    return problem(
      'failed',
      `${what} Nothing was kept of it. Export again; if it fails again, tell whoever runs the archive the id below.`,
      {
        instance,
      },
    )
  }

  async function cancel(): Promise<void> {
    aborting.abort(new MunimentError('CancelledError', 'searcher', 'The export was cancelled.'))
    if (record.execution) await engine.cancel(record.execution)
  }

  const job: Job = { record, done: Promise.resolve(), cancel }
  job.done = run()
  return job
}

class UnloadError extends OperatorError {
  readonly execution: Execution
  constructor(execution: Execution) {
    super('The engine ended the export.')
    this.execution = execution
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}
