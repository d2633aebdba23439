import { call, choose, constant } from '../syntax.ts'
import { boolean, varchar } from '../types.ts'
import { type AllowedFunction, type Call, expect, literalNumber, literalText, special } from './kinds.ts'

/**
 * Regular expressions: Athena's engine and DuckDB's agree on a common subset only. Allowed are written-out patterns of characters,
 * `.`, classes of written-out characters, groups, `|`, `* + ? {n,m}`, `^` at the beginning and, for regexp_like, `$` at the end.
 */
function checked(made: Call, endAllowed: boolean): string | undefined {
  const pattern = literalText(made, 1, 'the pattern')
  if (pattern === undefined) return undefined
  const refuse = (what: string) => {
    made.context.refuse(
      made.args[1]?.node,
      `In a pattern ${what} may answer differently in Athena.`,
      'Write out the characters meant, as [0-9] or [A-Za-z].',
    )
    return undefined
  }
  const bare = pattern.replace(/\\[.*+?^${}()|[\]\\/-]/g, 'x')
  if (/\\/.test(bare)) return refuse('an escape of a letter or digit (\\d, \\w, \\b, \\1)')
  if (/\(\?/.test(bare)) return refuse('a group that begins with ?')
  if (/[*+?}][+?]/.test(bare)) return refuse('a lazy or possessive quantifier')
  if (/\[\[|\[:|&&/.test(bare)) return refuse('a class within a class')
  if (/[^[(|]\^/.test(bare)) return refuse('^ elsewhere than at the beginning')
  const outside = bare.replace(/\[[^\]]*\]/g, 'x')
  if (/\$/.test(endAllowed ? outside.replace(/\$$/, '') : outside))
    return refuse(endAllowed ? '$ elsewhere than at the end' : '$')
  try {
    new RegExp(pattern, 'u')
  } catch {
    made.context.refuse(made.args[1]?.node, 'This is not a regular expression.')
    return undefined
  }
  return pattern
}

export const patterns: AllowedFunction[] = [
  special(
    'text',
    'regexp_like',
    [2, 2],
    "regexp_like(varchar, 'pattern') → boolean",
    'For patterns of the subset that both read alike; $ also fits before a last line break, as in Athena.',
    (made) => {
      expect(made, 0, 'varchar')
      const pattern = checked(made, true) ?? ''
      const equal = pattern.endsWith('$') && !pattern.endsWith('\\$') ? `${pattern.slice(0, -1)}\\n?$` : pattern
      return { node: call('regexp_matches', made.args[0]?.node ?? constant(null), constant(equal)), type: boolean }
    },
  ),
  special(
    'text',
    'regexp_extract',
    [2, 3],
    "regexp_extract(varchar, 'pattern'[, group]) → varchar",
    'NULL where nothing fits, which DuckDB gives as an empty text.',
    (made) => {
      expect(made, 0, 'varchar')
      const pattern = checked(made, false) ?? ''
      const group = made.args[2] ? (literalNumber(made, 2, 'the group') ?? 0) : 0
      if (group > 0 && /\|/.test(pattern))
        made.context.refuse(
          made.args[2]?.node,
          'A group of a pattern with | may be absent, which DuckDB gives as an empty text.',
        )
      if (group > 0 && /\)[*?{]/.test(pattern))
        made.context.refuse(made.args[2]?.node, 'A group that may be absent is given as an empty text by DuckDB.')
      const text = made.args[0]?.node ?? constant(null)
      return {
        node: choose(
          call('regexp_matches', text, constant(pattern)),
          call('regexp_extract', text, constant(pattern), constant(group)),
          constant(null),
        ),
        type: varchar,
      }
    },
  ),
  special(
    'text',
    'regexp_replace',
    [2, 3],
    "regexp_replace(varchar, 'pattern'[, 'replacement']) → varchar",
    'All matches, groups as $1, which DuckDB does with an option and \\1.',
    (made) => {
      expect(made, 0, 'varchar')
      const pattern = checked(made, false) ?? ''
      const by = made.args[2] ? (literalText(made, 2, 'the replacement') ?? '') : ''
      if (/\\|\$\{|\$(?![0-9])|\$[0-9]{2}/.test(by))
        made.context.refuse(made.args[2]?.node, 'A replacement may hold characters and $0 to $9.')
      if (new RegExp(`^(?:${pattern})$`, 'u').test(''))
        made.context.refuse(made.args[1]?.node, 'A pattern that fits an empty text is replaced differently.')
      return {
        node: call(
          'regexp_replace',
          made.args[0]?.node ?? constant(null),
          constant(pattern),
          constant(by.replace(/\$([0-9])/g, '\\$1')),
          constant('g'),
        ),
        type: varchar,
      }
    },
  ),
]
