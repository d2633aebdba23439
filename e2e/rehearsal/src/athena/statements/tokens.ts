export interface Token {
  readonly kind: 'word' | 'string' | 'identifier' | 'number' | 'symbol'
  /** As written; words in upper case, strings and quoted identifiers without their quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
}

// Strings first: neither a comment nor a parameter begins inside one.
const pattern =
  /(?<string>'(?:[^']|'')*')|(?<double>"(?:[^"]|"")*")|(?<back>`[^`]*`)|(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<space>\s+)|(?<word>[A-Za-z_][\w$@]*)|(?<number>\d[\w.]*)|(?<symbol>[^'"`])|(?<open>['"`])/gy

/** Splits SQL; comments and spaces are left out. Undefined where a quote is never closed. */
export function tokensOf(sql: string): Token[] | undefined {
  const tokens: Token[] = []
  for (const match of sql.matchAll(pattern)) {
    const { string, double, back, comment, space, word, number, symbol, open } = match.groups ?? {}
    if (open !== undefined) return undefined
    if (comment !== undefined || space !== undefined) continue
    const place = { start: match.index, end: match.index + match[0].length }
    if (string !== undefined) tokens.push({ kind: 'string', text: string.slice(1, -1).replaceAll("''", "'"), ...place })
    else if (double !== undefined)
      tokens.push({ kind: 'identifier', text: double.slice(1, -1).replaceAll('""', '"'), ...place })
    else if (back !== undefined) tokens.push({ kind: 'identifier', text: back.slice(1, -1), ...place })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toUpperCase(), ...place })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, ...place })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, ...place })
  }
  return tokens
}

/** An SQL string literal. */
export const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
