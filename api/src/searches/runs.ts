import { createHash } from 'node:crypto'
import type { AuditLog, SeenRecord } from '@muniment/archive/audit/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Execution, QueryEngine, StartOptions, Statement, Statistics } from '@muniment/archive/engine/port'
import { NotFoundError } from '@muniment/archive/errors'
import { ConflictError } from '@muniment/archive/store/errors'
import type { Logger } from 'pino'
import type { Problem } from '../contract.ts'
import type { Limits } from '../deps.ts'
import type { Afterwards } from '../shared/afterwards.ts'
import { closingOfSearch } from '../shared/closings.ts'
import { noticeThen } from '../shared/incomplete.ts'
import { interrupted, nothingScanned } from '../shared/interrupted.ts'
import type { LoadedApplications } from '../shared/loaded.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import type { ProcessMark } from '../shared/process-mark.ts'
import type { PanelResult, Results } from '../shared/results.ts'
import { hasEnded, type PanelOutcome, type RecordedPanel, type SearchRecord } from '../shared/search-record.ts'
import type { RecordEntry, SearchRecords } from '../shared/search-records.ts'
import { toldBytesOf } from '../shared/told-bytes.ts'
import type { Usage } from '../shared/usage.ts'
import { within } from '../shared/within.ts'
import { outcomeOf } from './outcome.ts'
import { stateOf } from './state.ts'

/** Milliseconds after which a running search records its execution ids, so that another process can follow or cancel it. */
const slowMs = 250
const pollMs = 1_000
const cancelMs = 5_000

export type Progress = Map<string, { running: boolean; statistics: Statistics }>

/** A search that this process follows. The record says all that matters: another process can follow the same search. */
export interface Run {
  record: SearchRecord
  progress: Progress
  /** Settles when the outcome is durable; rejects when it could not be written. */
  done: Promise<void>
  /** Settles when that panel has its outcome; at once for one that nothing is read for. */
  ends(panel: string): Promise<void>
  /** What is known of it may be less than another process has told already. */
  taken: boolean
  /** Resolves when the execution ids are durable. */
  recorded(): Promise<void>
  cancel(): Promise<void>
}

/** What a run says of what it finds, by the application's templates. */
export interface Wording {
  /** The title block of a record from one panel's result, where the use case has one. */
  titleBlock: (panel: string, result: PanelResult) => SearchRecord['record']
  /** Why a panel is not there that chooses its rows by these columns. */
  chosenByMasked: (columns: readonly string[], contact: string | undefined) => Problem
  /** Of tables that a statement reads and that are incomplete. */
  notice: (sql: string, snapshot: CatalogSnapshot) => string | undefined
  /** The record that the title block of a panel's result names. */
  titled: (panel: string, result: PanelResult) => SeenRecord[]
}

interface Parts {
  engine: QueryEngine
  audit: AuditLog
  by: ProcessMark
  usage: Usage
  clock: () => Date
  log: Logger
  limits: Limits
  records: SearchRecords
  results: Results
  loaded: LoadedApplications
  later: (work: Promise<unknown>) => Promise<void>
  afterwards: Afterwards
}

export type Runs = ReturnType<typeof createRuns>

export function createRuns(parts: Parts) {
  const live = new Map<string, Run>()

  function keep(run: Run): Run {
    live.set(run.record.id, run)
    const end = run.done
      .catch((error: unknown) => logFault(parts.log, newIncident(), error, { search: run.record.id }))
      .finally(() => live.delete(run.record.id))
    void parts.later(end)
    return run
  }

  return {
    get: (id: string): Run | undefined => live.get(id),

    /** Starts the executions of a search that was just opened, and follows them to their end. */
    start: (entry: RecordEntry, wording: Wording): Run =>
      keep({ ...followSearch(parts, entry, wording, true), taken: false }),

    /** Goes on with what another process has begun; what it has not begun is begun here. */
    follow: (entry: RecordEntry, wording: Wording): Run =>
      // Whoever stopped before it had begun may not have opened the entry: one that is open is closed by the upkeep.
      keep({ ...followSearch(parts, entry, wording, entry.record.state !== 'queued'), taken: true }),
  }
}

