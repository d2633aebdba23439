import type { Application } from '@muniment/archive/model/types'
import { optionsOf } from '@muniment/query-templates/inputs'
import type { Inputs, Parameter, UseCase } from '@muniment/query-templates/types'
import type { Search } from '../contract.ts'

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Inputs as a person reads them, in the order of the form. */
export function readInputs(useCase: UseCase, inputs: Inputs, application: Application): Search['inputsRead'] {
  return useCase.parameters.flatMap((parameter) => {
    const given = inputs[parameter.name]
    const values = (Array.isArray(given) ? given : [given ?? '']).filter((value) => value !== '')
    if (values.length === 0) return []
    const value = values.map((text) => readValue(parameter, text, application)).join(', ')
    return [{ name: parameter.name, label: parameter.label, value }]
  })
}

function readValue(parameter: Parameter, text: string, application: Application): string {
  if (parameter.type === 'boolean') return text === 'true' ? 'yes' : 'no'
  if (parameter.type === 'date') {
    const date = new Date(`${text}T00:00:00Z`)
    return Number.isNaN(date.getTime()) ? text : day.format(date)
  }
  return optionsOf(parameter, application)?.find(({ value }) => value === text)?.label ?? text
}

/** What a search is called in a list: its use case and what was asked, shortened. */
export function titleOf(useCase: UseCase, read: Search['inputsRead']): string {
  const asked = read.map(({ value }) => value).join(', ')
  const short = asked.length > 80 ? `${asked.slice(0, 79)}…` : asked
  return short ? `${useCase.title}: ${short}` : useCase.title
}
