import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SeenRecord } from '@muniment/archive/audit/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Execution, Restrictions, Statement } from '@muniment/archive/engine/port'
import { MunimentError, OperatorError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { ConflictError } from '@muniment/archive/store/errors'
import { closingOfExport } from '../shared/closings.ts'
import { noticeThen } from '../shared/incomplete.ts'
import { exportFilePrefix, exportKeysKey } from '../shared/keys.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import type { RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import { keyColumns } from '../shared/seen-records.ts'
import type { Services } from '../shared/services.ts'
import { type NamedRecords, takenRecords } from '../shared/taken-records.ts'
import { toldBytes } from '../shared/told-bytes.ts'
import { aboutExport } from './about.ts'
import { type ExportColumn, unloadColumns } from './columns.ts'
import type { ExportEntry, ExportRecord, ExportRecords } from './export-record.ts'
import { type MostRows, problemOf, rowLimitOf, tooMany, UnloadError } from './failures.ts'
import { jsonRows } from './json-rows.ts'
import { writeWorkbook } from './workbook.ts'

const pollMs = 500
const keysName = 'keys.jsonl'
/** Of a workbook's progress, the part in which the engine works. */
const unloadShare = 0.3
/** As many as the log writes in one object: about a tenth of a second, in which nobody waits for the file in vain. */
const namedAtOnce = 20_000

export interface JobParts extends MostRows {
  search: SearchRecord
  panel: RecordedPanel
  /** Records that so many rows are about. */
  about: (rows: number) => SeenRecord[]
  /** In the order asked. */
  statement: Pick<Statement, 'sql' | 'values' | 'reading'>
  /** Of tables that it reads and that are incomplete. */
  notice: (snapshot: CatalogSnapshot) => string | undefined
  columns: ExportColumn[]
  application: Application
  restrictions?: Restrictions
  /** Rows that were counted when it began. */
  reserved?: number
}

/** An export that this process carries out. */
export interface Job {
  record: ExportRecord
  progress?: number
  /** Settles when the outcome is durable. */
  done: Promise<void>
  /** Settles when the log has it too: of a file that names many records, some time later. */
  logged: Promise<void>
  cancel(): Promise<void>
}

type Outcome = Pick<ExportRecord, 'state' | 'rows' | 'bytes' | 'sha256' | 'named' | 'problem'>

interface Unloaded {
  file: string
  rows: number
  named: NamedRecords
  /** Where it names any. */
  keys?: string
}

/** Carries an export out: the engine writes, the file is moved in place create-only, and the record says how it ended. */
export function carryOut(services: Services, records: ExportRecords, entry: ExportEntry, parts: JobParts): Job {
  const { engine, store, clock, log } = services
  const record: ExportRecord = { ...entry.record }
  const folder = join(services.work, 'exports', record.id)
  const aborting = new AbortController()
  const { signal } = aborting
  let current = entry
  let scanned = 0

  const statement: Statement = {
    application: parts.search.application,
    ...parts.statement,
    ...(parts.restrictions && { restrictions: parts.restrictions }),
  }

  async function unloaded(): Promise<Unloaded> {
    const target = join(folder, 'unloaded')
    await mkdir(target, { recursive: true })
    const named = keyColumns(await engine.prepare(statement), parts.application)
    const execution = await engine.unload(
      statement,
      {
        folder: target,
        format: record.format === 'xlsx' ? 'json' : record.format,
        columns: unloadColumns(parts.columns, record.format),
        keys: [...named.values()],
      },
      {
        token: createHash('sha256').update(record.id).digest('hex'),
        lane: 'export',
        person: record.person.id,
        timeLimit: services.limits.exportMs,
        rowLimit: rowLimitOf(parts),
      },
    )
    Object.assign(record, { execution, state: 'running' })
    if (signal.aborted) await engine.cancel(execution)
    current = await records.replace(current, record)
    const end = await ended(execution)
    scanned = end.statistics.bytesScanned
    if (end.state !== 'SUCCEEDED') throw new UnloadError(end)
    await recordVersion(end.catalogVersion)
    const { rows = 0, more = false, keys = 0 } = end.result ?? {}
    if (more) throw tooMany(parts, record.inForce?.contact)
    const names = await readdir(target)
    const file = names.find((name) => name !== keysName)
    if (file === undefined || names.includes(keysName) !== keys > 0)
      throw new OperatorError('The engine did not write what it was asked for.')
    return {
      file: join(target, file),
      rows,
      named: { application: statement.application, tables: [...named.keys()], records: keys, about: parts.about(rows) },
      ...(keys > 0 && { keys: join(target, keysName) }),
    }
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
    const { file, rows, named, keys } = await unloaded()
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
    const bytes = (await stat(finished)).size
    const prefix = exportFilePrefix(record.id)
    // Whose records leave is known before they can.
    const [hashed, listed] = await Promise.allSettled([
      hashOf(finished),
      keys === undefined ? undefined : store.createFromFile(exportKeysKey(record.id), keys),
    ])
    if (hashed.status === 'rejected') throw hashed.reason
    if (listed.status === 'rejected') throw listed.reason
    const sha256 = hashed.value
    if (record.companionName) {
      const companion = join(folder, record.companionName)
      await writeFile(companion, `${JSON.stringify(about({ rows, bytes, sha256 }), undefined, 2)}\n`)
      await store.createFromFile(`${prefix}${record.companionName}`, companion)
    }
    await store.createFromFile(`${prefix}${record.fileName}`, finished, { sha256 })
    signal.throwIfAborted()
    return { state: 'done', rows, bytes, sha256, named }
  }

  async function unfinished(error: unknown): Promise<Outcome> {
    await discard()
    if (signal.aborted || (error instanceof UnloadError && error.execution.state === 'CANCELLED')) {
      return { state: 'cancelled' }
    }
    return { state: 'failed', problem: problemOf(error, record, parts.application, log) }
  }

  async function run(): Promise<{ logged: Promise<void> }> {
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
    const later = (closed.named?.records ?? 0) > namedAtOnce
    const logging = logged(closed, later)
    const told = later ? closed : await logging
    const counted = services.usage.add(record.person.id, {
      bytes: toldBytes(scanned, record.restrictions?.rowRules ?? []),
      rows: (told.rows ?? 0) - (parts.reserved ?? 0),
    })
    const both = Promise.all([logging, counted]).then(() => undefined)
    // Awaited by whoever follows the job to its end.
    both.catch(() => undefined)
    await counted
    // Told only now: an end that is not durable is none.
    Object.assign(record, told)
    return { logged: both }
  }

  /**
   * A file whose records the log does not name is none that anybody may have. `had`: somebody may have it already, so that its records
   * are to be named by the next upkeep.
   */
  async function logged(closed: ExportRecord, had: boolean): Promise<ExportRecord> {
    if (record.entry === undefined) return closed
    const { id, named } = closed
    try {
      const taken = named && takenRecords(store, id, named)
      await services.audit.close(record.entry, { ...closingOfExport(closed), ...(taken && { records: taken }) })
    } catch (error) {
      if (closed.state !== 'done') throw error
      if (had) await discardFile()
      else await discard()
      const { rows: _rows, bytes: _bytes, sha256: _sha256, ...rest } = closed
      const failed = { ...rest, state: 'failed' as const, problem: problemOf(error, record, parts.application, log) }
      current = await records.replace(current, failed)
      return failed
    }
    // Where it stays, the next upkeep removes it.
    if (named)
      await store.remove(exportKeysKey(id)).catch((error: unknown) => logFault(log, newIncident(), error, { id }))
    return closed
  }

  async function discardFile(): Promise<void> {
    const prefix = exportFilePrefix(record.id)
    await store.remove(`${prefix}${record.fileName}`)
    if (record.companionName) await store.remove(`${prefix}${record.companionName}`)
  }

  async function discard(): Promise<void> {
    await discardFile()
    await store.remove(exportKeysKey(record.id))
  }

  async function cancel(): Promise<void> {
    aborting.abort(new MunimentError('CancelledError', 'searcher', 'The export was cancelled.'))
    if (record.execution) await engine.cancel(record.execution)
  }

  const job: Job = { record, done: Promise.resolve(), logged: Promise.resolve(), cancel }
  const running = run()
  job.done = running.then(() => undefined)
  job.logged = running.then(({ logged }) => logged)
  return job
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}
