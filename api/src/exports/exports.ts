import { randomBytes } from 'node:crypto'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { NotFoundError } from '@muniment/archive/errors'
import { ConflictError } from '@muniment/archive/store/errors'
import type { Templates } from '@muniment/query-templates/port'
import type { Estimate, Export, StartExport } from '../contract.ts'
import type { DispatchedExport } from '../deps.ts'
import { kindOf, ProblemError } from '../errors.ts'
import { type Acting, actorOf } from '../shared/acting.ts'
import { closingOfExport } from '../shared/closings.ts'
import { noticeOf } from '../shared/incomplete.ts'
import { exportFilePrefix } from '../shared/keys.ts'
import { orClosed } from '../shared/or-closed.ts'
import { overLimit } from '../shared/over-limit.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import { fateOf } from '../shared/process-mark.ts'
import { purposeEntry } from '../shared/purposes.ts'
import { enterAgain, inForceOf, mustStillSee, tablesOfPanel, viewThrough } from '../shared/record-rights.ts'
import { recordsAbout } from '../shared/records-about.ts'
import { hasEnded, type RecordedPanel, type SearchRecord } from '../shared/search-record.ts'
import type { Services } from '../shared/services.ts'
import { useCaseOf } from '../shared/templates.ts'
import { within } from '../shared/within.ts'
import { openAddress } from './address-uses.ts'
import { exportColumns } from './columns.ts'
import { costsOf } from './costs.ts'
import { createExportRecords, type ExportEntry, type ExportRecord } from './export-record.ts'
import { writeFileToken } from './file-address.ts'
import { carryOut, type Job, type JobParts } from './job.ts'
import { mustStillTake } from './must-still-take.ts'
import { sorted } from './sorted.ts'

const cancelMs = 5_000
/** After this an opening without an execution id has nobody left who would start it. */
const abandonedMs = 60_000
/** The same where it was handed to another process, which may have to wait for its turn. */
const undeliveredMs = 5 * 60_000

const contentTypes: Record<Export['format'], string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export type Exports = ReturnType<typeof createExports>

