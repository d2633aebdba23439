import type { Application } from '@muniment/archive/model/types'
import { optionsOf } from './inputs.ts'
import { didYouMean } from './json-file.ts'
import { readFixed, sourceOf } from './panel-inputs.ts'
import { alwaysGiven } from './sql/places.ts'
import { OTHERS, type Panel, type PanelInput, type Parameter, type Query } from './types.ts'

interface PanelProblem {
  /** Below the panel. */
  path: PropertyKey[]
  message: string
  hint?: string | undefined
}

/** What a panel says of its query, held against that query. `formNames` are those that the form may have. */
export function panelProblems(
  panel: Panel,
  query: Query,
  formNames: ReadonlySet<string>,
  application: Application,
): PanelProblem[] {
  const names = query.parameters.map(({ name }) => name)
  const problems: PanelProblem[] = []
  for (const [name, input] of Object.entries(panel.inputs)) {
    const path = ['inputs', name]
    const parameter = query.parameters.find((candidate) => candidate.name === name)
    const problem =
      name === OTHERS
        ? othersProblem(input)
        : parameter
          ? inputProblem(parameter, input, formNames, application)
          : {
              message: `The query \`${query.name}\` has no parameter \`${name}\`.`,
              hint: didYouMean(name, names),
            }
    if (problem) problems.push({ path, ...problem })
  }
  // What a fault leaves without a value is told by that fault.
  const leftOut = problems.length > 0 ? [] : leftOutProblems(panel, query)
  return [...problems, ...leftOut, ...shownProblems(panel, query)]
}

type Problem = Omit<PanelProblem, 'path'>

const othersProblem = (input: PanelInput): Problem | undefined =>
  input === null
    ? undefined
    : { message: '`*` stands for all other parameters, which can only be left out together: null.' }

function inputProblem(
  parameter: Parameter,
  input: PanelInput,
  formNames: ReadonlySet<string>,
  application: Application,
): Problem | undefined {
  if (input === null) return undefined
  if (typeof input === 'string')
    return formNames.has(input) ? undefined : unknownName(parameter, input, formNames, application)
  const reading = readFixed(parameter, input, application)
  return 'problem' in reading ? { message: `\`${parameter.name}\` cannot be fixed so: ${reading.problem}` } : undefined
}

function unknownName(
  parameter: Parameter,
  name: string,
  formNames: ReadonlySet<string>,
  application: Application,
): Problem {
  const constant = `A value that is always the same is written { "fixed": "${name}" }.`
  const isOption = optionsOf(parameter, application)?.some(({ value }) => value === name) ?? false
  return {
    message: `No panel's query has a parameter \`${name}\`, and \`parameters\` lists none.`,
    hint: (isOption ? undefined : didYouMean(name, formNames)) ?? constant,
  }
}

/** Those that the query cannot do without. */
function leftOutProblems(panel: Panel, query: Query): PanelProblem[] {
  const isLeftOut = (name: string) => sourceOf(panel, name) === undefined
  const pathOf = (name: string) => ['inputs', Object.hasOwn(panel.inputs, name) ? name : OTHERS]
  const hint = 'Name the form\'s parameter, or give it a value: { "fixed": ... }.'
  const problems: PanelProblem[] = query.parameters
    .filter((one) => alwaysGiven(one) && one.default === undefined && isLeftOut(one.name))
    .map(({ name }) => ({
      path: pathOf(name),
      message: `The query \`${query.name}\` requires \`${name}\`, which this panel leaves out.`,
      hint,
    }))
  for (const group of query.requireOneOf)
    if (group.every(isLeftOut))
      problems.push({
        path: pathOf(group[0] ?? ''),
        message: `The query \`${query.name}\` requires one of ${group.join(', ')}, and this panel leaves out all of them.`,
        hint,
      })
  return problems
}

function shownProblems(panel: Panel, query: Query): PanelProblem[] {
  const columns = query.columns.map(({ name }) => name)
  const problems: PanelProblem[] = []
  for (const [index, name] of (panel.columns ?? []).entries())
    if (!columns.includes(name))
      problems.push({
        path: ['columns', index],
        message: `The query \`${query.name}\` has no column \`${name}\`.`,
        hint: didYouMean(name, columns),
      })
    else if (panel.columns?.indexOf(name) !== index)
      problems.push({ path: ['columns', index], message: `\`${name}\` is listed twice.` })
  const sorts = query.sorts.map(({ name }) => name)
  if (panel.sort !== undefined && !sorts.includes(panel.sort))
    problems.push({
      path: ['sort'],
      message: `The query \`${query.name}\` has no order \`${panel.sort}\`.`,
      hint: didYouMean(panel.sort, sorts),
    })
  return problems
}
