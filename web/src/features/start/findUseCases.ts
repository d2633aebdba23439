import type { UseCaseDescription } from '@muniment/api/contract'
import { wordsOf } from '../../lib/fold.ts'

/** Finding comes before reading, reading before lists. */
export const kinds: ReadonlyArray<UseCaseDescription['kind']> = ['search', 'file', 'report']

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

// Words that people type around what they mean: they may fit, and need not.
const fillers = new Set([
  'a',
  'an',
  'and',
  'by',
  'find',
  'for',
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

/** How well a typed word fits: a whole word counts more than a beginning, a title more than a description. */
function fit(wish: string, words: Indexed['words']): number {
  let best = 0
  for (const [word, weight] of words) {
    if (word === wish) best = Math.max(best, weight * 2)
    else if (word.startsWith(wish)) best = Math.max(best, weight)
    else if (wish.length > 4 && word.length > 3 && wish.startsWith(word)) best = Math.max(best, weight / 2)
  }
  return best
}

/** Use cases that every word that means something fits, best first; between equals finding comes before reading. */
export function findUseCases(index: readonly Indexed[], typed: string): UseCaseDescription[] {
  const wishes = wordsOf(typed)
  if (wishes.length === 0) return index.map((entry) => entry.useCase)
  const hasMeaning = wishes.some((wish) => !fillers.has(wish))
  return index
    .flatMap(({ useCase, words }) => {
      const fits = wishes.map((wish) => [wish, fit(wish, words)] as const)
      if (fits.some(([wish, value]) => value === 0 && !(hasMeaning && fillers.has(wish)))) return []
      return [{ useCase, total: fits.reduce((sum, [, value]) => sum + value, 0) }]
    })
    .sort(
      (left, right) =>
        right.total - left.total ||
        kinds.indexOf(left.useCase.kind) - kinds.indexOf(right.useCase.kind) ||
        left.useCase.title.length - right.useCase.title.length,
    )
    .map((entry) => entry.useCase)
}