export function createExports(services: Services) {
  const { engine, store, by, clock, limits, log } = services
  const records = createExportRecords(store)
  const live = new Map<string, Job>()

  async function partsOf(search: SearchRecord, asked: StartExport): Promise<JobParts> {
    const panel = search.panels.find(({ name }) => name === asked.panel)
    if (!panel) throw new NotFoundError('This search has no panel of this name.')
    if (!panel.statement) {
      const detail = panel.outcome?.problem?.detail ?? 'This panel has no query that could be exported.'
      throw new ProblemError('template-fault', detail)
    }
    const templates = await services.templates.get(search.application)
    const { application, queries } = templates
    const statement =
      asked.sort === undefined
        ? panel.statement
        : sorted(panel.statement, panel, queries.get(panel.query), asked.sort, application.codeLists)
    const notice = (snapshot: CatalogSnapshot) => noticeOf(statement.sql, application, snapshot)
    const columns = exportColumns(panel.columns, application, asked.format)
    const about = (rows: number) => recordsAbout(templates, search, panel, rows)
    return { search, panel, about, statement, notice, columns, application }
  }

  function follow(entry: ExportEntry, parts: JobParts): Job {
    const job = carryOut(services, records, entry, parts)
    live.set(entry.record.id, job)
    const ended = () => void live.delete(entry.record.id)
    job.done.then(ended, ended)
    const end = job.logged.catch((error: unknown) => logFault(log, newIncident(), error, { export: entry.record.id }))
    void services.later(end)
    return job
  }

  /** Closes what a stopped process left behind: nobody else knows its execution, or none was begun. */
  async function closeAbandoned(entry: ExportEntry): Promise<ExportEntry> {
    const { record } = entry
    if (fateOf(record.by) === 'lives') return entry
    const known =
      record.execution === undefined ? isYoung(record) : !isOverdue(record) && (await isKnown(record.execution))
    if (known) return entry
    const detail = 'The server stopped before the file was written. Export again.'
    return endInstead(entry, { state: 'failed', problem: problem('interrupted', detail) })
  }

  /** Ends an export at which nobody is at work here. */
  async function endInstead(entry: ExportEntry, end: Pick<ExportRecord, 'state' | 'problem'>): Promise<ExportEntry> {
    const { record } = entry
    try {
      const closed = await records.replace(entry, { ...record, ...end, by, finished: clock().toISOString() })
      if (record.entry !== undefined) await services.audit.close(record.entry, closingOfExport(closed.record))
      return closed
    } catch (error) {
      // Somebody else has ended it meanwhile, and has closed its entry.
      if (error instanceof ConflictError) return (await records.read(record.id)) ?? entry
      throw error
    }
  }

  const ageOf = (record: ExportRecord): number => clock().getTime() - Date.parse(record.started)
  const isYoung = (record: ExportRecord): boolean => ageOf(record) < (services.dispatch ? undeliveredMs : abandonedMs)
  /** An engine may know an execution for weeks after whoever asked it has ended. */
  const isOverdue = (record: ExportRecord): boolean => ageOf(record) > limits.exportMs + undeliveredMs

  const isKnown = (execution: string): Promise<boolean> =>
    engine.status(execution).then(
      () => true,
      (error: unknown) => {
        if (error instanceof NotFoundError) return false
        throw error
      },
    )

  /** What of a panel may be taken along. Throws ProblemError `refused` where it may only be seen. */
  function exportable({ rights }: Acting, templates: Templates, search: SearchRecord, panel: RecordedPanel) {
    const useCase = templates.useCases.get(search.useCase)
    const tables = tablesOfPanel(templates, panel)
    const through = (right: 'export' | 'export-bulk') => {
      const view = useCase && viewThrough(rights, templates, useCase, right)
      return view?.may(right, tables) ? view : undefined
    }
    const view = through('export')
    const { contact } = rights
    if (!view) throw new ProblemError('refused', `You may see this panel and not export it. ${contact}`)
    const bulk = through('export-bulk') !== undefined
    const rows = panel.outcome?.rows ?? 0
    if (!bulk && (rows > rights.bulkRows || (panel.outcome?.more && rows >= rights.bulkRows)))
      throw new ProblemError(
        'refused',
        `You may export ${rights.bulkRows.toLocaleString('en')} rows at a time; this panel has more. ${contact}`,
      )
    const { restrictions } = view
    const inForce = inForceOf(rights, templates, restrictions, tables)
    return { restrictions, inForce, ...(!bulk && { mostRows: rights.bulkRows }) }
  }

  async function find(acting: Acting, id: string) {
    const { person } = acting
    // Before its record is read: a job leaves the living only after its last word was written.
    const job = live.get(id)
    const entry = await records.readOwn(id, person)
    const search = await mustStillTake(services, acting, entry.record)
    if (job || hasEnded(entry.record.state)) return { entry, job, search }
    return { entry: await closeAbandoned(entry), job: undefined, search }
  }

  const present = ({ entry, job }: { entry: ExportEntry; job: Job | undefined }): Export =>
    presentExport(job?.record ?? entry.record, job?.progress)

  /** What is asked for, by whoever may take it along, and what it costs. */
  async function askedFor(acting: Acting, searchId: string, asked: StartExport) {
    const { rights } = acting
    const { record: search } = await services.records.readOwn(searchId, acting.person)
    const templates = await enterAgain(services.templates, rights, search.application)
    mustStillSee(rights, templates, search)
    const found = await partsOf(search, asked)
    const { mostRows, ...limits } = exportable(acting, templates, search, found.panel)
    const parts: JobParts = {
      ...found,
      restrictions: limits.restrictions,
      ...(mostRows !== undefined && { mostRows }),
    }
    const loaded = await services.loaded.current(search.application)
    const useCase = useCaseOf(templates, search.useCase)
    return { search, parts, limits, loaded, costs: await costsOf(services, parts, { useCase, rights, loaded }) }
  }

  return {
    /** Nothing is run, recorded or logged. Rights are those of the export itself. */
    estimate: async (acting: Acting, searchId: string, asked: StartExport): Promise<Estimate> =>
      (await askedFor(acting, searchId, asked)).costs.estimate,

    async start(acting: Acting, searchId: string, asked: StartExport): Promise<Export> {
      const { person } = acting
      const { search, parts, limits, loaded, costs } = await askedFor(acting, searchId, asked)
      costs.mustBeWithin()
      const { snapshot, loads } = loaded
      const notice = parts.notice(snapshot)
      const reserved = parts.panel.outcome?.rows ?? 0
      parts.reserved = reserved
      const { limits: own } = acting.rights
      const passed = await services.usage.take(person.id, own, { rows: reserved })
      if (passed) throw overLimit(passed, acting.rights, clock())
      if (own.rowsExportedPerDay !== undefined && parts.panel.outcome?.more) {
        // Nobody knows how many there are: what is left of the day is the most.
        const today = (await services.usage.of(person.id, own)).find(({ limit }) => limit === 'rowsExportedPerDay')
        parts.mostToday = reserved + Math.max(0, (today?.most ?? 0) - (today?.used ?? 0))
      }
      const id = `${search.id}_${randomBytes(6).toString('hex')}`
      const base = `${search.application}-${search.useCase}-${parts.panel.name}-${search.id}`
      const opening: ExportRecord = {
        version: 1,
        id,
        search: search.id,
        panel: asked.panel,
        format: asked.format,
        ...(asked.sort !== undefined && { sort: asked.sort }),
        person: { id: person.id, name: person.name },
        ...limits,
        by,
        catalogVersion: snapshot.version,
        loads,
        ...(notice !== undefined && { notice }),
        started: clock().toISOString(),
        state: 'queued',
        fileName: `${base}.${asked.format}`,
        ...(asked.format !== 'xlsx' && { companionName: `${base}-about.json` }),
      }
      // No record, no action: nothing leaves the archive before both are durable.
      const unreserved = async (error: unknown): Promise<never> => {
        await services.usage.add(person.id, { rows: -reserved })
        throw error
      }
      const opened = services.audit.open({
        action: 'export',
        actor: actorOf(acting),
        purpose: purposeEntry(search.purpose),
        subject: {
          export: id,
          search: search.id,
          panel: asked.panel,
          format: asked.format,
          application: search.application,
          useCase: search.useCase,
        },
      })
      const logged = await opened.catch(unreserved)
      const entry = await orClosed(services, logged, () => records.open({ ...opening, entry: logged })).catch(
        unreserved,
      )
      if (!services.dispatch) return present({ entry, job: follow(entry, parts) })
      const { mostRows: most, mostToday } = parts
      const dispatched: DispatchedExport = {
        export: id,
        reserved,
        ...(most !== undefined && { mostRows: most }),
        ...(mostToday !== undefined && { mostToday }),
      }
      try {
        await services.dispatch(dispatched)
        return present({ entry, job: undefined })
      } catch (error) {
        const instance = newIncident()
        logFault(log, instance, error, { export: id })
        const detail = 'The export could not be begun. Try again in a moment.'
        const ended = await endInstead(entry, { state: 'failed', problem: problem('failed', detail, { instance }) })
        await unreserved(undefined).catch(() => undefined)
        return present({ entry: ended, job: undefined })
      }
    },

    /** What `start` handed on, in the process that it was handed to. Once only, however often it is delivered. */
    async carryOut({ export: id, reserved, mostRows, mostToday }: DispatchedExport): Promise<void> {
      const entry = await records.read(id)
      if (entry?.record.state !== 'queued') return
      const { record } = entry
      let taken: ExportEntry
      try {
        taken = await records.replace(entry, { ...record, by, state: 'running' })
      } catch (error) {
        if (error instanceof ConflictError) return
        throw error
      }
      const search = await services.records.read(record.search)
      if (!search) throw new NotFoundError('The search of this export is gone.')
      const { panel, format, sort } = record
      const job = follow(taken, {
        ...(await partsOf(search.record, { panel, format, ...(sort !== undefined && { sort }) })),
        reserved,
        ...(record.restrictions && { restrictions: record.restrictions }),
        ...(mostRows !== undefined && { mostRows }),
        ...(mostToday !== undefined && { mostToday }),
      })
      await job.logged
    },

    read: async (acting: Acting, id: string): Promise<Export> => present(await find(acting, id)),

    async cancel(acting: Acting, id: string): Promise<Export> {
      const found = await find(acting, id)
      const { job, entry } = found
      if (job) {
        await job.cancel()
        await within(job.done, cancelMs)
        return present(found)
      }
      if (hasEnded(entry.record.state)) return present(found)
      // Whoever is at work on it finds that its end stands already, and keeps nothing.
      const ended = await endInstead(entry, { state: 'cancelled' })
      const { execution } = ended.record
      if (execution !== undefined)
        await isKnown(execution).then((known) => (known ? engine.cancel(execution) : undefined))
      return present({ entry: ended, job: undefined })
    },

    /** Where the browser gets the file for the next minutes. */
    async address(acting: Acting, id: string, what: 'file' | 'companion'): Promise<string> {
      const found = await find(acting, id)
      const { person } = acting
      const record = found.job?.record ?? found.entry.record
      mustBeDone(record)
      const fileName = what === 'file' ? record.fileName : record.companionName
      if (fileName === undefined) throw new NotFoundError('A workbook has its companion as its last sheet.')
      const key = `${exportFilePrefix(id)}${fileName}`
      if (!(await store.head(key))) {
        const hours = Math.round(limits.resultsMs / 3_600_000)
        throw new ProblemError('no-longer-kept', `Exported files are kept for ${hours} hours. Export again.`)
      }
      const contentType = what === 'file' ? contentTypes[record.format] : 'application/json'
      const seconds = limits.fileAddressMs / 1_000
      const elsewhere = await store.presign?.(key, { seconds, fileName, contentType })
      if (elsewhere !== undefined) {
        // Whoever has this address has the file, and nobody here sees it fetched: it is the address that stands in the log.
        await services.audit.note(
          {
            action: 'download',
            actor: actorOf(acting),
            purpose: purposeEntry(found.search.purpose),
            subject: { export: id, what, application: found.search.application, useCase: found.search.useCase },
          },
          { outcome: 'done', rows: record.rows ?? 0, bytes: record.bytes ?? 0 },
        )
        return elsewhere
      }
      const until = clock().getTime() + limits.fileAddressMs
      const use = await openAddress(store, id, person)
      const address = { export: id, key, fileName, contentType, person: person.id, use, until }
      return `/api/files/${writeFileToken(services.secret, address)}`
    },
  }
}

function mustBeDone(record: ExportRecord): void {
  if (record.state === 'done') return
  if (record.problem) throw new ProblemError(kindOf(record.problem), record.problem.detail, record.problem)
  if (record.state === 'cancelled') throw new ProblemError('cancelled', 'This export was cancelled. Export again.')
  const headers = { 'Retry-After': '1' }
  throw new ProblemError('not-finished', 'The file is still being written. Ask again shortly.', { headers })
}

function presentExport(record: ExportRecord, progress: number | undefined): Export {
  const done = record.state === 'done'
  return {
    id: record.id,
    search: record.search,
    panel: record.panel,
    format: record.format,
    state: record.state,
    ...(done ? { progress: 1 } : progress !== undefined && { progress }),
    ...(record.rows !== undefined && { rows: record.rows }),
    ...(record.bytes !== undefined && { bytes: record.bytes }),
    fileName: record.fileName,
    ...(done && record.companionName && { companion: `/api/exports/${record.id}/companion` }),
    ...(record.problem && { problem: record.problem }),
  }
}
