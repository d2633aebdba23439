import type { Person } from '@muniment/archive/identity/port'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs, panelInputs } from '@muniment/query-templates/inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Inputs, OutputColumn, Panel, Query, UseCase } from '@muniment/query-templates/types'
import type { Logger } from 'pino'
import type { StartSearch } from '../contract.ts'
import { newSearchId } from '../shared/ids.ts'
import { noticeOf } from '../shared/incomplete.ts'
import { nothingScanned } from '../shared/interrupted.ts'
import type { Loaded } from '../shared/loaded.ts'
import { logFault, newIncident, problem } from '../shared/problem.ts'
import type { RecordedColumn, RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import { readInputs, titleOf } from './read-inputs.ts'

interface Opening {
  asked: StartSearch
  templates: Templates
  useCase: UseCase
  loaded: Loaded
  person: Person
  engine: string
  now: Date
  log: Logger
}

/** The record of a search before anything runs. Throws InputError with all that is wrong with the inputs. */
export function openingOf({ asked, templates, useCase, loaded, person, engine, now, log }: Opening): SearchRecord {
  const inputs = checkInputs(useCase, asked.inputs, templates.application, now)
  const inputsRead = readInputs(useCase, inputs, templates.application)
  return {
    version: 1,
    id: newSearchId(now),
    person: { id: person.id, name: person.name },
    purpose: asked.purpose,
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
    panels: useCase.panels.map((panel) => recordedPanel(templates, panel, inputs, loaded, log)),
  }
}

function recordedPanel(templates: Templates, panel: Panel, inputs: Inputs, loaded: Loaded, log: Logger): RecordedPanel {
  const query = templates.queries.get(panel.query)
  const recorded = { name: panel.name, title: panel.title, query: panel.query, layout: panel.layout }
  try {
    if (!query) throw new Error('a use case names a query that is not there')
    const { sql, values } = bind(templates, query, panelInputs(query, panel, inputs))
    const notice = noticeOf(sql, templates.application, loaded.snapshot)
    return {
      ...recorded,
      honours: honoursOf(query),
      columns: query.columns.map(recordedColumn),
      sorts: query.sorts.map(({ name, label }) => ({ name, label })),
      statement: { sql, values },
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

const honoursOf = (query: Query): string[] =>
  ['valid_on', 'known_on'].filter((name) => query.parameters.some((parameter) => parameter.name === name))

const numericTypes = /^(integer|bigint|double|decimal\b)/
const textFormats = new Set(['identifier', 'code', 'text', 'long-text', 'iban'])

function recordedColumn(column: OutputColumn): RecordedColumn {
  const { name, label, type, hidden, codeList } = column
  const numeric = numericTypes.test(type) && !textFormats.has(column.format ?? '')
  return { name, label, type, hidden, numeric, ...(codeList && { codeList }) }
}
