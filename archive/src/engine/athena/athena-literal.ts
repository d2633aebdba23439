import { InputError } from '../../errors.ts'
import type { BoundValue } from '../port.ts'

/** Athena takes execution parameters of 1 to 1024 characters. */
const LONGEST = 1024

/**
 * A bound value as the literal text that Athena takes for a `?`. Throws InputError where there is none: for text with NUL or a lone
 * surrogate (which no literal can hold) and for literals over 1024 characters, quotes and doubled quotes counted.
 */
export function athenaLiteral({ type, value }: BoundValue): string {
  const literal = value === null ? 'NULL' : literalOf(type, value)
  if (literal.length > LONGEST)
    throw new InputError(`A value is too long: with its quotes it may have at most ${LONGEST} characters.`)
  return literal
}

const SHAPES: Record<string, RegExp> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,3})?$/,
  boolean: /^(true|false)$/,
  integer: /^-?\d{1,10}$/,
  bigint: /^-?\d{1,19}$/,
  double: /^-?(\d+(\.\d+)?([eE][+-]?\d+)?)$/,
  decimal: /^-?\d{1,38}(\.\d{1,38})?$/,
}

function literalOf(type: string, value: string): string {
  if (type === 'varchar') return quoted(value)
  const kind = type.replace(/\(.*/, '')
  // Everything but text is held to its shape first, so that nothing else can travel in it.
  if (!SHAPES[kind]?.test(value)) throw new InputError(`A value is not a ${type}.`)
  switch (kind) {
    case 'date':
      return `DATE '${value}'`
    case 'timestamp':
      return `TIMESTAMP '${value}'`
    case 'decimal':
      return `DECIMAL '${value}'`
    case 'double':
      return `DOUBLE '${value}'`
    case 'bigint':
      // Written with digits, the smallest one is read as a minus before a number that is too large.
      return value === '-9223372036854775808' ? `BIGINT '${value}'` : value
    default:
      return value
  }
}

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
  if (/\u0000|\p{Surrogate}/u.test(text)) throw new InputError('A value holds a character that cannot be searched for.')
  return `'${text.replaceAll("'", "''")}'`
}
