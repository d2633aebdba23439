import { InputError } from '@muniment/archive/errors'
import { checkInputs, readInput } from '../inputs.ts'
import { didYouMean, findingAt } from '../json-file.ts'
import type { Templates } from '../port.ts'
import type { NamedUseCase } from '../query-folder.ts'
import type { Finding, Inputs, UseCase } from '../types.ts'
import { canRun } from '../use-cases.ts'
import { readValue } from '../values.ts'
import { linkProblems } from './links.ts'
import { namesExpected } from './query-file.ts'

/** What a use case says, held against the queries of its panels, the other use cases and the model. */
export function checkUseCaseFile(templates: Templates, { name, source, file }: NamedUseCase): Finding[] {
  const findings: Finding[] = []
  const report = (path: PropertyKey[], message: string, hint?: string) =>
    findings.push(findingAt(source, path, message, hint))
  const useCase = templates.useCases.get(name)
  if (!useCase) return findings
  const { application } = templates
  const domains = application.domains.map((domain) => domain.name)
  if (!domains.includes(file.domain))
    report(['domain'], `There is no domain \`${file.domain}\`.`, didYouMean(file.domain, domains))
  for (const [index, { name: parameterName, default: byDefault }] of file.parameters.entries()) {
    const parameter = useCase.parameters.find((candidate) => candidate.name === parameterName)
    if (!parameter || byDefault === undefined || (byDefault === 'today' && parameter.type === 'date')) continue
    const reading = readValue(parameter, byDefault)
    if ('problem' in reading) report(['parameters', index, 'default'], `The default ${reading.problem}`)
    else {
      const whole = readInput(parameter, byDefault, application, new Date())
      if ('problem' in whole) report(['parameters', index, 'default'], `The default cannot be used: ${whole.problem}`)
    }
  }
  if (file.kind === 'file' && !file.record)
    report(['kind'], 'A file has a title block one can cite: give it a `record`.')
  checkRecord(templates, useCase, report)
  if (file.opens) {
    const columns = columnsOf(templates, useCase, useCase.panels[0]?.name)
    for (const { path, message, hint } of linkProblems(templates, file.opens, columns))
      report(['opens', ...path], message, hint)
  }
  checkExampleShapes(templates, useCase, report)
  if (
    file.examples.length === 0 &&
    Object.keys(useCase.example).length > 0 &&
    !canRun(useCase, useCase.example, application)
  )
    report(['panels'], 'No example of its queries gives all that this use case needs.')
  return findings
}

function columnsOf(templates: Templates, useCase: UseCase, panelName: string | undefined): string[] {
  const panel = useCase.panels.find((candidate) => candidate.name === panelName)
  return templates.queries.get(panel?.query ?? '')?.columns.map((column) => column.name) ?? []
}

function checkExampleShapes(
  templates: Templates,
  useCase: UseCase,
  report: (path: PropertyKey[], message: string, hint?: string) => void,
): void {
  const panels = useCase.panels.map((panel) => panel.name)
  for (const [index, example] of useCase.examples.entries()) {
    const path = ['examples', index]
    for (const [name, sentence] of Object.entries(refusalsOf(templates, useCase, example.inputs)))
      report([...path, 'inputs', name], `The example cannot be run: ${sentence}`)
    for (const [panel, expected] of Object.entries(example.expect)) {
      if (!panels.includes(panel)) {
        report([...path, 'expect', panel], `There is no panel \`${panel}\`.`, didYouMean(panel, panels))
        continue
      }
      const columns = columnsOf(templates, useCase, panel)
      for (const name of namesExpected(expected))
        if (columns.length > 0 && !columns.includes(name))
          report(
            [...path, 'expect', panel],
            `The example expects a column \`${name}\` that is not there.`,
            didYouMean(name, columns),
          )
    }
  }
}

function refusalsOf(templates: Templates, useCase: UseCase, inputs: Inputs): Record<string, string> {
  try {
    checkInputs(useCase, inputs, templates.application)
    return {}
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.fields
  }
}

function checkRecord(
  templates: Templates,
  useCase: UseCase,
  report: (path: PropertyKey[], message: string, hint?: string) => void,
): void {
  const { record, panels } = useCase
  if (!record) return
  const names = panels.map((panel) => panel.name)
  if (!names.includes(record.panel)) {
    report(['record', 'panel'], `There is no panel \`${record.panel}\`.`, didYouMean(record.panel, names))
    return
  }
  const columns = columnsOf(templates, useCase, record.panel)
  for (const key of ['number', 'holder', 'state'] as const) {
    const column = record[key]
    if (column !== undefined && columns.length > 0 && !columns.includes(column))
      report(['record', key], `The panel's query has no column \`${column}\`.`, didYouMean(column, columns))
  }
}
