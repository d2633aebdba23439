import { closest } from '@muniment/archive/did-you-mean'
import { InputError } from '@muniment/archive/errors'
import { derivations } from '@muniment/archive/folding'
import type { Application } from '@muniment/archive/model/types'
import { matchesWhole } from './pattern.ts'
import type { CheckInputs } from './port.ts'
import type { Inputs, Parameter, UseCase } from './types.ts'
import { readValue } from './values.ts'

/** An IN with more values than this is an export of its own, not something that a person types. */
export const MOST_VALUES = 200

/** Characters that Athena takes for a value, in quotes and with those inside doubled. Refused here, so that all engines take the same. */
const LONGEST_LITERAL = 1024

/** A use case, or a query by itself. */
type Declared = Pick<UseCase, 'parameters' | 'requireOneOf'>

class Refusal extends Error {}

/**
 * Inputs as they are recorded and bound: trimmed, NFC, dates as ISO, decimals with their scale, defaults put in, lists as arrays
 * without duplicates; only names that are declared and given. Throws InputError with a sentence for each field that is wrong.
 */
export function checkInputs(declared: Declared, inputs: Inputs, application: Application, now = new Date()): Inputs {
  const fields: Record<string, string> = Object.create(null)
  const names = declared.parameters.map((parameter) => parameter.name)
  for (const name of Object.keys(inputs))
    if (!names.includes(name)) {
      const near = closest(name, names)
      fields[name] = `There is no input called ${name}.${near ? ` Did you mean ${near}?` : ''}`
    }
  const checked = new Map<string, string | string[]>()
  for (const parameter of declared.parameters) {
    const reading = readInput(parameter, ownInput(inputs, parameter.name), application, now)
    if ('problem' in reading) fields[parameter.name] = reading.problem
    else if (reading.value !== undefined) checked.set(parameter.name, reading.value)
  }
  for (const group of declared.requireOneOf)
    if (!group.some((name) => checked.has(name) || name in fields)) {
      const labels = group.map((name) => declared.parameters.find((one) => one.name === name)?.label ?? name)
      for (const name of group) fields[name] = `Give at least one of: ${labels.join(', ')}.`
    }
  const sentences = [...new Set(Object.values(fields))]
  if (sentences.length > 0)
    throw new InputError(
      sentences.length === 1
        ? (sentences[0] ?? '')
        : `${sentences.length} inputs cannot be used: ${sentences.join(' ')}`,
      { ...fields },
    )
  return Object.fromEntries(checked)
}

const port: CheckInputs = checkInputs
void port

/** What one parameter comes to: checked, with its default; or the sentence for the person. */
export function readInput(
  parameter: Parameter,
  given: string | string[] | undefined,
  application: Application,
  now: Date,
): { value?: string | string[] } | { problem: string } {
  try {
    const value = checkParameter(parameter, given, application, now)
    return value === undefined ? {} : { value }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { problem: error.message }
  }
}

/** A code or choice in words, for the form and for what is said about a search. */
export function optionsOf(
  parameter: Parameter,
  application: Application,
): { value: string; label: string }[] | undefined {
  if (parameter.type === 'choice') return parameter.options ?? []
  if (parameter.type !== 'code') return undefined
  const { codeLists } = application
  const list =
    parameter.codeList && Object.hasOwn(codeLists, parameter.codeList) ? codeLists[parameter.codeList] : undefined
  return (list?.values ?? []).map(({ code, label }) => ({ value: code, label }))
}

/** Own properties only: names come from requests. */
export const ownInput = (inputs: Inputs, name: string): string | string[] | undefined =>
  Object.hasOwn(inputs, name) ? inputs[name] : undefined

function checkParameter(
  parameter: Parameter,
  given: string | string[] | undefined,
  application: Application,
  now: Date,
): string | string[] | undefined {
  const { label, list } = parameter
  if (Array.isArray(given) && !list && given.length > 1) throw new Refusal(`${label} takes one value.`)
  const typed = (Array.isArray(given) ? given : [given ?? '']).map((text) => tidy(label, text))
  const texts = typed.filter((text) => text !== '')
  if (texts.length === 0 && parameter.default !== undefined)
    texts.push(
      parameter.default === 'today' && parameter.type === 'date' ? todayIn(application, now) : parameter.default,
    )
  if (texts.length === 0) {
    if (parameter.required) throw new Refusal(`${label} is needed.`)
    return undefined
  }
  if (texts.length > MOST_VALUES) throw new Refusal(`${label} takes at most ${MOST_VALUES} values.`)
  const values = [...new Set(texts.map((text) => checkText(parameter, text, application)))]
  return list ? values : values[0]
}

function tidy(label: string, text: string): string {
  if (typeof text !== 'string') throw new Refusal(`${label} must be text.`)
  const line = text
    .normalize('NFC')
    .replace(/[\t\r\n]+/g, ' ')
    .trim()
  if (/[\p{Cc}\p{Cs}]/u.test(line)) throw new Refusal(`${label} holds a character that cannot be searched for.`)
  return line
}

function checkText(parameter: Parameter, text: string, application: Application): string {
  const { label, maxLength, pattern, transform } = parameter
  // Before anything is matched, so that no pattern ever works on more than this.
  if (text.length > maxLength) throw new Refusal(`${label} must be at most ${maxLength} characters long.`)
  if (pattern && !matchesWhole(pattern.regex, text)) throw new Refusal(pattern.message)
  const options = optionsOf(parameter, application)
  if (options && !options.some((option) => option.value === text)) throw new Refusal(notAnOption(label, text, options))
  const reading = readValue(parameter, text)
  if ('problem' in reading) throw new Refusal(`${label} ${reading.problem}`)
  const bound = transform ? derivations[transform](reading.value) : reading.value
  if (bound === '') throw new Refusal(`${label} holds nothing that can be searched for: it needs a letter or a digit.`)
  if (bound.length + bound.split("'").length + 1 > LONGEST_LITERAL)
    throw new Refusal(
      `${label} is too long to be searched for: quotes count twice, and some characters stand for several.`,
    )
  return reading.value
}

function notAnOption(label: string, text: string, options: { value: string; label: string }[]): string {
  const near = closest(
    text,
    options.flatMap((option) => [option.value, option.label]),
  )
  const meant = options.find((option) => option.value === near || option.label === near)
  return `${label} must be one of its choices.${meant ? ` Did you mean ${meant.value} (${meant.label})?` : ''}`
}

/** The date in the time zone in which the old system's days began. */
export function todayIn(application: Application, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: application.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return parts.format(now)
}
