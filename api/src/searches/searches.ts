import { newEntryId } from '@muniment/archive/audit/entry-id'
import type { Opening, SeenRecord } from '@muniment/archive/audit/port'
import type { Row } from '@muniment/archive/engine/port'
import { NotFoundError } from '@muniment/archive/errors'
import type { Templates } from '@muniment/query-templates/port'
import { renderView } from '@muniment/query-templates/render'
import type { UseCase } from '@muniment/query-templates/types'
import type { AskEstimate, Estimate, Search, StartSearch } from '../contract.ts'
import { kindOf, ProblemError } from '../errors.ts'
import { type Acting, actorOf } from '../shared/acting.ts'
import { budgetOf, isOver, overBudget, totalOf } from '../shared/budget.ts'
import { noticeOf } from '../shared/incomplete.ts'
import { interrupted } from '../shared/interrupted.ts'
import { maskedChoice } from '../shared/masked-choice.ts'
import { orClosed } from '../shared/or-closed.ts'
import { overLimit } from '../shared/over-limit.ts'
import { presentEstimate } from '../shared/present-estimate.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import { fateOf } from '../shared/process-mark.ts'
import { checkPurpose, purposeEntry } from '../shared/purposes.ts'
import { enterAgain, mustStillSee } from '../shared/record-rights.ts'
import { eachOnce, recordsAbout } from '../shared/records-about.ts'
import { hasEnded, type RecordedPanel, type SearchRecord } from '../shared/search-record.ts'
import type { RecordEntry } from '../shared/search-records.ts'
import { seenRecords } from '../shared/seen-records.ts'
import type { Services } from '../shared/services.ts'
import { within } from '../shared/within.ts'
import { cheaperOf, createOpenings } from './openings.ts'
import { type PageAsked, pageOf } from './page.ts'
import { presentSearch } from './present.ts'
import { createRuns, type Run, type Wording } from './runs.ts'
import { titleBlock } from './title-block.ts'

/** After this an opening without execution ids has nobody left who would start it. */
const abandonedMs = 60_000

/** Milliseconds that a process which has just taken up a search takes to learn what has ended in it. */
const catchUpMs = 10_000

/** Milliseconds that a search without a budget waits to know what it reads at most: the first time that a process meets its statements. */
const boundMs = 50

export interface FragmentAsked extends PageAsked {
  dates: 'long' | 'iso'
}

export type Searches = ReturnType<typeof createSearches>

