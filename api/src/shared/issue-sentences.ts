import { closest } from '@muniment/archive/did-you-mean'
import { valueAt } from '@muniment/archive/value-at'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** What a property takes, where its name and type say too little. */
const takes: Record<string, string> = {
  purpose: 'Say what you search for: { "reason", "note" } with a reason of the list, or { "request" } with its number.',
  inputs: 'They are written { "name": "text" }, or { "name": ["text", "text"] } where one takes several.',
}

const words: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
}

/** Sentences for what does not fit a schema, by the place in the request; the first one of each place. `value`: what was sent. */
export function issueSentences(issues: readonly Issue[], value: unknown): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  for (const issue of issues) for (const { name, sentence } of sentencesOf(issue, [], value)) fields[name] ??= sentence
  return { ...fields }
}

interface Said {
  name: string
  sentence: string
}

function sentencesOf(issue: Issue, above: readonly PropertyKey[], whole: unknown): Said[] {
  const path = [...above, ...issue.path]
  const name = path.map(String).join('.') || 'body'
  const given = valueAt(whole, path)
  const say = (sentence: string): Said[] => {
    const more = takes[name]
    return [{ name, sentence: more && !sentence.includes(more) ? `${sentence} ${more}` : sentence }]
  }
  const [first, input, ...deeper] = path
  if (first === 'inputs' && path.length === 1 && given !== undefined)
    return say(`inputs is an object; ${kindOf(given)} was sent.`)
  if (first === 'inputs' && input !== undefined && deeper.length === 0)
    return [{ name, sentence: `The input ${String(input)} is a text, or a list of texts; ${kindOf(given)} was sent.` }]
  if (first === 'inputs' && deeper.length > 0)
    return [{ name, sentence: `The input ${String(input)} is a list of texts; ${kindOf(given)} is in it.` }]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      name: [...path, key].map(String).join('.'),
      sentence: unknownProperty(key, path),
    }))
  if (given === undefined) return say(name === 'body' ? 'The body is empty.' : `${name} is missing.`)
  if (!isDefault(issue.message)) return [{ name, sentence: ended(issue.message) }]
  switch (issue.code) {
    case 'invalid_type':
      return say(`${name} is ${words[issue.expected] ?? issue.expected}; ${kindOf(given)} was sent.`)
    case 'invalid_value':
      return say(notAmong(name, given, issue.values.map(String)))
    case 'too_small':
      return say(tooSmall(name, issue))
    case 'too_big':
      return say(`${name} is at most ${String(issue.maximum)}${unitOf(issue.origin)}.`)
    case 'invalid_union': {
      // Of the forms that it may have, the one that was meant: what is wrong is inside it.
      const meant = issue.errors.find(
        (branch) => branch.length > 0 && branch.every((one) => one.path.length > 0 || one.code !== 'invalid_type'),
      )
      return meant
        ? meant.flatMap((one) => sentencesOf(one, path, whole))
        : say(`${name} cannot be ${kindOf(given)} of this form.`)
    }
    default:
      return say(`${name} is not written as it must be.`)
  }
}

function tooSmall(name: string, issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.minimum === 1 && issue.origin !== 'number') return `${name} is empty.`
  return `${name} is at least ${String(issue.minimum)}${unitOf(issue.origin)}.`
}

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : ''

function notAmong(name: string, given: unknown, known: string[]): string {
  const near = typeof given === 'string' ? closest(given, known) : undefined
  const meant = near === undefined ? '' : ` Did you mean ${near}?`
  return `${name} is one of ${known.join(', ')}; ${typeof given === 'string' ? 'what was sent is none of them' : `${kindOf(given)} was sent`}.${meant}`
}

const unknownProperty = (key: string, path: readonly PropertyKey[]): string =>
  `There is no property ${key.slice(0, 100)}${path.length > 0 ? ` in ${path.map(String).join('.')}` : ''}: take it out, or look how it is spelt in /api/openapi.json.`

/** Words that the library gives where a schema has none of its own. */
const isDefault = (message: string) => /^(Invalid|Too small|Too big|Unrecognized|Expected)\b/.test(message)

const ended = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`)

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return words[typeof value] ?? typeof value
}
