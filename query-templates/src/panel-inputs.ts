import { TemplateError } from '@muniment/archive/errors'
import type { Application } from '@muniment/archive/model/types'
import { ownInput, readInput, todayIn } from './inputs.ts'
import { type Fixed, type Inputs, OTHERS, type Panel, type Parameter, type Query } from './types.ts'

/** Where a parameter of a panel's query takes its value from; undefined: it is left out. */
export type Source = { form: string } | Fixed | undefined

export function sourceOf(panel: Pick<Panel, 'inputs'>, parameter: string): Source {
  const { inputs } = panel
  const given = Object.hasOwn(inputs, parameter) ? inputs[parameter] : Object.hasOwn(inputs, OTHERS) ? null : parameter
  if (given === null || given === undefined) return undefined
  return typeof given === 'string' ? { form: given } : given
}

/** What the form calls a parameter of the panel's query; undefined where the form does not ask for it. */
export function formNameOf(panel: Pick<Panel, 'inputs'>, parameter: string): string | undefined {
  const source = sourceOf(panel, parameter)
  return source && 'form' in source ? source.form : undefined
}

/**
 * A query's inputs, by its own names: out of its use case's inputs, which were checked, and out of what the panel fixes. What is left out
 * has the query's default. Inputs that the query does not declare are left out.
 */
export function panelInputs(
  query: Query,
  panel: Pick<Panel, 'inputs'>,
  inputs: Inputs,
  application: Application,
  now = new Date(),
): Inputs {
  const own = new Map<string, string | string[]>()
  for (const parameter of query.parameters) {
    const source = sourceOf(panel, parameter.name)
    const value =
      source && 'form' in source
        ? ownInput(inputs, source.form)
        : constantOf(query, parameter, source, application, now)
    if (value !== undefined) own.set(parameter.name, value)
  }
  return Object.fromEntries(own)
}

function constantOf(query: Query, parameter: Parameter, fixed: Fixed | undefined, application: Application, now: Date) {
  const reading = fixed
    ? readFixed(parameter, fixed, application, now)
    : readInput(parameter, undefined, application, now)
  if ('problem' in reading)
    throw new TemplateError(`A panel gives \`${parameter.name}\` of \`${query.name}\` no value: ${reading.problem}`)
  return reading.value
}

const TYPES: Record<Parameter['type'], string> = {
  string: 'a text',
  integer: 'a whole number',
  decimal: 'a decimal',
  date: 'a date',
  boolean: 'a boolean',
  code: 'a code',
  choice: 'a choice',
}

/** A fixed value as inputs are read, and typed as JSON besides: no number is a text, and only a boolean is true or false. */
export function readFixed(
  parameter: Parameter,
  { fixed }: Fixed,
  application: Application,
  now = new Date(),
): ReturnType<typeof readInput> {
  const { name, type } = parameter
  const constants = Array.isArray(fixed) ? fixed : [fixed]
  for (const constant of constants) {
    const fits =
      typeof constant === 'string' ||
      (typeof constant === 'number' && (type === 'integer' || type === 'decimal')) ||
      (typeof constant === 'boolean' && type === 'boolean')
    if (!fits) return { problem: `\`${name}\` is ${TYPES[type]}, and ${JSON.stringify(constant)} is none.` }
    if (constant === '') return { problem: `\`${name}\` is given no value: null leaves it out.` }
  }
  if (constants.length > 1 && !parameter.list) return { problem: `\`${name}\` takes one value.` }
  const texts = constants.map((constant) =>
    // As the default of a date says it.
    constant === 'today' && type === 'date' ? todayIn(application, now) : String(constant),
  )
  return readInput(parameter, texts, application, now)
}

/**
 * What the form is to be given so that a panel is bound as with these inputs of its query. `exact` says whether that is possible: the
 * panel fixes or leaves out nothing that these inputs have otherwise.
 */
export function formInputs(
  query: Query,
  panel: Pick<Panel, 'inputs'>,
  inputs: Inputs,
  application: Application,
  now = new Date(),
): { inputs: Inputs; exact: boolean } {
  const given = new Map<string, string | string[]>()
  let exact = true
  for (const parameter of query.parameters) {
    const value = ownInput(inputs, parameter.name)
    const source = sourceOf(panel, parameter.name)
    if (source && 'form' in source) {
      if (value !== undefined) given.set(source.form, value)
      continue
    }
    const wanted = readInput({ ...parameter, required: false }, value, application, now)
    const bound = source
      ? readFixed(parameter, source, application, now)
      : readInput({ ...parameter, required: false }, undefined, application, now)
    exact &&= JSON.stringify(wanted) === JSON.stringify(bound)
  }
  return { inputs: Object.fromEntries(given), exact }
}

const AS_OF = ['valid_on', 'known_on']

/** As-of dates that a panel answers by: the form's, however its query calls them, or one that it fixes. */
export const honouredBy = (query: Query, panel: Pick<Panel, 'inputs'>): string[] =>
  AS_OF.filter((name) =>
    query.parameters.some((parameter) => {
      const source = sourceOf(panel, parameter.name)
      return source !== undefined && ('form' in source ? source.form === name : parameter.name === name)
    }),
  )
