import type { Application } from '@muniment/archive/model/types'
import { optionsOf } from '@muniment/query-templates/inputs'
import { formNameOf } from '@muniment/query-templates/panel-inputs'
import type { Inputs, Panel, Parameter, Query, UseCase } from '@muniment/query-templates/types'
import type { PanelState, Search } from '../contract.ts'

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

type ReadInput = Search['inputsRead'][number]

/** Inputs as a person reads them, in the order of the form. */
export const readInputs = (useCase: UseCase, inputs: Inputs, application: Application): ReadInput[] =>
  readAll(useCase.parameters, inputs, application)

interface PanelReading {
  useCase: UseCase
  panel: Panel
  query: Query
  /** Of the form. */
  inputs: Inputs
  /** By the query's own names. */
  bound: Inputs
  application: Application
}

/** What a panel is bound with as a person reads it: what it takes of the form, then what the form does not ask for. */
export function readPanelInputs(reading: PanelReading): NonNullable<PanelState['inputsRead']> {
  const { useCase, panel, query, inputs, bound, application } = reading
  const taken = new Set(query.parameters.map(({ name }) => formNameOf(panel, name)))
  const fixed = query.parameters.filter(({ name }) => formNameOf(panel, name) === undefined)
  return [
    ...readAll(
      useCase.parameters.filter(({ name }) => taken.has(name)),
      inputs,
      application,
    ).map((one) => ({ ...one, fixed: false })),
    ...readAll(fixed, bound, application).map((one) => ({ ...one, fixed: true })),
  ]
}

function readAll(parameters: Parameter[], inputs: Inputs, application: Application): ReadInput[] {
  return parameters.flatMap((parameter) => {
    const given = inputs[parameter.name]
    const values = (Array.isArray(given) ? given : [given ?? '']).filter((value) => value !== '')
    if (values.length === 0) return []
    if (saysNothing(parameter, values, inputs)) return []
    const value = values.map((text) => readValue(parameter, text, application)).join(', ')
    return [{ name: parameter.name, label: parameter.label, value }]
  })
}

/** A default that nobody chose, of something that only says how another input is meant, and that one is not given. */
function saysNothing({ modifies, default: byDefault }: Parameter, values: string[], inputs: Inputs): boolean {
  if (!modifies || values.length !== 1 || values[0] !== byDefault) return false
  return modifies.every((name) => (inputs[name] ?? '').length === 0)
}

function readValue(parameter: Parameter, text: string, application: Application): string {
  if (parameter.type === 'boolean') return text === 'true' ? 'yes' : 'no'
  if (parameter.type === 'date') {
    const date = new Date(`${text}T00:00:00Z`)
    return Number.isNaN(date.getTime()) ? text : day.format(date)
  }
  const read = optionsOf(parameter, application)?.find(({ value }) => value === text)?.label ?? text
  return parameter.unit === undefined ? read : `${read} ${parameter.unit}`
}

/** What a search is called in a list: its use case and what was asked, shortened. */
export function titleOf(useCase: UseCase, read: Search['inputsRead']): string {
  const asked = read.map(({ value }) => value).join(', ')
  const short = asked.length > 80 ? `${asked.slice(0, 79)}…` : asked
  return short ? `${useCase.title}: ${short}` : useCase.title
}
