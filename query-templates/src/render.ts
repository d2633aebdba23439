import { TemplateError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import type { DateStyle } from './format/dates.ts'
import { createPresenter, type Presenter } from './format/presenter.ts'
import type { RenderView } from './port.ts'
import type { Query } from './types.ts'
import { examineView } from './view/check.ts'
import { type CompiledView, compileView, createEnvironment, type RenderCompiled } from './view/environment.ts'
import { maskNote } from './view/mask-note.ts'
import { viewPanel } from './view/panel.ts'

interface Setting {
  presenter: Presenter
  render: RenderCompiled
}

const settings = new WeakMap<Application, Map<DateStyle, Setting>>()
const views = new WeakMap<Query, CompiledView>()

export const renderView: RenderView = (templates, query, data, { dates = 'long' } = {}) => {
  const { presenter, render } = settingOf(templates.application, dates)
  try {
    return maskNote(query, data) + render(compiled(query), query.files.view, viewPanel(presenter, query, data))
  } catch (error) {
    if (error instanceof TemplateError) throw error
    throw new TemplateError(`${query.files.view}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function compiled(query: Query): CompiledView {
  const known = views.get(query)
  if (known) return known
  const [first] = examineView(query).findings
  if (first)
    throw new TemplateError(`${first.file}:${first.line ?? 1}: ${first.message}`, { detail: { findings: [first] } })
  const view = compileView(query.view, query.files.view)
  views.set(query, view)
  return view
}

function settingOf(application: Application, dates: DateStyle): Setting {
  const known = settings.get(application) ?? new Map<DateStyle, Setting>()
  settings.set(application, known)
  const setting = known.get(dates)
  if (setting) return setting
  const presenter = createPresenter(application, dates)
  const made = { presenter, render: createEnvironment(presenter) }
  known.set(dates, made)
  return made
}
