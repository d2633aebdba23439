import type { Rights } from '@muniment/archive/access/port'
import type { UseCase } from '@muniment/query-templates/types'
import type { Estimate } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import type { SearchRecord } from './search-record.ts'
import { sumOfBounds, toldBoundOf } from './told-bytes.ts'

type Budget = NonNullable<Estimate['budget']>
export type Cheaper = NonNullable<Estimate['cheaper']>

/** The least of what the use case and the person's roles allow a search to read. */
export function budgetOf({ budget }: UseCase, { limits }: Rights): Budget | undefined {
  const [least] = [
    ...(budget ? [{ bytes: budget.bytes, of: 'use-case' as const }] : []),
    ...(limits.bytesPerSearch === undefined ? [] : [{ bytes: limits.bytesPerSearch, of: 'role' as const }]),
  ].sort((one, other) => one.bytes - other.bytes)
  return least
}

/** As they are told: what is refused can be reckoned from what was shown. */
export const totalOf = (opening: SearchRecord): number | undefined =>
  sumOfBounds(opening.panels.map((panel) => toldBoundOf(opening, panel)))

export const isOver = (total: number | undefined, budget: Budget | undefined): budget is Budget =>
  budget !== undefined && total !== undefined && total > budget.bytes

/** Why a search, or an export of one, is refused, what would make it cheaper, and who can lift the budget. */
export function refusalOf(
  opening: SearchRecord,
  budget: Budget,
  cheaper: Cheaper,
  { contact }: Rights,
  what: 'search' | 'export' = 'search',
): string {
  const total = totalOf(opening) ?? 0
  const whose = budget.of === 'use-case' ? 'a search of this kind may read' : 'your role may read in one search'
  const dear = opening.panels
    .map((panel) => ({ title: panel.title, bytes: toldBoundOf(opening, panel) ?? 0 }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, 3)
    .filter(({ bytes }) => bytes > 0)
  const sentences = [
    `This ${what} could read up to ${inWords(total)}, and ${whose} ${inWords(budget.bytes)}. Nothing was read.`,
    ...(cheaper.length > 0
      ? [
          `It reads less with: ${cheaper.map(({ label, bytesAtMost }) => `${label} (up to ${inWords(bytesAtMost)})`).join(', ')}.`,
        ]
      : []),
    ...(dear.length > 1
      ? [
          `Most is read for: ${dear.map(({ title, bytes }) => `${title} (${inWords(bytes)})`).join(', ')}. A use case that shows less of it reads less.`,
        ]
      : []),
    ...(budget.of === 'use-case' ? ['Whoever writes the templates sets what a search of this kind may read.'] : []),
    contact,
  ]
  return sentences.join(' ')
}

export const overBudget = (...refusal: Parameters<typeof refusalOf>): ProblemError =>
  new ProblemError('over-budget', refusalOf(...refusal))

/** Three digits: `1.23 GB`. */
function inWords(bytes: number): string {
  const steps = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = (bytes / 1000 ** step).toLocaleString('en', { maximumSignificantDigits: 3 })
  return `${value} ${steps[step]}`
}
