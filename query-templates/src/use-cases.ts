import { InputError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { checkInputs, useCaseName } from './inputs.ts'
import { didYouMean, findingAt } from './json-file.ts'
import type { NamedUseCase, TemplateFiles } from './query-folder.ts'
import type { Finding, Inputs, Panel, Parameter, Query, UseCase } from './types.ts'

/** Use cases with their parameters resolved from their panels' queries, and what does not fit together. */
export function resolveUseCases(
  application: Application,
  files: TemplateFiles,
): { useCases: Map<string, UseCase>; findings: Finding[] } {
  const findings: Finding[] = []
  const useCases = new Map<string, UseCase>()
  for (const named of files.useCases) useCases.set(named.name, resolve(application, files, named, findings))
  return { useCases, findings }
}

interface Placed {
  panel: Panel
  query: Query
}

function resolve(application: Application, files: TemplateFiles, named: NamedUseCase, findings: Finding[]): UseCase {
  const { source, file, name } = named
  const report = (path: PropertyKey[], message: string, hint?: string) =>
    findings.push(findingAt(source, path, message, hint))
  const placed: Placed[] = []
  const panelNames = new Set<string>()
  for (const [index, panel] of file.panels.entries()) {
    if (panelNames.has(panel.name)) report(['panels', index, 'name'], `There are two panels called \`${panel.name}\`.`)
    panelNames.add(panel.name)
    const query = files.queries.get(panel.query)
    if (query) placed.push({ panel, query })
    // A query that could not be read has its own finding.
    else if (!files.files.has(`${application.name}/queries/${panel.query}/query.json`))
      report(
        ['panels', index, 'query'],
        `There is no query \`${panel.query}\`.`,
        didYouMean(panel.query, files.queries.keys()),
      )
    for (const parameter of query ? Object.keys(panel.inputs) : [])
      if (!query?.parameters.some((known) => known.name === parameter))
        report(
          ['panels', index, 'inputs', parameter],
          `The query \`${panel.query}\` has no parameter \`${parameter}\`.`,
          didYouMean(parameter, query?.parameters.map((known) => known.name) ?? []),
        )
  }
  const merged = mergeParameters(placed, (panel, message) => report(['panels', file.panels.indexOf(panel)], message))
  const { parameters, ...rest } = file
  const resolved = orderParameters(merged, parameters, report)
  const declared = { parameters: resolved, requireOneOf: groups(placed) }
  return {
    ...rest,
    ...declared,
    name,
    application: application.name,
    file: source.file,
    example: exampleFor(placed, declared, application),
  }
}

/** What must be alike where two queries share a parameter. */
const kindOf = ({ type, list, precision, codeList, options, pattern }: Parameter) =>
  JSON.stringify([type, list, precision, codeList, options, pattern])

function mergeParameters(placed: Placed[], report: (panel: Panel, message: string) => void): Map<string, Parameter> {
  const merged = new Map<string, Parameter>()
  for (const { panel, query } of placed)
    for (const parameter of query.parameters) {
      const name = useCaseName(panel, parameter.name)
      const known = merged.get(name)
      if (!known) {
        merged.set(name, { ...parameter, name })
        continue
      }
      if (kindOf(known) !== kindOf(parameter))
        report(
          panel,
          `\`${name}\` is declared otherwise by the query \`${query.name}\` than by a panel before: type, list, precision, options and pattern must be alike.`,
        )
      known.required ||= parameter.required
      known.maxLength = Math.min(known.maxLength, parameter.maxLength)
      if (known.default === undefined && parameter.default !== undefined) known.default = parameter.default
    }
  return merged
}

function orderParameters(
  merged: Map<string, Parameter>,
  overrides: NamedUseCase['file']['parameters'],
  report: (path: PropertyKey[], message: string, hint?: string) => void,
): Parameter[] {
  const ordered: Parameter[] = []
  const left = new Map(merged)
  for (const [index, override] of overrides.entries()) {
    const parameter = left.get(override.name)
    left.delete(override.name)
    if (!parameter) {
      const twice = merged.has(override.name)
      report(
        ['parameters', index, 'name'],
        twice ? `\`${override.name}\` is listed twice.` : `No panel's query has a parameter \`${override.name}\`.`,
        twice ? undefined : didYouMean(override.name, merged.keys()),
      )
      continue
    }
    const { name, label, hint, required, default: byDefault } = override
    if (required === false && parameter.required && byDefault === undefined)
      report(['parameters', index, 'required'], `\`${name}\` cannot be optional: a panel's query requires it.`)
    ordered.push({
      ...parameter,
      ...(label === undefined ? {} : { label }),
      ...(hint === undefined ? {} : { hint }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
      required: required ?? parameter.required,
    })
  }
  return [...ordered, ...left.values()]
}

function groups(placed: Placed[]): string[][] {
  const found = new Map<string, string[]>()
  for (const { panel, query } of placed)
    for (const group of query.requireOneOf) {
      const names = group.map((name) => useCaseName(panel, name))
      found.set([...names].sort().join(' '), names)
    }
  return [...found.values()]
}

/** The first example of a panel's query that the use case as a whole can be run with; the very first where none can. */
function exampleFor(
  placed: Placed[],
  declared: Pick<UseCase, 'parameters' | 'requireOneOf'>,
  application: Application,
) {
  const examples = placed.flatMap(({ panel, query }) =>
    query.examples.map(({ inputs }) =>
      Object.fromEntries(Object.entries(inputs).map(([name, value]) => [useCaseName(panel, name), value])),
    ),
  )
  return examples.find((inputs) => canRun(declared, inputs, application)) ?? examples[0] ?? {}
}

/** Whether a use case takes these inputs. */
export function canRun(
  declared: Pick<UseCase, 'parameters' | 'requireOneOf'>,
  inputs: Inputs,
  application: Application,
): boolean {
  try {
    checkInputs(declared, inputs, application)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** Names that a link to this use case must bring along. */
export const neededBy = (useCase: UseCase): string[] =>
  useCase.parameters.filter((one) => one.required && one.default === undefined).map(({ name }) => name)
