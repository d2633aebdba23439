import { binaryChain, call, cast, constant } from '../syntax.ts'
import { arrayOf, bigint, boolean, varchar } from '../types.ts'
import { type AllowedFunction, expect, literalNumber, literalText, plain, special } from './kinds.ts'

const same = 'DuckDB answers the same, by code points.'
const nonEmpty = (made: Parameters<AllowedFunction['apply']>[0], index: number, what: string) => {
  const value = literalText(made, index, what)
  if (value === '')
    made.context.refuse(
      made.args[index]?.node,
      `${made.name} with an empty ${what.replace(/^an? /, '')} answers differently in DuckDB.`,
    )
}

const trim = (name: 'trim' | 'ltrim' | 'rtrim') =>
  special(
    'text',
    name,
    [1, 2],
    `${name}(varchar[, varchar]) → varchar`,
    'Without characters given, Athena removes tabs and line breaks too but no non-breaking space: the characters are handed to DuckDB.',
    (made) => {
      expect(made, 0, 'varchar')
      expect(made, 1, 'varchar')
      const [text, characters] = made.args
      if (!text) return made.context.refuse(made.node, `${name} needs a text.`)
      return {
        node: characters ? call(name, text.node, characters.node) : call(`athena_${name}`, text.node),
        type: varchar,
      }
    },
  )

const pad = (name: 'lpad' | 'rpad') =>
  special(
    'text',
    name,
    [3, 3],
    `${name}(varchar, size, varchar) → varchar`,
    'The same for a written-out size of 0 to 1000 and a written-out filling.',
    (made) => {
      expect(made, 0, 'varchar')
      const size = literalNumber(made, 1, 'the size')
      if (size !== undefined && (size < 0 || size > 1000))
        made.context.refuse(made.args[1]?.node, 'A size is from 0 to 1000.')
      nonEmpty(made, 2, 'a filling')
      return { node: call(name, ...made.args.map((argument) => argument.node)), type: varchar }
    },
  )

const substr = (name: 'substr' | 'substring') =>
  special(
    'text',
    name,
    [2, 3],
    `${name}(varchar, start[, length]) → varchar`,
    'Start 0, a start before the beginning and a length below 1 give an empty text in Athena: made equal by a macro.',
    (made) => {
      expect(made, 0, 'varchar')
      expect(made, 1, 'whole')
      expect(made, 2, 'whole')
      const [, start, length] = made.args
      const simple =
        typeof start?.constant === 'number' &&
        start.constant > 0 &&
        (!length || (typeof length.constant === 'number' && length.constant > 0))
      return {
        node: call(simple ? 'substring' : 'athena_substr', ...made.args.map((argument) => argument.node)),
        type: varchar,
      }
    },
  )

export const texts: AllowedFunction[] = [
  plain('text', 'lower', ['varchar'], varchar, { because: 'The same, character by character.' }),
  plain('text', 'upper', ['varchar'], varchar, {
    to: 'athena_upper',
    because: 'DuckDB makes ẞ of ß, Athena leaves it: a macro puts it aside meanwhile.',
  }),
  plain('text', 'length', ['varchar'], bigint, { because: same }),
  plain('text', 'char_length', ['varchar'], bigint, { to: 'length', because: 'Another name of length.' }),
  plain('text', 'character_length', ['varchar'], bigint, { to: 'length', because: 'Another name of length.' }),
  plain('text', 'reverse', ['varchar'], varchar, {
    to: 'athena_reverse',
    because: 'Athena turns code points round, DuckDB whole characters: a macro goes by code points.',
  }),
  plain('text', 'strpos', ['varchar', 'varchar'], bigint, { because: same }),
  plain('text', 'position', ['varchar', 'varchar'], bigint, {
    to: 'strpos',
    signature: 'position(varchar IN varchar) → bigint',
    because: 'Another way to write strpos.',
  }),
  plain('text', 'starts_with', ['varchar', 'varchar'], boolean, { because: same }),
  trim('trim'),
  trim('ltrim'),
  trim('rtrim'),
  substr('substr'),
  substr('substring'),
  pad('lpad'),
  pad('rpad'),
  special(
    'text',
    'replace',
    [2, 3],
    'replace(varchar, search[, replacement]) → varchar',
    'The same for a written-out search that is not empty.',
    (made) => {
      made.args.forEach((_, index) => {
        expect(made, index, 'varchar')
      })
      nonEmpty(made, 1, 'a text to search for')
      const [text, search, by] = made.args
      return {
        node: call('replace', text?.node ?? constant(null), search?.node ?? constant(null), by?.node ?? constant('')),
        type: varchar,
      }
    },
  ),
  special(
    'text',
    'concat',
    [2, 127],
    'concat(varchar, varchar, ...) → varchar',
    'Athena gives NULL where one part is NULL: written as ||.',
    (made) => {
      made.args.forEach((_, index) => {
        expect(made, index, 'varchar')
      })
      return {
        node: binaryChain(
          '||',
          made.args.map((argument) => argument.node),
        ),
        type: varchar,
      }
    },
  ),
  special(
    'text',
    'concat_ws',
    [2, 127],
    'concat_ws(separator, varchar, ...) → varchar',
    'The same: NULL parts are left out.',
    (made) => {
      made.args.forEach((_, index) => {
        expect(made, index, 'varchar')
      })
      return { node: call('concat_ws', ...made.args.map((argument) => argument.node)), type: varchar }
    },
  ),
  special(
    'text',
    'split',
    [2, 2],
    'split(varchar, separator) → array(varchar)',
    'The same for a written-out separator that is not empty.',
    (made) => {
      expect(made, 0, 'varchar')
      nonEmpty(made, 1, 'a separator')
      return { node: call('string_split', ...made.args.map((argument) => argument.node)), type: arrayOf(varchar) }
    },
  ),
  special(
    'text',
    'split_part',
    [3, 3],
    'split_part(varchar, separator, index) → varchar',
    'NULL past the end, an error below 1: made equal by a macro.',
    (made) => {
      expect(made, 0, 'varchar')
      nonEmpty(made, 1, 'a separator')
      expect(made, 2, 'whole')
      return { node: call('athena_split_part', ...made.args.map((argument) => argument.node)), type: varchar }
    },
  ),
  special(
    'text',
    'translate',
    [3, 3],
    "translate(varchar, 'from', 'to') → varchar",
    'The same for written-out letters, as many to as from and none of them twice.',
    (made) => {
      expect(made, 0, 'varchar')
      const from = [...(literalText(made, 1, 'the letters to translate') ?? '')]
      const to = [...(literalText(made, 2, 'what they become') ?? '')]
      if (from.length !== to.length || new Set(from).size !== from.length)
        made.context.refuse(made.node, 'translate needs as many letters to as from, and none of them twice.')
      return { node: call('translate', ...made.args.map((argument) => argument.node)), type: varchar }
    },
  ),
  special('text', 'chr', [1, 1], 'chr(code point) → varchar', 'The same for a written-out code point.', (made) => {
    literalNumber(made, 0, 'a code point')
    return { node: call('chr', ...made.args.map((argument) => cast(argument.node, 'INTEGER'))), type: varchar }
  }),
  plain('text', 'normalize', ['varchar'], varchar, {
    to: 'nfc_normalize',
    because: 'Both bring a text into normal form NFC.',
  }),
]
