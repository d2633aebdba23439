import type { RunDetails } from '@muniment/api/contract'

type PlannedClass = RunDetails['classes'][number]

/** Figures of all classes together. */
export const sumOf = (
  run: Pick<RunDetails, 'classes'>,
  figure: 'due' | 'held' | 'kept' | 'review' | 'undated' | 'conflict' | 'rows',
): number => run.classes.reduce((sum, one) => sum + one[figure], 0)

/** Each authority once, in the order of the classes, for records that would go. */
export function authoritiesOf({ classes }: Pick<RunDetails, 'classes'>): string[] {
  const named = classes.flatMap(({ authorities }) => authorities.filter(({ records }) => records > 0))
  return [...new Set(named.map(({ authority }) => authority))]
}

/** A key as one reads it. */
export const keyWords = (key: readonly string[]): string => key.join(' / ')

export const hasAny = ({ due, held, kept, review, undated, conflict }: PlannedClass): boolean =>
  due + held + kept + review + undated + conflict > 0
