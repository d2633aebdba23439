import type { BoundValue } from '../../engine/port.ts'
import { identifier, literal } from '../../engine/sql-text.ts'
import { OperatorError } from '../../errors.ts'
import type { Table } from '../../model/types.ts'
import type { RecordKey } from '../types.ts'

/** Bytes of a list of keys in one statement. */
const MOST_BYTES = 50_000

/** Characters that one value may have, its quotes doubled, in Athena. */
const MOST_CHARACTERS = 1000

/** A text as values that are short enough, in order. */
function pieces(text: string): string[] {
  const found: string[] = []
  let piece = ''
  let length = 0
  for (const character of text) {
    const more = character === "'" ? 2 : character.length
    if (length + more > MOST_CHARACTERS) {
      found.push(piece)
      piece = ''
      length = 0
    }
    piece += character
    length += more
  }
  return [...found, piece]
}

/** Characters that keys hardly have. */
const SEPARATORS = ['\u001e', '\u001f', '\u001d', '\u001c', '\ue000', '\ue001', '\ue002', '\ue003']

/** Keys as bound texts, for a join. */
export interface KeyList {
  /** A subquery with columns `k1`, `k2`, ... in the types of the table's primary key, and a `?` for each value. */
  sql: string
  values: BoundValue[]
}

const typeOf = (table: Table, name: string) => {
  const column = table.columns.find((each) => each.name === name)
  if (!column) throw new OperatorError(`The model's table ${table.name} has no column ${name}.`)
  return column.type
}

function listOf(table: Table, keys: readonly RecordKey[]): KeyList {
  const unused = SEPARATORS.filter((character) => !keys.some((key) => key.some((part) => part.includes(character))))
  const [between, within] = unused
  if (between === undefined || within === undefined)
    throw new OperatorError(`Keys of ${table.name} have characters that no list of keys can have.`)
  const parts = table.primaryKey.map((name, index) => {
    const part = table.primaryKey.length === 1 ? 'u.k' : `split_part(u.k, ${literal(within)}, ${index + 1})`
    const type = typeOf(table, name)
    return `${type === 'varchar' ? part : `CAST(${part} AS ${type})`} AS k${index + 1}`
  })
  const texts = pieces(keys.map((key) => key.join(within)).join(between))
  return {
    sql: `SELECT ${parts.join(', ')} FROM UNNEST(split(${texts.map(() => '?').join(' || ')}, ${literal(between)})) AS u(k)`,
    values: texts.map((value) => ({ type: 'varchar', value })),
  }
}

/** Keys of a table in lists that fit into statements. */
export function* keyLists(table: Table, keys: Iterable<RecordKey>): Generator<KeyList> {
  let some: RecordKey[] = []
  let bytes = 0
  for (const key of keys) {
    const more = key.reduce((sum, part) => sum + Buffer.byteLength(part) + 1, 0)
    if (some.length > 0 && bytes + more > MOST_BYTES) {
      yield listOf(table, some)
      some = []
      bytes = 0
    }
    some.push(key)
    bytes += more
  }
  if (some.length > 0) yield listOf(table, some)
}

export const columnsOf = (alias: string, names: readonly string[]) =>
  names.map((name) => `${alias}.${identifier(name)}`).join(', ')

/** Two aliases' columns are equal, one by one. */
export const equal = (left: string, names: readonly string[], right: string, others: readonly string[]) =>
  names.map((name, index) => `${left}.${identifier(name)} = ${right}.${identifier(others[index] ?? '')}`).join(' AND ')

export const equalToList = (alias: string, names: readonly string[]) =>
  names.map((name, index) => `${alias}.${identifier(name)} = w.k${index + 1}`).join(' AND ')
