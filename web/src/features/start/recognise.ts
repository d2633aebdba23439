import type { ParameterDescription, UseCaseDescription } from '@muniment/api/contract'
import { wordsOf } from '../../lib/fold.ts'
import { readDate } from '../../lib/read-date.ts'
import { isFiller } from './findUseCases.ts'

export interface Recognised {
  as: 'number' | 'plate' | 'date' | 'name'
  useCase: UseCaseDescription
  /** What the form would be filled with, in the order of its fields. */
  filled: Array<{ parameter: ParameterDescription; value: string }>
}

type Filled = Recognised['filled']

/** How a value is built: `POL-1998-000417` and `PV-2003-000001` have the same shape, `K07` has another. */
const shapeOf = (text: string): string =>
  text
    .toUpperCase()
    .replace(/\p{Letter}+/gu, 'A')
    .replace(/\p{Number}/gu, '9')

const lettersOf = (text: string): string => text.toUpperCase().replace(/\P{Letter}+/gu, '')

function fitsAsNumber(parameter: ParameterDescription, typed: string): boolean {
  if (parameter.list || parameter.means || (parameter.type !== 'string' && parameter.type !== 'integer')) return false
  if (typed.length > parameter.maxLength) return false
  // Only the pattern tells a claim number from a customer's: both may be a letter and digits.
  if (!parameter.pattern) return parameter.example !== undefined && shapeOf(parameter.example) === shapeOf(typed)
  try {
    // A pattern that fits any word tells nothing about this one.
    const pattern = new RegExp(`^(?:${parameter.pattern.regex})$`, 'u')
    return pattern.test(typed) && !pattern.test('anything')
  } catch {
    return false
  }
}

/** Whether a search by these inputs alone is complete. */
function isEnough({ parameters, requireOneOf }: UseCaseDescription, filled: Filled): boolean {
  const given = new Set(filled.map(({ parameter }) => parameter.name))
  return (
    parameters.every(({ name, required, default: preset }) => given.has(name) || !required || preset !== undefined) &&
    requireOneOf.every((group) => group.some((name) => given.has(name)))
  )
}

function complete(as: Recognised['as'], useCase: UseCaseDescription, choices: readonly Filled[]): Recognised[] {
  const filled = choices.find((choice) => choice.length > 0 && isEnough(useCase, choice))
  return filled ? [{ as, useCase, filled }] : []
}

const most = 5
const filesFirst = { file: 0, search: 1, report: 2 }
const searchesFirst = { search: 0, file: 1, report: 2 }

const byKind = (order: typeof filesFirst) => (left: Recognised, right: Recognised) =>
  order[left.useCase.kind] - order[right.useCase.kind]

/**
 * Use cases that the typed text could be the number of: a policy number pasted from an e-mail leads to the policy. Files before
 * lists; of two files the one whose example begins alike, then the one with the plainer title.
 */
function byNumber(useCases: readonly UseCaseDescription[], value: string): Recognised[] {
  const isAlike = ({ filled }: Recognised) =>
    filled.some(({ parameter }) => lettersOf(parameter.example ?? '') === lettersOf(value))
  return useCases
    .flatMap((useCase) =>
      complete(
        'number',
        useCase,
        useCase.parameters.filter((one) => fitsAsNumber(one, value)).map((parameter) => [{ parameter, value }]),
      ),
    )
    .sort(
      (left, right) =>
        byKind(filesFirst)(left, right) ||
        Number(isAlike(right)) - Number(isAlike(left)) ||
        left.useCase.title.length - right.useCase.title.length,
    )
}

/** By letters and digits in few groups: a number with a pattern of its own is not taken for one. */
function byPlate(useCases: readonly UseCaseDescription[], value: string): Recognised[] {
  const signs = value.replace(/[\s.\-·]/g, '')
  if (!/^[\p{Letter}\p{Number}]{4,10}$/u.test(signs) || !/\p{Letter}/u.test(signs) || !/\p{Number}/u.test(signs))
    return []
  if (value.split(/[\s.\-·]+/).some((group) => group.length > 7)) return []
  return useCases.flatMap((useCase) =>
    complete(
      'plate',
      useCase,
      useCase.parameters.filter(({ means }) => means === 'plate').map((parameter) => [{ parameter, value }]),
    ),
  )
}

/** A day alone, or as both ends of a period: a form that asks for a period from a day on is not asked for all since. */
function byDay(useCases: readonly UseCaseDescription[], day: string): Recognised[] {
  return useCases
    .flatMap((useCase) => {
      const dates = useCase.parameters.filter(({ type, list }) => type === 'date' && !list)
      const endOf = ({ name }: ParameterDescription) =>
        dates.find((other) => name.endsWith('_from') && other.name === `${name.slice(0, -'_from'.length)}_to`)
      const ends = new Set(dates.flatMap((one) => endOf(one) ?? []))
      const choices = dates
        .filter((one) => !ends.has(one))
        .map((one) => [one, endOf(one)].flatMap((parameter) => (parameter ? [{ parameter, value: day }] : [])))
      return complete('date', useCase, choices)
    })
    .sort((left, right) => byKind(searchesFirst)(left, right) || left.filled.length - right.filled.length)
}

/**
 * By a name as it is written, `Jürgen Müller` or `Müller, Jürgen`: the family name goes where names are asked for first, given names
 * where they are asked for next.
 */
function byName(useCases: readonly UseCaseDescription[], value: string): Recognised[] {
  if (!/^\p{Letter}[\p{Letter}\p{Mark}\s,.'’&-]+$/u.test(value)) return []
  const words = wordsOf(value)
  if (words.some(isFiller) || value.split(/\s+/).length > 5) return []
  const [before = '', after = ''] = value.split(',').map((part) => part.trim())
  const parts = value.split(/\s+/)
  const [family, given] = value.includes(',') ? [before, after] : [parts.at(-1) ?? '', parts.slice(0, -1).join(' ')]
  return useCases
    .flatMap((useCase) => {
      const [first, next] = useCase.parameters.filter(({ means, list }) => means === 'name' && !list)
      if (!first || family === '') return []
      const whole = [{ parameter: first, value }]
      const divided = next
        ? [
            { parameter: first, value: family },
            { parameter: next, value: given },
          ]
        : whole
      return complete('name', useCase, [given === '' ? [{ parameter: first, value: family }] : divided])
    })
    .sort(byKind(searchesFirst))
}

/** What the typed text could be besides words: a number, a plate, a day. Only texts with a digit are looked at. */
export function recognise(useCases: readonly UseCaseDescription[], typed: string): Recognised[] {
  const value = typed.trim()
  if (value.length < 4 || !/\d/.test(value)) return []
  const reading = readDate(value)
  const days = reading.kind === 'date' ? byDay(useCases, reading.day) : []
  const numbers = byNumber(useCases, value)
  const plates = numbers.length === 0 ? byPlate(useCases, value) : []
  const known = new Set(days.map(({ useCase }) => useCase))
  return [...days, ...[...numbers, ...plates].filter(({ useCase }) => !known.has(useCase))].slice(0, most)
}

/** Use cases that ask for a name, filled with the typed one. */
export const recogniseName = (useCases: readonly UseCaseDescription[], typed: string): Recognised[] =>
  byName(useCases, typed.trim()).slice(0, most)
