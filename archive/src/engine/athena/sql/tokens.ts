/** SQL as far as quotes, comments, words and parentheses go, by the rules of Athena's grammar. */
export interface Token {
  kind: 'word' | 'name' | 'text' | 'symbol'
  /** As written; a quoted name without its quotes. */
  text: string
  start: number
  end: number
  /** Parentheses around it. */
  depth: number
}

const shape =
  /(?<comment>--[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<word>[\p{L}_][\p{L}\p{M}\p{N}_]*)|(?<number>\d[\w.]*)|(?<symbol>\S)/gu

/** Comments are left out. A quote that is not closed comes as a symbol: Athena refuses such a statement. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  for (const { 0: written, index, groups } of sql.matchAll(shape)) {
    if (groups?.comment !== undefined) continue
    if (written === ')') depth--
    const kind = groups?.word !== undefined ? 'word' : groups?.name !== undefined ? 'name' : undefined
    tokens.push({
      kind: kind ?? (groups?.text === undefined ? 'symbol' : 'text'),
      text: kind === 'name' ? written.slice(1, -1).replaceAll('""', '"') : written,
      start: index,
      end: index + written.length,
      depth,
    })
    if (written === '(') depth++
  }
  return tokens
}

export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toLowerCase() === word
