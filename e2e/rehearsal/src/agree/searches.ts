import { sorted } from '@muniment/api/exports/sorted'
import type { RecordedPanel } from '@muniment/api/shared/search-record'
import type { Restrictions } from '@muniment/archive/engine/port'
import { InputError } from '@muniment/archive/errors'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import { panelInputs } from '@muniment/query-templates/panel-inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Inputs, Panel, Parameter, Query, UseCase } from '@muniment/query-templates/types'
import fc from 'fast-check'
import type { Case } from './example-cases.ts'
import { valuesOf } from './parameter-values.ts'
import type { RealValues } from './real-values.ts'

/** What is searched: a query by itself, or as a panel of a use case, whose form may ask for less and hand on more. */
interface Target {
  name: string
  query: Query
  form: Pick<UseCase, 'parameters' | 'requireOneOf'>
  panel?: Panel
  examples: Inputs[]
}

/** One search as it is generated; what the template's own check refuses comes to no statement. */
export interface Search {
  target: Target
  inputs: Inputs
  /** A declared order, one of the columns with a minus before it where it descends, or as it comes. */
  order: { declared?: string; column?: string }
  group: string | undefined
}

/** Fewest searches for which every template may be expected to be among them are some hundreds: there are as many targets as here. */
export function searchArbitrary(
  templates: Templates,
  groups: readonly string[],
  real: RealValues,
): fc.Arbitrary<Search> {
  const targets = targetsOf(templates)
  return fc.constantFrom(...targets).chain((target) =>
    fc.record({
      target: fc.constant(target),
      inputs: inputsOf(target, templates, real),
      order: orderOf(target.query),
      group: fc.option(fc.constantFrom(...groups), { nil: undefined, freq: 2 }),
    }),
  )
}

/** Undefined where the check of inputs refuses it before any engine is asked. */
export function caseOf(
  templates: Templates,
  restrictions: ReadonlyMap<string, Restrictions>,
  { target, inputs, order, group }: Search,
): Case | undefined {
  const { query, form, panel, name } = target
  const { application } = templates
  try {
    const checked = checkInputs(form, inputs, application)
    const bound = panel ? panelInputs(query, panel, checked, application) : checked
    const statement = bind(templates, query, bound, order.declared === undefined ? {} : { sort: order.declared })
    const seen = group === undefined ? undefined : restrictions.get(group)
    const asked =
      order.column === undefined
        ? statement
        : { ...statement, ...sorted(statement, asPanel(query), query, order.column, application.codeLists) }
    return { title: name, statement: { ...asked, ...(seen && { restrictions: seen }) } }
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

/** As a failure tells it: enough to search the same by hand. */
export const spell = ({ target, inputs, order, group }: Search): string =>
  `${target.name} ${JSON.stringify(inputs)} by ${order.declared ?? order.column ?? 'its own order'}, seen by ${group ?? 'everybody'}`

function targetsOf(templates: Templates): Target[] {
  const queries = [...templates.queries.values()].map(
    (query): Target => ({ name: query.name, query, form: query, examples: query.examples.map(({ inputs }) => inputs) }),
  )
  const panels = [...templates.useCases.values()].flatMap((useCase) =>
    useCase.panels.flatMap((panel): Target[] => {
      const query = templates.queries.get(panel.query)
      if (!query) return []
      const examples = [useCase.example, ...useCase.examples.map(({ inputs }) => inputs)]
      return [{ name: `${useCase.name}/${panel.name}`, query, form: useCase, panel, examples }]
    }),
  )
  return [...queries, ...panels]
}

/** An example, of which inputs are left out or given otherwise. */
function inputsOf({ query, form, examples }: Target, templates: Templates, real: RealValues): fc.Arbitrary<Inputs> {
  const changes = form.parameters.map((parameter) =>
    fc.oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: fc.constant<Change>({ as: 'is' }) },
      { weight: 1, arbitrary: fc.constant<Change>({ as: 'missing' }) },
      { weight: 3, arbitrary: given(parameter, query, templates, real).map((value): Change => ({ value })) },
    ),
  )
  return fc.tuple(fc.constantFrom(...examples), fc.tuple(...changes)).map(([example, made]) => {
    const inputs = new Map(Object.entries(example))
    for (const [index, { name }] of form.parameters.entries()) {
      const change = made[index]
      if (change && 'value' in change) inputs.set(name, change.value)
      else if (change?.as === 'missing') inputs.delete(name)
    }
    return Object.fromEntries(inputs)
  })
}

type Change = { as: 'is' | 'missing' } | { value: string | string[] }

/** Of a list also none, the same twice, and as many as may be typed. */
function given(parameter: Parameter, query: Query, templates: Templates, real: RealValues) {
  const value = valuesOf(parameter, query, templates, real)
  if (!parameter.list) return value
  return fc.oneof(
    { weight: 8, arbitrary: fc.array(value, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 180, maxLength: 200 }) },
  )
}

const orderOf = (query: Query): fc.Arbitrary<Search['order']> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant({}) },
    ...(query.sorts.length > 0
      ? [{ weight: 3, arbitrary: fc.constantFrom(...query.sorts).map(({ name }) => ({ declared: name })) }]
      : []),
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...query.columns), fc.constantFrom('', '-'))
        .map(([{ name }, sign]) => ({ column: `${sign}${name}` })),
    },
  )

/** As a search records it: what its order by a column goes by. */
export const asPanel = (query: Query): RecordedPanel => ({
  name: query.name,
  title: query.title,
  query: query.name,
  layout: 'table',
  honours: [],
  columns: query.columns.map(({ name, label, type, hidden, codeList, unit }) => ({
    name,
    label,
    type,
    hidden,
    numeric: false,
    ...(codeList !== undefined && { codeList }),
    ...(unit !== undefined && { unit }),
  })),
  sorts: query.sorts.map(({ name, label }) => ({ name, label })),
})
