import { InputError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { checkInputs } from './inputs.ts'
import { didYouMean, findingAt } from './json-file.ts'
import { formInputs, formNameOf, sourceOf } from './panel-inputs.ts'
import { panelProblems } from './panel-problems.ts'
import type { NamedUseCase, TemplateFiles } from './query-folder.ts'
import { alwaysGiven } from './sql/places.ts'
import type { Finding, Inputs, Panel, Parameter, Query, UseCase, UseCaseExample } from './types.ts'

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
  }
  const inQueries = new Set(placed.flatMap(({ query }) => query.parameters.map((parameter) => parameter.name)))
  const known = new Set([...inQueries, ...file.parameters.map((parameter) => parameter.name)])
  for (const { panel, query } of placed) {
    const at = ['panels', file.panels.indexOf(panel)]
    for (const { path, ...problem } of panelProblems(panel, query, known, application))
      report([...at, ...path], problem.message, problem.hint)
  }
  const merged = mergeParameters(placed, (panel, path, message) =>
    report(['panels', file.panels.indexOf(panel), ...path], message),
  )
  const asked = groups(placed)
  // Of a group of which one is left, that one is needed.
  for (const [name, ...others] of asked) {
    const parameter = name !== undefined && others.length === 0 ? merged.get(name) : undefined
    if (parameter) parameter.required = true
  }
  const { parameters, ...rest } = file
  const resolved = orderParameters(merged, parameters, inQueries, report)
  const given = new Set(resolved.filter(alwaysGiven).map((parameter) => parameter.name))
  const declared = {
    parameters: resolved,
    requireOneOf: asked.filter((group) => group.length > 0 && !group.some((one) => given.has(one))),
  }
  return {
    ...rest,
    ...declared,
    name,
    application: application.name,
    file: source.file,
    example: exampleFor(file.examples, placed, declared, application),
  }
}

/** What must be alike where two queries share a parameter. */
const ALIKE = ['type', 'list', 'precision', 'codeList', 'options', 'pattern'] as const

function mergeParameters(
  placed: Placed[],
  report: (panel: Panel, path: PropertyKey[], message: string) => void,
): Map<string, Parameter> {
  const merged = new Map<string, Parameter>()
  const worded = new Set<string>()
  for (const { panel, query } of placed)
    for (const parameter of query.parameters) {
      const name = formNameOf(panel, parameter.name)
      if (name === undefined) continue
      const known = merged.get(name)
      if (!known) {
        merged.set(name, { ...parameter, name })
        if (name === parameter.name) worded.add(name)
        continue
      }
      const differ = ALIKE.filter((key) => JSON.stringify(known[key]) !== JSON.stringify(parameter[key]))
      if (differ.length > 0)
        report(
          panel,
          Object.hasOwn(panel.inputs, parameter.name) ? ['inputs', parameter.name] : [],
          `\`${name}\` is declared otherwise by the query \`${query.name}\`${name === parameter.name ? '' : `, as \`${parameter.name}\`,`} than by what came before: ${differ.join(', ')} must be alike.`,
        )
      // The words of a parameter that is called so anyway go before those of one that takes its value from it.
      if (name === parameter.name && !worded.has(name)) Object.assign(known, wordsOf(parameter))
      if (name === parameter.name) worded.add(name)
      known.required ||= parameter.required
      known.maxLength = Math.min(known.maxLength, parameter.maxLength)
      if (known.default === undefined && parameter.default !== undefined) known.default = parameter.default
    }
  return merged
}

const wordsOf = ({ label, hint }: Parameter) => ({ label, ...(hint === undefined ? {} : { hint }) })

function orderParameters(
  merged: Map<string, Parameter>,
  overrides: NamedUseCase['file']['parameters'],
  inQueries: ReadonlySet<string>,
  report: (path: PropertyKey[], message: string, hint?: string) => void,
): Parameter[] {
  const ordered: Parameter[] = []
  const left = new Map(merged)
  for (const [index, override] of overrides.entries()) {
    const parameter = left.get(override.name)
    left.delete(override.name)
    if (!parameter) {
      const { message, hint } = unlisted(override.name, merged, inQueries)
      report(['parameters', index, 'name'], message, hint)
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

function unlisted(name: string, merged: Map<string, Parameter>, inQueries: ReadonlySet<string>) {
  if (merged.has(name)) return { message: `\`${name}\` is listed twice.` }
  if (inQueries.has(name))
    return {
      message: `\`${name}\` is fixed, left out or called otherwise by every panel, so the form does not ask for it.`,
    }
  return { message: `No panel's query has a parameter \`${name}\`.`, hint: didYouMean(name, merged.keys()) }
}

/** Of each group the names that the form has for it; none of a group of which the panel fixes one. */
function groups(placed: Placed[]): string[][] {
  const found = new Map<string, string[]>()
  for (const { panel, query } of placed)
    for (const group of query.requireOneOf) {
      const sources = group.map((name) => sourceOf(panel, name))
      if (sources.some((source) => source && 'fixed' in source)) continue
      const names = [...new Set(group.flatMap((name) => formNameOf(panel, name) ?? []))]
      found.set([...names].sort().join(' '), names)
    }
  return [...found.values()]
}

/** Its own first example, or the first of a panel's query that the use case as a whole can be run with; the very first where none can. */
function exampleFor(
  own: UseCaseExample[],
  placed: Placed[],
  declared: Pick<UseCase, 'parameters' | 'requireOneOf'>,
  application: Application,
): Inputs {
  if (own[0]) return own[0].inputs
  const examples = placed.flatMap(({ panel, query }) =>
    query.examples.map(({ inputs }) => formInputs(query, panel, inputs, application)),
  )
  const runnable = examples.filter(({ inputs }) => canRun(declared, inputs, application))
  return (runnable.find(({ exact }) => exact) ?? runnable[0] ?? examples[0])?.inputs ?? {}
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
