import type { Application } from '@muniment/archive/model/types'
import { optionsOf } from '../inputs.ts'
import { alwaysGiven } from '../sql/places.ts'
import { namesIn, type SqlNode } from '../sql/tree.ts'
import type { Inputs, Parameter, Query } from '../types.ts'

/** One way to use a query: which inputs are given and which declared order is chosen. */
export interface Variant {
  /** How it is called in findings. */
  title: string
  given: ReadonlySet<string>
  inputs: Inputs
  sort?: string
}

/** All optional inputs, none, each alone, where it may matter each missing alone; and each declared order. */
export function variantsOf(query: Query, nodes: SqlNode[], application: Application): Variant[] {
  const asked = new Set(conditionNames(nodes))
  const always = query.parameters.filter(alwaysGiven).map(({ name }) => name)
  const optional = query.parameters.filter((one) => !alwaysGiven(one) && asked.has(one.name)).map(({ name }) => name)
  const variants = new Map<string, Variant>()
  const add = (title: string, names: string[], sort?: string) => {
    const given = new Set([...always, ...names])
    const key = `${[...given].sort().join(' ')}/${sort ?? ''}`
    if (variants.has(key)) return
    const inputs = sampleInputs(query, given, application)
    variants.set(key, { title, given, inputs, ...(sort === undefined ? {} : { sort }) })
  }
  add(optional.length > 0 ? 'with all optional inputs' : '', optional)
  add('without optional inputs', [])
  for (const name of optional) add(`with ${name} alone`, [name])
  // Without an else, a not, an and or an or, what is missing leaves nothing behind that was not seen already.
  if (dependsOnAbsence(nodes))
    for (const name of optional)
      add(
        `with all but ${name}`,
        optional.filter((other) => other !== name),
      )
  for (const { name } of query.sorts.slice(1)) add(`ordered by ${name}`, optional, name)
  return [...variants.values()]
}

/** A value for each of the parameters named. */
export const sampleInputs = (query: Query, given: ReadonlySet<string>, application: Application): Inputs =>
  Object.fromEntries(
    query.parameters
      .filter(({ name }) => given.has(name))
      .map((parameter) => [parameter.name, sampleOf(query, parameter, application)]),
  )

export const conditionNames = (nodes: SqlNode[]): string[] =>
  nodes.flatMap((node) =>
    node.kind === 'if'
      ? [...namesIn(node.condition), ...conditionNames(node.then), ...conditionNames(node.otherwise)]
      : [],
  )

const dependsOnAbsence = (nodes: SqlNode[]): boolean =>
  nodes.some(
    (node) =>
      node.kind === 'if' &&
      (node.condition.kind !== 'given' || node.otherwise.length > 0 || dependsOnAbsence(node.then)),
  )

const SAMPLES: Record<Parameter['type'], string> = {
  string: 'x',
  integer: '1',
  decimal: '1',
  date: '2024-07-05',
  boolean: 'true',
  code: 'x',
  choice: 'x',
}

/** A value from the examples where there is one, so that what is prepared is what people do. */
function sampleOf(query: Query, parameter: Parameter, application: Application): string | string[] {
  for (const { inputs } of query.examples) {
    const value = Object.hasOwn(inputs, parameter.name) ? inputs[parameter.name] : undefined
    if (value !== undefined && value.length > 0) return value
  }
  const text = optionsOf(parameter, application)?.[0]?.value ?? SAMPLES[parameter.type]
  return parameter.list ? [text, text] : text
}
