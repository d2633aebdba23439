import { closest } from '@muniment/archive/did-you-mean'
import { lineOf, lineOfSyntaxError } from '@muniment/archive/json-lines'
import { columnTypes } from '@muniment/archive/model/types'
import { valueAt } from '@muniment/archive/value-at'
import type { z } from 'zod'
import type { Finding } from './types.ts'

export interface JsonFile {
  /** Path for messages. */
  file: string
  text: string
}

/** A finding at a place inside a JSON file. */
export function findingAt(source: JsonFile, path: readonly PropertyKey[], message: string, hint?: string): Finding {
  const line = lineOf(source.text, path)
  return { file: source.file, ...(line === undefined ? {} : { line }), message, ...(hint ? { hint } : {}) }
}

/** `closest` as a hint. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = closest(word, candidates)
  return near === undefined ? undefined : `Did you mean \`${near}\`?`
}

/** The file's content as `shape` says, or what is wrong with it added to `findings`. */
export function readJson<T extends z.ZodType>(shape: T, source: JsonFile, findings: Finding[]): z.infer<T> | undefined {
  let value: unknown
  try {
    value = JSON.parse(source.text.replace(/^\ufeff/, ''))
  } catch (error) {
    const line = lineOfSyntaxError(source.text, error)
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)
    findings.push({
      file: source.file,
      ...(line === undefined ? {} : { line }),
      message: `This is not JSON: ${reason}.`,
    })
    return undefined
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) findings.push(...explain(shape, source, issue, value))
  return undefined
}

function explain(shape: z.ZodType, source: JsonFile, issue: z.core.$ZodIssue, whole: unknown): Finding[] {
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, issue.path)
    return issue.keys.map((key) =>
      findingAt(
        source,
        [...issue.path, key],
        `${where ? `${where}: ` : ''}there is no property \`${key}\`.`,
        didYouMean(key, known) ?? `Known are ${known.join(', ')}.`,
      ),
    )
  }
  const given = valueAt(whole, issue.path)
  if (given === undefined) return [findingAt(source, issue.path, `\`${where}\` is missing.`, knownValues(issue))]
  if (issue.code === 'invalid_value')
    return [findingAt(source, issue.path, `${where} cannot be ${JSON.stringify(given)}.`, meant(given, issue))]
  const sentence = /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
  const near = typeof given === 'string' && issue.path.at(-1) === 'type' ? didYouMean(given, columnTypes) : undefined
  return [findingAt(source, issue.path, `${where ? `${where}: ` : ''}${sentence}`, near)]
}

const valuesOf = (issue: z.core.$ZodIssue): string[] => (issue.code === 'invalid_value' ? issue.values.map(String) : [])

function knownValues(issue: z.core.$ZodIssue): string | undefined {
  const values = valuesOf(issue)
  return values.length > 0 ? `It is one of: ${values.join(', ')}.` : undefined
}

const meant = (given: unknown, issue: z.core.$ZodIssue): string | undefined =>
  (typeof given === 'string' ? didYouMean(given, valuesOf(issue)) : undefined) ?? knownValues(issue)

/** Keys that the shape knows at a path, for what was probably meant. */
function keysAt(shape: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = shape
  for (const step of path) current = inside(unwrap(current), step)
  const { shape: keys } = definition(unwrap(current))
  return keys ? Object.keys(keys) : []
}

interface Definition {
  type?: string
  shape?: Record<string, unknown>
  element?: unknown
  valueType?: unknown
  innerType?: unknown
}

const definition = (shape: unknown): Definition => (shape as { def?: Definition } | undefined)?.def ?? {}

function unwrap(shape: unknown): unknown {
  let current = shape
  while (definition(current).innerType !== undefined) current = definition(current).innerType
  return current
}

function inside(shape: unknown, step: PropertyKey): unknown {
  const { shape: keys, element, valueType } = definition(shape)
  return keys ? keys[String(step)] : (element ?? valueType)
}
