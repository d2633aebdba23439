import type { RecordView } from '@muniment/archive/access/port'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import { honouredBy, panelInputs } from '@muniment/query-templates/panel-inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Inputs, OutputColumn, Panel, Query, UseCase } from '@muniment/query-templates/types'
import type { Logger } from 'pino'
import type { StartSearch } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { newSearchId } from '../shared/ids.ts'
import { noticeOf } from '../shared/incomplete.ts'
import { nothingScanned } from '../shared/interrupted.ts'
import type { Loaded } from '../shared/loaded.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import type { ProcessMark } from '../shared/process-mark.ts'
import { domainsNamed, inForceOf, tablesOfPanel, tablesOfPanels } from '../shared/record-rights.ts'
import type { RecordedColumn, RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import { readInputs, readPanelInputs, titleOf } from './read-inputs.ts'

interface Opening {
  asked: StartSearch
  templates: Templates
  useCase: UseCase
  loaded: Loaded
  acting: Acting
  /** What of the records the person may see. */
  view: RecordView
  by: ProcessMark
  engine: string
  now: Date
  log: Logger
}

/** The record of a search before anything runs. Throws InputError with all that is wrong with the inputs. */
export function openingOf(opening: Opening): SearchRecord {
  const { asked, templates, useCase, loaded, acting, view, by, engine, now, log } = opening
  const { person, rights } = acting
  const inputs = checkInputs(useCase, asked.inputs, templates.application, now)
  const inputsRead = readInputs(useCase, inputs, templates.application)
  return {
    version: 1,
    id: newSearchId(now),
    person: { id: person.id, name: person.name },
    restrictions: view.restrictions,
    inForce: inForceOf(rights, templates, view.restrictions, tablesOfPanels(templates, useCase.panels)),
    purpose: asked.purpose,
    by,
    application: templates.application.name,
    useCase: useCase.name,
    title: titleOf(useCase, inputsRead),
    kind: useCase.kind,
    inputs,
    inputsRead,
    engine,
    templateHash: templates.hashOf(useCase.name),
    templatesHash: templates.hash,
    catalogVersion: loaded.snapshot.version,
    loads: loaded.loads,
    started: now.toISOString(),
    state: 'queued',
    panels: useCase.panels.map((panel) => recordedPanel(panel, { templates, useCase, inputs, now, loaded, view, log })),
  }
}

type PanelOpening = Pick<Opening, 'templates' | 'useCase' | 'now' | 'loaded' | 'view' | 'log'> & { inputs: Inputs }

function recordedPanel(panel: Panel, opening: PanelOpening): RecordedPanel {
  const { templates, useCase, inputs, now, loaded, view, log } = opening
  const { application } = templates
  const query = templates.queries.get(panel.query)
  const recorded = { name: panel.name, title: panel.title, query: panel.query, layout: panel.layout }
  const lacks = domainsNamed(templates, view.lacking(tablesOfPanel(templates, panel)))
  if (lacks.length > 0)
    return {
      ...recorded,
      honours: [],
      columns: [],
      sorts: [],
      lacks,
      outcome: { state: 'left-out', ...nothingScanned },
    }
  try {
    if (!query) throw new Error('a use case names a query that is not there')
    const bound = panelInputs(query, panel, inputs, application, now)
    const { sql, values, reading } = bind(templates, query, bound, panel.sort === undefined ? {} : { sort: panel.sort })
    const notice = noticeOf(sql, application, loaded.snapshot)
    return {
      ...recorded,
      honours: honouredBy(query, panel),
      inputs: bound,
      inputsRead: readPanelInputs({ useCase, panel, query, inputs, bound, application }),
      columns: columnsOf(query, panel).map(recordedColumn),
      sorts: sortsOf(query, panel),
      ...(panel.empty !== undefined && { empty: panel.empty }),
      statement: { sql, values, ...(reading && { reading }) },
      ...(notice !== undefined && { notice }),
    }
  } catch (error) {
    const instance = newIncident()
    logFault(log, instance, error, { query: panel.query })
    const detail = `The template of "${panel.title}" has a fault. Whoever writes the templates can mend it; the other panels are not affected.`
    const outcome = {
      state: 'failed' as const,
      ...nothingScanned,
      problem: problem('template-fault', detail, { instance }),
    }
    return { ...recorded, honours: [], columns: [], sorts: [], outcome }
  }
}

/** Those that the panel shows first, in its order; the others can be chosen. */
function columnsOf(query: Query, { columns }: Panel): OutputColumn[] {
  if (!columns) return query.columns
  const shown = columns.flatMap((name) => query.columns.filter((column) => column.name === name))
  const others = query.columns.filter((column) => !columns.includes(column.name))
  return [
    ...shown.map((column) => ({ ...column, hidden: false })),
    ...others.map((column) => ({ ...column, hidden: true })),
  ]
}

/** The order in which the panel comes is the first of them. */
const sortsOf = (query: Query, { sort }: Panel): RecordedPanel['sorts'] =>
  [...query.sorts.filter(({ name }) => name === sort), ...query.sorts.filter(({ name }) => name !== sort)].map(
    ({ name, label }) => ({ name, label }),
  )

const numericTypes = /^(integer|bigint|double|decimal\b)/
const textFormats = new Set(['identifier', 'code', 'text', 'long-text', 'iban'])

function recordedColumn(column: OutputColumn): RecordedColumn {
  const { name, label, type, hidden, codeList, unit } = column
  const numeric = numericTypes.test(type) && !textFormats.has(column.format ?? '')
  return { name, label, type, hidden, numeric, ...(codeList && { codeList }), ...(unit && { unit }) }
}
