import type { UseCaseDescription } from '@muniment/api/contract'
import { wordsOf } from '../../lib/fold.ts'

interface Indexed {
  useCase: UseCaseDescription
  /** Words with the weight of where they stand. */
  words: Array<readonly [word: string, weight: number]>
}

export function indexUseCases(
  useCases: readonly UseCaseDescription[],
  domains: ReadonlyMap<string, string>,
): Indexed[] {
  return useCases.map((useCase) => {
    const weigh = (weight: number, ...texts: string[]) => texts.flatMap(wordsOf).map((word) => [word, weight] as const)
    return {
      useCase,
      words: [
        ...weigh(8, useCase.title),
        ...weigh(6, ...useCase.keywords),
        ...weigh(3, domains.get(`${useCase.application}/${useCase.domain}`) ?? useCase.domain),
        ...weigh(2, useCase.description, ...useCase.parameters.map((parameter) => parameter.label)),
        ...weigh(1, ...useCase.panels.map((panel) => panel.title)),
      ],
    }
  })
}

// Words that people type around what they mean.
const fillers = new Set([
  'a',
  'an',
  'and',
  'by',
  'for',
  'find',
  'get',
  'in',
  'is',
  'of',
  'on',
  'or',
  'show',
  'the',
  'to',
])

/**
 * Use cases that every typed word fits, best first: a whole word counts more than a beginning, a title more than a
 * description. Order of the list decides between equals.
 */
export function findUseCases(index: readonly Indexed[], typed: string): UseCaseDescription[] {
  const all = wordsOf(typed)
  const meant = all.filter((word, position) => !fillers.has(word) || (position === all.length - 1 && word.length > 2))
  const wanted = meant.length > 0 ? meant : all
  if (wanted.length === 0) return index.map((entry) => entry.useCase)
  const scored = index.flatMap(({ useCase, words }) => {
    let total = 0
    for (const wish of wanted) {
      let best = 0
      for (const [word, weight] of words) {
        if (word === wish) best = Math.max(best, weight * 2)
        else if (word.startsWith(wish)) best = Math.max(best, weight)
        else if (wish.length > 4 && word.length > 3 && wish.startsWith(word)) best = Math.max(best, weight / 2)
      }
      if (best === 0) return []
      total += best
    }
    return [{ useCase, total }]
  })
  return scored.sort((left, right) => right.total - left.total).map((entry) => entry.useCase)
}