function followSearch(parts: Parts, entry: RecordEntry, wording: Wording, isLogged: boolean): Omit<Run, 'taken'> {
  const { engine, records, results, log } = parts
  const record: SearchRecord = { ...entry.record, panels: entry.record.panels.map((panel) => ({ ...panel })) }
  const progress: Progress = new Map()
  const storing: (() => Promise<void>)[] = []
  /** Of the catalog, by panel. */
  const versions = new Map<string, string>()
  let cancelled = false
  let saved = Promise.resolve(entry)
  let recordedIds = entry.record.panels.every(({ execution, outcome }) => execution ?? outcome)

  function asked(panel: RecordedPanel): [Statement, StartOptions] {
    if (!panel.statement) throw new Error('a panel without a statement has its outcome already')
    return [
      {
        application: record.application,
        ...panel.statement,
        ...(record.restrictions && { restrictions: record.restrictions }),
      },
      {
        token: createHash('sha256').update(`${record.id} ${panel.name}`).digest('hex'),
        lane: 'search',
        person: record.person.id,
        timeLimit: parts.limits.searchMs,
        rowLimit: parts.limits.panelRows,
      },
    ]
  }

  async function begin(panel: RecordedPanel): Promise<string> {
    const id = await engine.start(...asked(panel))
    panel.execution = id
    if (cancelled) await engine.cancel(id)
    return id
  }

  async function resume(panel: RecordedPanel, id: string): Promise<string> {
    await engine.resume?.(id, ...asked(panel))
    return id
  }

  async function executionEnds(panel: string, id: string): Promise<Execution> {
    for (;;) {
      const execution = await engine.wait(id, pollMs)
      if (execution.state !== 'QUEUED' && execution.state !== 'RUNNING') return execution
      progress.set(panel, { running: execution.state === 'RUNNING', statistics: execution.statistics })
    }
  }

  async function followPanel(panel: RecordedPanel, first: Promise<string>): Promise<void> {
    try {
      const execution = await executionEnds(panel.name, await first)
      const { outcome, result } = await outcomeOf(engine, panel, execution, (columns) =>
        wording.chosenByMasked(columns, record.inForce?.contact),
      )
      if (execution.catalogVersion !== undefined) versions.set(panel.name, execution.catalogVersion)
      if (result) {
        const store = results.hold(record.id, panel.name, result)
        storing.push(() => store().catch((error: unknown) => lost(panel, error)))
        if (recordedIds) void parts.later(storeResults())
        const block = wording.titleBlock(panel.name, result)
        if (block) {
          record.record = block
          record.titled = wording.titled(panel.name, result)
        }
        for (const column of panel.columns) {
          const masked = result.columns.find(({ name }) => name === column.name)?.masked
          if (masked) column.masked = masked
        }
      }
      panel.outcome = outcome
    } catch (error) {
      panel.outcome = error instanceof NotFoundError ? interrupted() : fault(error, panel)
    }
    if (panel.outcome.problem?.instance) {
      log.warn({ search: record.id, panel: panel.name, incident: panel.outcome.problem.instance }, 'panel failed')
    }
  }

  /** Its panel will say that the search is to be run again; what was searched and found stays recorded. */
  function lost(panel: RecordedPanel, error: unknown): void {
    logFault(log, newIncident(), error, { search: record.id, panel: panel.name })
  }

  function fault(error: unknown, panel: RecordedPanel): PanelOutcome {
    const instance = newIncident()
    logFault(log, instance, error, { search: record.id, panel: panel.name })
    const detail = 'This panel could not be read; the others are not affected. Run the search again.'
    return { state: 'failed', ...nothingScanned, problem: problem('failed', detail, { instance }) }
  }

  /** Those that came so far; each once. */
  const storeResults = (): Promise<unknown> => Promise.all(storing.splice(0).map((store) => store()))

  function save(change: Partial<SearchRecord> = {}): Promise<RecordEntry> {
    const state = { ...record, ...change, panels: record.panels.map((panel) => ({ ...panel })) }
    saved = saved.then((last) => replaceUnlessEnded(records, last, state))
    return saved
  }

  const followed = record.panels
    .filter(({ outcome }) => !outcome)
    .map((panel) => {
      const begun = panel.execution ? resume(panel, panel.execution) : begin(panel)
      return { name: panel.name, begun, end: followPanel(panel, begun) }
    })

  async function recorded(): Promise<void> {
    if (recordedIds) return
    recordedIds = true
    void parts.later(storeResults())
    await Promise.allSettled(followed.map(({ begun }) => begun))
    await save({ state: 'running' })
  }

  /** A search may have waited while a load was committed: it then saw another archive than there was when it was opened. */
  async function recordVersions(): Promise<void> {
    const [version, ...others] = new Set(versions.values())
    if (version === undefined) return
    const opened = record.catalogVersion
    const seen = others.length === 0 && (await parts.loaded.seenBy(record.application, record.catalogVersion, version))
    if (seen) Object.assign(record, seen)
    for (const { name, outcome } of record.panels) {
      const own = versions.get(name)
      if (outcome && own !== undefined && own !== record.catalogVersion) outcome.catalogVersion = own
    }
    await renewNotices([...versions].filter(([, own]) => own !== opened))
  }

  async function renewNotices(ranBy: [string, string][]): Promise<void> {
    if (ranBy.length === 0) return
    const now = await parts.loaded.current(record.application).catch(() => undefined)
    for (const [name, version] of ranBy) {
      const panel = record.panels.find((candidate) => candidate.name === name)
      const sql = panel?.statement?.sql
      if (!panel || sql === undefined) continue
      const said = noticeThen(panel.notice, version, now?.snapshot, (snapshot) => wording.notice(sql, snapshot))
      if (said === undefined) delete panel.notice
      else panel.notice = said
    }
  }

  async function end(): Promise<void> {
    const slow = setTimeout(() => void recorded().catch(() => undefined), slowMs)
    await Promise.all(followed.map(({ end }) => end)).finally(() => clearTimeout(slow))
    recordedIds = true
    await recordVersions()
    const closing = { finished: parts.clock().toISOString(), state: stateOf(record.panels, progress), by: parts.by }
    try {
      const last = await save(closing)
      Object.assign(record, closing)
      // Two processes may follow one search: whose outcome stands, closes its entry.
      const { by, finished } = last.record
      const stands = finished === closing.finished && by?.process === parts.by.process
      if (stands) await parts.usage.add(record.person.id, { bytes: toldBytesOf(record) })
      const { entry } = record
      if (entry !== undefined && stands && isLogged) {
        await parts.afterwards(() => parts.audit.close(entry, closingOfSearch(record)), { search: record.id, entry })
      }
    } finally {
      // After the record, which is what the answer waits for.
      await parts.afterwards(storeResults, { search: record.id })
    }
  }

  async function cancel(): Promise<void> {
    cancelled = true
    await Promise.allSettled(
      record.panels.flatMap(({ execution, outcome }) => (execution && !outcome ? [engine.cancel(execution)] : [])),
    )
    await within(done, cancelMs)
  }

  const ends = async (panel: string): Promise<void> => followed.find(({ name }) => name === panel)?.end

  const done = end()
  return { record, progress, done, ends, recorded, cancel }
}

/** Two processes may follow the same search: the first outcome that was written stands. */
async function replaceUnlessEnded(
  records: SearchRecords,
  last: RecordEntry,
  record: SearchRecord,
): Promise<RecordEntry> {
  try {
    return await records.replace(last, record)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const theirs = await records.read(record.id)
    if (!theirs) throw error
    return hasEnded(theirs.record.state) ? theirs : records.replace(theirs, record)
  }
}
