import type { Context } from './context.ts'

/**
 * What DuckDB's parser takes without leaving a trace in its tree, so that it is found in the text: lengths of texts, which it ignores,
 * and ways to write that Athena does not read. Strings, quoted names and comments are passed over.
 */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$[A-Za-z_]*\$|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9A-Za-z_.]*|::|==|\$\d+|\S/g
const texts = new Set(['varchar', 'char', 'character', 'nchar', 'bpchar', 'text', 'string'])

/** DuckDB's other names of the types that a query may cast to: its tree no longer tells them apart. */
const otherNames = new Set(
  (
    'int4 int32 signed integral int8 int64 long oid float8 bool logical datetime timestamp_us timestamp_ms timestamp_s ' +
    'timestamp_ns numeric dec'
  ).split(' '),
)
/** Functions into which DuckDB's parser turns what is written otherwise: EXTRACT, LIKE, count(*). */
const unwritten: Record<string, string> = {
  date_part: 'Write extract(year FROM x), or year(x).',
  like_escape: 'Write LIKE ... ESCAPE.',
  not_like_escape: 'Write NOT LIKE ... ESCAPE.',
  count_star: 'Write count(*).',
}

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
    const typing = (casting && isType(tokens, index)) || next?.[0].startsWith("'")
    if (typing && otherNames.has(text))
      context.refuse(
        at,
        `Athena has no type ${text}.`,
        'Types: integer, bigint, double, boolean, timestamp, decimal(p,s).',
      )
    if (typing && text === 'decimal' && next?.[0] !== '(')
      context.refuse(
        at,
        'A decimal without precision and scale is another type in DuckDB than in Athena.',
        next?.[0].startsWith("'") ? 'Write the number without DECIMAL and quotes.' : 'Write decimal(p,s).',
      )
    if (next?.[0] === '(' && Object.hasOwn(unwritten, text))
      context.refuse(at, `There is no function ${text} that a query may call.`, unwritten[text])
    if (next?.[0] === '(' && /^"[^\p{L}_]+"$/u.test(text))
      context.refuse(at, 'An operator is not called as a function.')
    if (next?.[0] === '(' && before === '.' && /^[a-z_"]/.test(text))
      context.refuse(at, 'A function is called by its name alone.', 'Write lower(x), not x.lower().')
    if (/^\d/.test(text) && !/^\d+(\.\d*)?(e\d*)?$/.test(text))
      context.refuse(at, `${found[0]} is no number to Athena.`, 'Write digits, with a point and an exponent at most.')
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
