import type { Application } from '@muniment/archive/model/types'
import { type Link, tableOf } from '../schedule/links.ts'
import type { Schedule } from '../schedule/types.ts'

/** Why something stays that a row names, by the titles and labels of the model: "It is named in "Claims" by what stays (Policy number)." */
export function namedWords(model: Application, { child, columns }: Link): string {
  const table = tableOf(model, child)
  const labels = columns.map((name) => table?.columns.find((column) => column.name === name)?.label ?? name)
  return `It is named in "${table?.title ?? child}" by what stays (${labels.join(', ')}).`
}

/** Why something is kept of which the schedule cannot be worked out. */
export const unknownWords = ({ title, trigger }: Pick<Schedule, 'title' | 'trigger'>): string =>
  `It is not known whether "${title}" applies, or from when it counts (${trigger.title}).`
