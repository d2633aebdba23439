import { optionsOf, useCaseName } from '@muniment/query-templates/inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Inputs, Parameter, UseCase } from '@muniment/query-templates/types'
import type { ParameterDescription, UseCaseDescription } from '../contract.ts'
import { tablesOf } from '../shared/tables-of.ts'

export const describeUseCases = (templates: Templates): UseCaseDescription[] =>
  [...templates.useCases.values()].map((useCase) => describeUseCase(templates, useCase))

function describeUseCase(templates: Templates, useCase: UseCase): UseCaseDescription {
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
    panels: useCase.panels.map(({ name, title, query, layout }) => ({ name, title, query, layout })),
    tables: tablesOfUseCase(templates, useCase),
    examples: examplesOf(templates, useCase),
  }
}

export function tablesOfUseCase(templates: Templates, useCase: UseCase): string[] {
  const queries = useCase.panels.flatMap((panel) => templates.queries.get(panel.query) ?? [])
  return [...new Set(queries.flatMap((query) => tablesOf(query, templates.application)))].sort()
}

function describeParameter(templates: Templates, useCase: UseCase, parameter: Parameter): ParameterDescription {
  const { name, type, list, label, hint, required, pattern, maxLength } = parameter
  const options = optionsOf(parameter, templates.application)
  const given = useCase.example[name]
  const example = Array.isArray(given) ? given[0] : given
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
    maxLength,
  }
}

/** Those of the first panel's query: the other panels show more of what it finds. */
function examplesOf(templates: Templates, useCase: UseCase): UseCaseDescription['examples'] {
  const panel = useCase.panels[0]
  const query = panel && templates.queries.get(panel.query)
  if (!query) return []
  return query.examples.map(({ title, inputs }) => ({
    title,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [useCaseName(panel, name), value]),
    ) as Inputs,
  }))
}
