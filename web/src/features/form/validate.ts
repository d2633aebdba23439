import type { ParameterDescription, UseCaseDescription } from '@muniment/api/contract'
import { text } from './text.ts'

export type Inputs = Record<string, string | string[]>

/** What is sent: texts trimmed, empty ones left out. */
export function cleanInputs(inputs: Inputs, parameters: readonly ParameterDescription[]): Inputs {
  const clean: Inputs = {}
  for (const { name } of parameters) {
    const value = inputs[name]
    if (Array.isArray(value)) {
      const kept = value.map((item) => item.trim()).filter((item) => item !== '')
      if (kept.length > 0) clean[name] = kept
    } else if (value !== undefined && value.trim() !== '') clean[name] = value.trim()
  }
  return clean
}

export function isCalendarDate(value: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function checkValue(parameter: ParameterDescription, value: string): string | undefined {
  const { label } = parameter
  if ([...value].length > parameter.maxLength) return text.tooLong(label, parameter.maxLength)
  if (parameter.type === 'integer' && !/^[+-]?\d+$/.test(value)) return text.integer(label)
  if (parameter.type === 'decimal' && !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) return text.decimal(label)
  if (parameter.type === 'date' && !isCalendarDate(value)) return text.date(label)
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
