import type { UseCaseDescription } from '@muniment/api/contract'
import { wordsOf } from '../../lib/fold.ts'
import { isSimilar } from './similar.ts'

/** Finding comes before reading, reading before lists. */
export const kinds: ReadonlyArray<UseCaseDescription['kind']> = ['search', 'file', 'report']

interface Indexed {
  useCase: UseCaseDescription
  /** Stems with the weight of where they stand. */
  words: Array<readonly [word: string, weight: number]>
}

interface Found {
  useCase: UseCaseDescription
  /** By a word as it was typed; otherwise by one that is spelled much alike. */
  isSpelled: boolean
}

/** `claims` and `claim`, `policies` and `policy` are one word. */
function stemOf(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

export function indexUseCases(
  useCases: readonly UseCaseDescription[],
  domains: ReadonlyMap<string, string>,
): Indexed[] {
  return useCases.map((useCase) => {
    const weigh = (weight: number, ...texts: string[]) =>
      texts.flatMap(wordsOf).map((word) => [stemOf(word), weight] as const)
    return {
      useCase,
      words: [
        ...weigh(12, useCase.title),
        ...weigh(6, ...useCase.keywords),
        ...weigh(3, domains.get(`${useCase.application}/${useCase.domain}`) ?? useCase.domain),
        ...weigh(2, useCase.description, ...useCase.parameters.map((parameter) => parameter.label)),
        ...weigh(1, ...useCase.panels.map((panel) => panel.title)),
      ],
    }
  })
}

// Words that people type around what they mean: alone they find, beside others they say nothing.
const fillers = new Set(
  (
    'a about all an and any are at be been by can did do does find for from get give had has have he her his how i in ' +
    'is it its know list look many me much my need of on one or our please search see she show some tell that the ' +
    'their them there they this to us want was we were what when where which who whose will with would you your'
  ).split(' '),
)

export const isFiller = (word: string): boolean => fillers.has(word)

/** How well a typed stem fits: a whole word counts more than a beginning, a title more than a description. */
function fit(wish: string, words: Indexed['words']): number {
  let best = 0
  for (const [word, weight] of words) {
    if (word === wish) best = Math.max(best, weight * 2)
    else if (word.startsWith(wish)) best = Math.max(best, weight)
    else if (word.length > 3 && wish.length - word.length <= 3 && wish.startsWith(word))
      best = Math.max(best, weight / 2)
  }
  return best
}

function fitSimilar(wish: string, words: Indexed['words']): number {
  let best = 0
  for (const [word, weight] of words) if (weight > best && isSimilar(wish, word)) best = weight
  return best
}

/**
 * Use cases by how many of the words fit and how well, best first; between equals finding comes before reading. A word that nothing is
 * described by is looked for among words that are spelled much alike.
 */
export function findUseCases(index: readonly Indexed[], typed: string): Found[] {
  const all = wordsOf(typed)
  if (all.length === 0) return index.map(({ useCase }) => ({ useCase, isSpelled: true }))
  const meant = all.filter((word) => !isFiller(word))
  const wishes = [...new Set((meant.length > 0 ? meant : all).map(stemOf))]
  const known = new Set(wishes.filter((wish) => index.some(({ words }) => fit(wish, words) > 0)))
  const scored = index.flatMap(({ useCase, words }) => {
    const fits = wishes.map((wish) => (known.has(wish) ? fit(wish, words) : fitSimilar(wish, words) / 2))
    const matched = fits.filter((value) => value > 0).length
    if (matched === 0) return []
    const isSpelled = wishes.some((wish, at) => known.has(wish) && (fits[at] ?? 0) > 0)
    return [{ useCase, isSpelled, matched, total: fits.reduce((sum, value) => sum + value, 0) }]
  })
  const most = Math.max(...scored.map(({ matched }) => matched))
  return scored
    .filter(({ matched }) => matched * 2 > most)
    .sort(
      (left, right) =>
        right.matched - left.matched ||
        right.total - left.total ||
        kinds.indexOf(left.useCase.kind) - kinds.indexOf(right.useCase.kind) ||
        left.useCase.title.length - right.useCase.title.length,
    )
    .map(({ useCase, isSpelled }) => ({ useCase, isSpelled }))
}
