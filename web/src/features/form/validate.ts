import type { ParameterDescription, UseCaseDescription } from '@muniment/api/contract'
import { dateFault } from '../../lib/date-words.ts'
import { dayOrText } from '../../lib/read-date.ts'
import { settings } from '../../lib/settings.ts'
import { text } from './text.ts'

export type Inputs = Record<string, string | string[]>

/** What is sent: texts trimmed, dates as days, empty ones left out. */
export function cleanInputs(inputs: Inputs, parameters: readonly ParameterDescription[]): Inputs {
  const clean: Inputs = {}
  for (const { name, type } of parameters) {
    const value = inputs[name]
    const read = (typed: string) => (type === 'date' ? dayOrText(typed.trim()) : typed.trim())
    if (Array.isArray(value)) {
      const kept = value.map(read).filter((item) => item !== '')
      if (kept.length > 0) clean[name] = kept
    } else if (value !== undefined && value.trim() !== '') clean[name] = read(value)
  }
  return clean
}

function checkValue(parameter: ParameterDescription, value: string): string | undefined {
  const { label } = parameter
  if ([...value].length > parameter.maxLength) return text.tooLong(label, parameter.maxLength)
  if (parameter.type === 'integer' && !/^[+-]?\d+$/.test(value)) return text.integer(label)
  if (parameter.type === 'decimal' && !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) return text.decimal(label)
  if (parameter.type === 'date') {
    const fault = dateFault(label, value, settings.get().dates)
    if (fault) return fault
  }
  if (parameter.type === 'boolean' && value !== 'true' && value !== 'false') return text.choice(label)
  if (parameter.options && !parameter.options.some((option) => option.value === value)) return text.choice(label)
  if (parameter.pattern) {
    try {
      if (!new RegExp(`^(?:${parameter.pattern.regex})$`, 'u').test(value)) return parameter.pattern.message
    } catch {
      // A pattern this browser cannot read is left to the server, which checks it anyway.
    }
  }
  return undefined
}

export interface FieldError {
  /** Parameter, or empty for a matter of the whole form. */
  field: string
  message: string
}

/** The rules the server applies too, so that nobody waits for an answer that is known. */
export function validate(useCase: UseCaseDescription, inputs: Inputs): FieldError[] {
  const given = cleanInputs(inputs, useCase.parameters)
  const errors: FieldError[] = []
  for (const parameter of useCase.parameters) {
    const value = given[parameter.name]
    if (value === undefined) {
      if (parameter.required) errors.push({ field: parameter.name, message: text.required(parameter.label) })
      continue
    }
    const message = [value]
      .flat()
      .reduce<string | undefined>((found, item) => found ?? checkValue(parameter, item), undefined)
    if (message) errors.push({ field: parameter.name, message })
  }
  for (const group of useCase.requireOneOf) {
    if (group.some((name) => given[name] !== undefined)) continue
    const labels = group.map((name) => useCase.parameters.find((one) => one.name === name)?.label ?? name)
    const [first] = group
    if (first !== undefined) errors.push({ field: first, message: text.oneOf(labels) })
  }
  return errors
}
