import type { z } from 'zod'
import { closest } from '../did-you-mean.ts'
import { lineOf, lineOfSyntaxError } from '../json-lines.ts'
import { valueAt } from '../value-at.ts'
import { ApplicationFile, CodeList, Column, columnTypes, Derivation, ForeignKey, Table } from './types.ts'

/** One thing wrong with a model. `file` is relative to the templates' root, `line` counts from 1. */
export interface ModelFinding {
  file: string
  line?: number
  message: string
  hint?: string
}

export interface ModelSource {
  file: string
  text: string
}

const KEYS = new Set(
  [ApplicationFile, Table, Column, CodeList, Derivation, ForeignKey].flatMap((shape) => Object.keys(shape.shape)),
)

/** `columns[3] (birth_date) type`: where in the file, for a person. */
function spell(path: readonly PropertyKey[], value: unknown): string {
  let words = ''
  let place: unknown = value
  for (const step of path) {
    const child = typeof place === 'object' && place !== null ? Reflect.get(place, step) : undefined
    if (typeof step === 'number') {
      const name = typeof child === 'object' && child !== null ? Reflect.get(child, 'name') : undefined
      words += typeof name === 'string' ? `[${step}] (${name})` : `[${step}]`
    } else words += `${words ? ' ' : ''}${String(step)}`
    place = child
  }
  return words
}

function explain(issue: z.core.$ZodIssue, source: ModelSource, value: unknown): ModelFinding[] {
  const { file, text } = source
  const where = spell(issue.path, value)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const meant = closest(key, KEYS)
      const finding = {
        file,
        line: lineOf(text, [...issue.path, key]),
        message: `${where ? `${where}: ` : ''}there is no property "${key}"`,
      }
      return meant ? { ...finding, hint: `did you mean "${meant}"?` } : finding
    })
  const given = valueAt(value, issue.path)
  const known =
    issue.code === 'invalid_value' ? issue.values.map(String) : issue.path.at(-1) === 'type' ? columnTypes : []
  const meant = typeof given === 'string' ? closest(given, known) : undefined
  const message =
    given === undefined
      ? `${where} is missing`
      : issue.code === 'invalid_value'
        ? `${where} cannot be ${JSON.stringify(given)}${meant ? '' : `: it is one of ${known.map((one) => JSON.stringify(one)).join(', ')}`}`
        : `${where}: ${issue.message}`
  const finding = { file, line: lineOf(text, issue.path), message }
  return [meant ? { ...finding, hint: `did you mean "${meant}"?` } : finding]
}

/** The file's content as `shape` says, or what is wrong with it added to `findings`. */
export function parseFile<T extends z.ZodType>(
  shape: T,
  source: ModelSource,
  findings: ModelFinding[],
): z.infer<T> | undefined {
  let value: unknown
  try {
    value = JSON.parse(source.text.replace(/^\ufeff/, ''))
  } catch (error) {
    const line = lineOfSyntaxError(source.text, error)
    const message = `this is not JSON: ${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)}`
    findings.push({ file: source.file, ...(line === undefined ? {} : { line }), message })
    return undefined
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  findings.push(...parsed.error.issues.flatMap((issue) => explain(issue, source, value)))
  return undefined
}
