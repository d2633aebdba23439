const TOKEN = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_]*|\S/gu

/**
 * The columns of the statement's own ORDER BY, or undefined where there is none or it is not by plain columns: `o.name DESC` is
 * `name`, an expression is nothing that could be looked for in a result.
 */
export function orderKeys(sql: string): string[] | undefined {
  const tokens = [...sql.matchAll(TOKEN)].map(([text]) => text).filter((text) => !/^(--|\/\*)/.test(text))
  let depth = 0
  let begin = -1
  for (const [at, token] of tokens.entries()) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 0 && token.toLowerCase() === 'by' && tokens[at - 1]?.toLowerCase() === 'order') begin = at + 1
  }
  if (begin < 0) return undefined
  const keys: string[] = []
  let item: string[] = []
  const close = (): boolean => {
    const words = item
      .join(' ')
      .replace(/ (asc|desc)\b/i, '')
      .replace(/ nulls (first|last)$/i, '')
    const name = /^(?:[\p{L}_][\p{L}\p{N}_]* \. )?("(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_]*)$/u.exec(words)?.[1]
    if (name) keys.push(name.replace(/^"|"$/g, ''))
    item = []
    return name !== undefined
  }
  for (const token of tokens.slice(begin)) {
    if (/^(limit|offset|fetch)$/i.test(token)) break
    if (token === ',') {
      if (!close()) return undefined
    } else item.push(token)
  }
  return close() ? keys : undefined
}