export function createSearches(services: Services) {
  const { records, results, clock, limits, log } = services
  const runs = createRuns(services)
  const openings = createOpenings(services)

  /** The run that follows a search which has not ended, here or taken over from a process that is gone. */
  async function follow(entry: RecordEntry): Promise<Run | undefined> {
    const { id, state } = entry.record
    if (hasEnded(state) || runs.get(id)) return runs.get(id)
    // Another process is at work on it, whose engine only that one can ask.
    if (fateOf(entry.record.by) === 'lives') return undefined
    const wording = await wordingOf(entry.record)
    // A run leaves the living only after its end was written: read again, this record is the last word.
    const { record, etag } = await latest(entry)
    const run = runs.get(id)
    if (run || hasEnded(record.state)) return run
    const abandoned = clock().getTime() - Date.parse(record.started) > abandonedMs
    const unknown = record.panels.some(({ execution, outcome }) => !execution && !outcome)
    if (unknown && !abandoned) return undefined
    const panels = record.panels.map((panel) =>
      panel.execution || panel.outcome ? panel : { ...panel, outcome: interrupted() },
    )
    return runs.follow({ etag, record: { ...record, panels } }, wording)
  }

  async function wordingOf(record: SearchRecord): Promise<Wording> {
    const templates = await services.templates.get(record.application)
    return wordingBy(templates, templates.useCases.get(record.useCase))
  }

  /** One's own, as far as one may still see it. */
  async function readSeen({ person, rights }: Acting, id: string): Promise<RecordEntry> {
    const entry = await records.readOwn(id, person)
    mustStillSee(rights, await enterAgain(services.templates, rights, entry.record.application), entry.record)
    return entry
  }

  /**
   * What a page of a panel shows, and whose records they are, is in the log before it is shown: giving the answer is the act, so that a
   * process which ends on its answer leaves a whole entry.
   */
  async function logged<T extends { rows: Row[]; records: SeenRecord[] }>(opening: Opening, act: () => T): Promise<T> {
    let shown: T
    try {
      shown = act()
    } catch (error) {
      await services.audit
        .note(opening, { outcome: 'failed' })
        .catch((unwritten: unknown) => logFault(log, newIncident(), unwritten, { page: 'not shown' }))
      throw error
    }
    const { rows, records } = shown
    await services.audit.note(opening, { outcome: 'done', rows: rows.length, records })
    return shown
  }

  /** The log's entry and the search's record, written side by side: neither is any use without the other. */
  async function openBoth(acting: Acting, opening: SearchRecord): Promise<RecordEntry> {
    const id = newEntryId(clock())
    const [logged, recorded] = await Promise.allSettled([
      services.audit.open({ ...openingEntry(acting, opening), id }),
      records.open({ ...opening, entry: id }),
    ])
    if (logged.status === 'rejected') {
      if (recorded.status === 'fulfilled')
        await records.drop(recorded.value).catch((error: unknown) => {
          logFault(log, newIncident(), error, { search: opening.id })
        })
      throw logged.reason
    }
    return orClosed(services, id, () => {
      if (recorded.status === 'rejected') throw recorded.reason
      return recorded.value
    })
  }

  async function present(entry: RecordEntry, run: Run | undefined, seconds: number): Promise<Search> {
    if (!run) return presentSearch((await latest(entry)).record)
    await within(run.done, seconds * 1_000)
    return presentSearch(run.record, run.progress)
  }

  /** A search that was running when it was read, and is followed by nobody here, may have ended in between. */
  const latest = async (entry: RecordEntry): Promise<RecordEntry> =>
    hasEnded(entry.record.state) ? entry : ((await records.read(entry.record.id)) ?? entry)

  return {
    /** Ended when it took no longer than `seconds`. */
    async start(acting: Acting, asked: StartSearch, seconds: number): Promise<Search> {
      checkPurpose(asked.purpose, services.purposes, services.requestReference)
      const { templates, useCase, opened, bounded } = await openings.of(acting, asked)
      const plain = opened(asked.inputs, asked.purpose)
      const budget = budgetOf(useCase, acting.rights)
      const bounds = bounded(plain)
      const opening = budget || (await within(bounds, boundMs)) ? await bounds : plain
      if (isOver(totalOf(opening), budget))
        throw overBudget(opening, budget, await cheaperOf(opening, useCase, { opened, bounded }), acting.rights)
      const passed = await services.usage.take(acting.person.id, acting.rights.limits, 'search')
      if (passed) throw overLimit(passed, acting.rights, clock())
      // No record, no action: nothing is asked of the engine before both are durable.
      const entry = await openBoth(acting, opening)
      const run = runs.start(entry, wordingBy(templates, useCase))
      if (!(await within(run.done, seconds * 1_000))) await run.recorded()
      return presentSearch(run.record, run.progress)
    },

    /** Nothing is run, recorded or logged: what it tells are sizes of tables. Rights are those of the search itself. */
    async estimate(acting: Acting, asked: AskEstimate): Promise<Estimate> {
      const { useCase, opened, bounded } = await openings.of(acting, asked)
      const opening = await bounded(opened(asked.inputs, ''))
      const budget = budgetOf(useCase, acting.rights)
      const over = isOver(totalOf(opening), budget)
      const cheaper = over ? await cheaperOf(opening, useCase, { opened, bounded }) : []
      return presentEstimate(opening, budget, over, cheaper, acting.rights)
    },

    async read(acting: Acting, id: string, seconds: number): Promise<Search> {
      const entry = await readSeen(acting, id)
      return present(entry, await follow(entry), seconds)
    },

    async cancel(acting: Acting, id: string): Promise<Search> {
      const entry = await readSeen(acting, id)
      const run = await follow(entry)
      await run?.cancel()
      return present(entry, run, 0)
    },

    /** In the log before a print view opens; what is printed are pages, which stand there each. */
    async print(acting: Acting, id: string): Promise<void> {
      const { record } = await readSeen(acting, id)
      const subject = { search: record.id, application: record.application, useCase: record.useCase }
      await services.audit.note(
        {
          action: 'print',
          actor: actorOf(acting),
          purpose: purposeEntry(record.purpose),
          subject,
        },
        { outcome: 'done', rows: record.panels.reduce((sum, { outcome }) => sum + (outcome?.rows ?? 0), 0) },
      )
    },

    /** Throws ProblemError or NotFoundError where there is no such page to show. */
    async fragment(acting: Acting, id: string, name: string, asked: FragmentAsked, seconds: number): Promise<string> {
      // Looked for beside the record and not after it; shown only once the record says whose it is.
      const held = results.holds(id, name) ? results.read(id, name) : undefined
      held?.catch(() => undefined)
      const entry = await readSeen(acting, id)
      const run = await follow(entry)
      if (run && seconds > 0) await within(run.done, seconds * 1_000)
      // Whoever asks has learned from another process that it is done, as this one will in a moment.
      else if (run?.taken) await within(run.ends(name), catchUpMs)
      const { record } = run ?? (await latest(entry))
      const panel = record.panels.find((candidate) => candidate.name === name)
      if (!panel) throw new NotFoundError('This search has no panel of this name.')
      mustBeDone(panel, acting)

      const result = await (held ?? results.read(id, name))
      if (!result) {
        throw new ProblemError(
          'no-longer-kept',
          `Results are kept for ${Math.round(limits.resultsMs / 3_600_000)} hours. Run the search again.`,
        )
      }
      const templates = await services.templates.get(record.application)
      const query = templates.queries.get(panel.query)
      if (!query || query.columns.some(({ name }) => !result.columns.some((column) => column.name === name))) {
        throw new ProblemError('no-longer-kept', 'The templates have changed since. Run the search again.')
      }
      const { html } = await logged(
        pageEntry(acting, record, { panel: name, page: asked.page, size: asked.size }),
        () => {
          const { data, rows } = pageOf(templates, query, record, panel, result, asked)
          const seen = seenRecords(result.columns, rows, templates.application)
          const records = eachOnce([...seen, ...recordsAbout(templates, record, panel, rows.length)])
          return { rows, records, html: renderView(templates, query, data, { dates: asked.dates }) }
        },
      )
      return html
    },
  }
}

