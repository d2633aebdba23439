import { isWord, type Token } from '../athena/sql/tokens.ts'

/** A part of a statement: itself, or a WITH query. */
interface Part {
  /** In lower case; undefined of the statement itself. */
  name: string | undefined
  from: number
  to: number
  /** What stands in FROM, each as often as it does, in lower case. */
  named: string[]
}

/**
 * How often a statement reads each of these tables, never less than it does: what might be a table's name counts as one. A WITH query
 * counts each time it is named, since Athena puts it in place and so reads its tables again.
 */
export function scansOf(tokens: readonly Token[], tables: Iterable<string>): Map<string, number> {
  const parts = partsOf(tokens)
  const known = new Map<Part, number>()
  const timesOf = (part: Part, within: readonly Part[]): number => {
    const before = known.get(part)
    if (part.name === undefined || before !== undefined) return before ?? 1
    // What is not named anywhere counts all the same: it is small, and names are not looked up by scope.
    let sum = 0
    for (const other of parts) {
      const named = other === part ? 0 : other.named.filter((name) => name === part.name).length
      // Round in a circle go only queries of one name in different places.
      if (named > 0) sum += named * (within.includes(other) ? 1 : timesOf(other, [...within, part]))
    }
    const times = Math.max(1, sum)
    known.set(part, times)
    return times
  }
  // Several aggregates of DISTINCT values may each have a way of their own through the rows.
  const ways = tokens.filter((token, at) => isWord(token, 'distinct') && tokens[at - 1]?.text === '(').length
  return new Map(
    [...tables].map((table) => {
      const name = table.toLowerCase()
      const sum = parts.reduce(
        (count, part) => count + part.named.filter((one) => one === name).length * timesOf(part, [part]),
        0,
      )
      return [table, Math.max(1, sum) * Math.max(1, ways)]
    }),
  )
}

/** Whether it stands where a statement names what it reads from; more places than there are, and none less. */
export function isRelation(tokens: readonly Token[], at: number): boolean {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  if (!before || (token?.kind !== 'word' && token?.kind !== 'name') || after?.text === '.') return false
  return ['from', 'join', 'table'].some((word) => isWord(before, word)) || before.text === ',' || before.text === '('
}

function partsOf(tokens: readonly Token[]): Part[] {
  const whole: Part = { name: undefined, from: 0, to: tokens.length, named: [] }
  const parts = [whole, ...tokens.flatMap((_, at) => withQueryAt(tokens, at) ?? [])]
  for (const [at, { text }] of tokens.entries()) {
    if (!isRelation(tokens, at) || withQueryAt(tokens, at)) continue
    // Those that begin later are further in.
    const part = parts.findLast(({ from, to }) => from <= at && at < to) ?? whole
    part.named.push(text.toLowerCase())
  }
  return parts
}

/** `name [(columns)] AS (...)` behind WITH or a comma. */
function withQueryAt(tokens: readonly Token[], at: number): Part | undefined {
  const [before, token] = [tokens[at - 1], tokens[at]]
  if (!before || (token?.kind !== 'word' && token?.kind !== 'name')) return undefined
  if (!isWord(before, 'with') && before.text !== ',') return undefined
  const as = tokens[at + 1]?.text === '(' ? closing(tokens, at + 1) + 1 : at + 1
  if (!isWord(tokens[as], 'as') || tokens[as + 1]?.text !== '(') return undefined
  return { name: token.text.toLowerCase(), from: as + 1, to: closing(tokens, as + 1), named: [] }
}

function closing(tokens: readonly Token[], open: number): number {
  const depth = tokens[open]?.depth ?? 0
  const found = tokens.findIndex(({ text, depth: own }, at) => at > open && text === ')' && own === depth)
  return found < 0 ? tokens.length : found
}
