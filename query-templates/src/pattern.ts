/**
 * Patterns of parameters are regular expressions that run on what anybody types, so they are held to forms whose
 * backtracking is bounded: the number of ways in which a text may be tried is worked out from the pattern, as a product over
 * everything that may match in more than one way, and must stay small.
 */

/** Ways to try one text; a million steps take about ten milliseconds. */
const MOST_WAYS = 10_000_000

/** Whether the pattern matches the text from its beginning to its end. */
export function matchesWhole(regex: string, text: string): boolean {
  return new RegExp(`^(?:${regex})$`, 'u').test(text)
}

/** What is wrong with a pattern, if anything. */
export function patternProblem(regex: string, maxLength: number): string | undefined {
  try {
    new RegExp(`^(?:${regex})$`, 'u')
  } catch (error) {
    return `The pattern is no regular expression: ${error instanceof Error ? error.message : String(error)}.`
  }
  const reading: Reading = { regex, at: 0, maxLength }
  const ways = readAlternatives(reading)
  if (reading.problem) return reading.problem
  if (ways > MOST_WAYS)
    return 'The pattern may be tried in too many ways on a long text: use fewer + and *, give upper bounds, or lower `maxLength`.'
  return undefined
}

interface Reading {
  regex: string
  at: number
  maxLength: number
  problem?: string
}

/** Ways of `a|b|c`: one branch is tried after the other. */
function readAlternatives(reading: Reading): number {
  let sum = 0
  for (;;) {
    sum += readSequence(reading)
    if (reading.regex.charAt(reading.at) !== '|') return sum
    reading.at += 1
  }
}

function readSequence(reading: Reading): number {
  let product = 1
  while (reading.at < reading.regex.length) {
    const char = reading.regex.charAt(reading.at)
    if (char === '|' || char === ')') return product
    product *= repeat(reading, readAtom(reading))
  }
  return product
}

/** Ways of one atom; leaves `at` behind it. */
function readAtom(reading: Reading): number {
  const rest = reading.regex.slice(reading.at)
  const escaped = /^\\(?:([1-9])|k<|[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|.)/u.exec(rest)
  if (escaped) {
    if (escaped[1] !== undefined || escaped[0] === '\\k<')
      reading.problem = 'The pattern refers back to a group: such patterns may take for ever.'
    reading.at += escaped[0].length
    return 1
  }
  if (rest.startsWith('[')) {
    reading.at += /^\[(?:\\.|[^\]\\])*\]/u.exec(rest)?.[0].length ?? 1
    return 1
  }
  if (rest.startsWith('(')) {
    reading.at += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/u.exec(rest)?.[0].length ?? 1
    const ways = readAlternatives(reading)
    reading.at += 1
    return ways
  }
  reading.at += rest.codePointAt(0) !== undefined && (rest.codePointAt(0) ?? 0) > 0xffff ? 2 : 1
  return 1
}

/** Ways of an atom with the quantifier behind it. */
function repeat(reading: Reading, ways: number): number {
  const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/u.exec(reading.regex.slice(reading.at))
  if (!quantifier) return ways
  reading.at += quantifier[0].length
  const [text, low, comma, high] = quantifier
  if (text.startsWith('?')) return ways + 1
  const least = low === undefined ? 0 : Number(low)
  const unbounded = low === undefined || (comma !== undefined && high === '')
  const most = unbounded ? Math.max(reading.maxLength, least) : comma === undefined ? least : Number(high)
  return ways ** most * (most - least + 1)
}
