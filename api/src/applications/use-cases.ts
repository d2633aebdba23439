import type { RecordView, Rights } from '@muniment/archive/access/port'
import { optionsOf } from '@muniment/query-templates/inputs'
import { formInputs } from '@muniment/query-templates/panel-inputs'
import type { Templates } from '@muniment/query-templates/port'
import { tablesOf } from '@muniment/query-templates/sql/tables-of'
import type { Parameter, UseCase } from '@muniment/query-templates/types'
import { canRun } from '@muniment/query-templates/use-cases'
import type { ParameterDescription, UseCaseDescription } from '../contract.ts'
import { domainsNamed, tablesOfPanel, viewThrough } from '../shared/record-rights.ts'
import { meaningOf } from './meaning.ts'

/** Those of which at least one panel may be seen. */
export const describeUseCases = (templates: Templates, rights: Rights): UseCaseDescription[] =>
  [...templates.useCases.values()].flatMap((useCase) => {
    const view = viewThrough(rights, templates, useCase)
    return view ? [describeUseCase(templates, useCase, view)] : []
  })

function describeUseCase(templates: Templates, useCase: UseCase, view: RecordView): UseCaseDescription {
  const { name, application, title, description, keywords, domain, kind, requireOneOf } = useCase
  return {
    name,
    application,
    title,
    description,
    keywords,
    domain,
    kind,
    parameters: useCase.parameters.map((parameter) => describeParameter(templates, useCase, parameter)),
    requireOneOf,
    panels: useCase.panels.map(({ name, title, query, layout }) => {
      const lacks = domainsNamed(templates, view.lacking(tablesOfPanel(templates, { query })))
      return { name, title, query, layout, ...(lacks.length > 0 && { lacks }) }
    }),
    tables: tablesOfUseCase(templates, useCase),
    examples: examplesOf(templates, useCase),
  }
}

export function tablesOfUseCase(templates: Templates, useCase: UseCase): string[] {
  const queries = useCase.panels.flatMap((panel) => templates.queries.get(panel.query) ?? [])
  return [...new Set(queries.flatMap((query) => tablesOf(query, templates.application)))].sort()
}

function describeParameter(templates: Templates, useCase: UseCase, parameter: Parameter): ParameterDescription {
  const { name, type, list, label, hint, required, pattern, unit, maxLength } = parameter
  const options = optionsOf(parameter, templates.application)
  const given = useCase.example[name]
  const example = Array.isArray(given) ? given[0] : given
  const means = meaningOf(useCase.panels, templates.queries, name)
  return {
    name,
    type,
    list,
    label,
    ...(hint !== undefined && { hint }),
    required,
    ...(pattern && { pattern }),
    ...(options && { options }),
    ...(parameter.default !== undefined && { default: parameter.default }),
    ...(example !== undefined && { example }),
    ...(means && { means }),
    ...(unit !== undefined && { unit }),
    maxLength,
  }
}

/** Its own, and those of the first panel's query that it can be run with: the other panels show more of what that finds. */
function examplesOf(templates: Templates, useCase: UseCase): UseCaseDescription['examples'] {
  const { application } = templates
  const own = useCase.examples.map(({ title, inputs }) => ({ title, inputs }))
  const panel = useCase.panels[0]
  const query = panel && templates.queries.get(panel.query)
  if (!query) return own
  const ofQuery = query.examples.flatMap(({ title, inputs }) => {
    const form = formInputs(query, panel, inputs, application)
    return form.exact && canRun(useCase, form.inputs, application) ? [{ title, inputs: form.inputs }] : []
  })
  return [...own, ...ofQuery]
}
