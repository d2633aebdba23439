import type { Context } from './context.ts'

/**
 * What DuckDB's parser takes without leaving a trace in its tree, so that it is found in the text: lengths of texts, which it ignores,
 * and ways to write that Athena does not read. Strings, quoted names and comments are passed over.
 */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$[A-Za-z_]*\$|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9A-Za-z_.]*|::|==|\$\d+|\S/g
const texts = new Set(['varchar', 'char', 'character', 'nchar', 'bpchar', 'text', 'string'])

export function checkText(sql: string, context: Context) {
  const tokens = [...sql.matchAll(token)].filter(([text]) => !text.startsWith('--') && !text.startsWith('/*'))
  tokens.forEach((found, index) => {
    const text = found[0].toLowerCase()
    const before = tokens[index - 1]?.[0].toLowerCase()
    const next = tokens[index + 1]
    const at = { query_location: Buffer.byteLength(sql.slice(0, found.index)) || 1 }
    const casting = before === 'as' || before === '::'
    if (casting && texts.has(text) && (next?.[0] === '(' || text !== 'varchar') && isType(tokens, index))
      context.refuse(
        at,
        text === 'varchar'
          ? 'DuckDB ignores the length of a varchar, Athena cuts the text.'
          : `${text} is no type of the archive; char is padded with blanks in Athena.`,
        'Write CAST(... AS varchar), and substr(x, 1, n) to cut.',
      )
    if (text === '::') context.refuse(at, 'Athena has no ::.', 'Write CAST(x AS type).')
    if (text === '==') context.refuse(at, 'Athena has no ==.', 'Write =.')
    if (text.startsWith('$'))
      context.refuse(at, text.endsWith('$') ? 'Athena has no $$ texts.' : 'Parameters are written as ?.')
    if (
      (text === 'e' || text === 'x' || text === 'b' || text === 'u') &&
      next?.[0].startsWith("'") &&
      next.index === found.index + 1
    )
      context.refuse(at, `A text is written without ${found[0]} before it.`)
  })
}

/** `AS text` also gives a column a name: a type is what is followed by the end of a CAST. */
function isType(tokens: RegExpExecArray[] | RegExpMatchArray[], index: number): boolean {
  if (tokens[index - 1]?.[0] === '::') return true
  let depth = 0
  for (let at = index - 1; at >= 0; at--) {
    const text = tokens[at]?.[0].toLowerCase()
    if (text === ')') depth++
    if (text === '(') {
      if (depth === 0) return ['cast', 'try_cast'].includes(tokens[at - 1]?.[0].toLowerCase() ?? '')
      depth--
    }
  }
  return false
}