const wordingBy = (templates: Templates, useCase: UseCase | undefined): Wording => ({
  titleBlock: (panel, result) => titleBlock(templates, useCase, panel, result),
  chosenByMasked: (columns, contact) => maskedChoice('panel', columns, templates.application, contact),
  notice: (sql, snapshot) => noticeOf(sql, templates.application, snapshot),
  titled: (panel, { columns, rows }) =>
    useCase?.record?.panel === panel ? seenRecords(columns, rows.slice(0, 1), templates.application) : [],
})

/** What is printed are pages, too. */
const pageEntry = (acting: Acting, record: SearchRecord, of: Record<string, string | number>): Opening => ({
  action: 'page',
  actor: actorOf(acting),
  purpose: purposeEntry(record.purpose),
  subject: { search: record.id, application: record.application, useCase: record.useCase, ...of },
})

function openingEntry(
  acting: Acting,
  { id, application, useCase, templateHash, purpose, inputs }: SearchRecord,
): Opening {
  return {
    action: 'search',
    actor: actorOf(acting),
    purpose: purposeEntry(purpose),
    subject: { search: id, application, useCase, templateHash },
    typed: inputs,
  }
}

function mustBeDone({ title, outcome, lacks = [] }: RecordedPanel, { rights }: Acting): void {
  if (!outcome) {
    const headers = { 'Retry-After': '1' }
    throw new ProblemError('not-finished', `"${title}" is still being read. Ask again shortly.`, { headers })
  }
  if (outcome.state === 'left-out') {
    const domains = lacks.map((domain) => domain.title).join(', ')
    throw new ProblemError('refused', `"${title}" is left out: your role lacks ${domains}. ${rights.contact}`)
  }
  if (outcome.state === 'cancelled') throw new ProblemError('cancelled', 'This was cancelled. Run the search again.')
  if (outcome.problem) throw new ProblemError(kindOf(outcome.problem), outcome.problem.detail, outcome.problem)
}
