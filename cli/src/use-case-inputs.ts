import { optionsOf } from '@muniment/query-templates/inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Parameter, UseCase } from '@muniment/query-templates/types'

const MOST_OPTIONS = 12

/** The inputs of a use case for somebody at a terminal: name, label, type, what is needed, options. */
export function inputLines({ application }: Templates, { parameters, requireOneOf }: UseCase): string[] {
  const widest = Math.max(0, ...parameters.map(({ name }) => name.length))
  const lines = parameters.flatMap((parameter) => {
    const indent = ' '.repeat(widest + 4)
    const options = optionsOf(parameter, application) ?? []
    const shown = options.slice(0, MOST_OPTIONS).map(({ value, label }) => `${indent}  ${value}  ${label}`)
    const more = options.length > MOST_OPTIONS ? [`${indent}  ... and ${options.length - MOST_OPTIONS} more`] : []
    return [`  ${parameter.name.padEnd(widest)}  ${described(parameter)}`, ...shown, ...more]
  })
  return [...lines, ...requireOneOf.map((group) => `At least one of: ${group.join(', ')}.`)]
}

function described({ label, type, list, required, default: byDefault, hint }: Parameter): string {
  const what = [
    type === 'string' ? 'text' : type === 'date' ? 'date, as 2024-07-05' : type,
    ...(list ? ['several'] : []),
    ...(required && byDefault === undefined ? ['needed'] : []),
    ...(byDefault === undefined ? [] : [`${byDefault} unless said`]),
  ]
  return `${label} (${what.join('; ')})${hint === undefined ? '' : `. ${hint}`}`
}

/** What is wrong with inputs, by the names that are typed here instead of the labels of the form. */
export function refusedInputs(useCase: UseCase, fields: Record<string, string>): string {
  const groups = useCase.requireOneOf.filter((group) =>
    group.every((name) => fields[name]?.startsWith('Give at least one of')),
  )
  const grouped = new Set(groups.flat())
  const sentences = [
    ...Object.entries(fields).flatMap(([name, sentence]) => (grouped.has(name) ? [] : [`${name}: ${sentence}`])),
    ...groups.map((group) => `Give at least one of: ${group.join(', ')}.`),
  ]
  return sentences.join(' ')
}
