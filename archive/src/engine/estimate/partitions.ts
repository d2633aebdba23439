import type { CatalogObject, CatalogTable } from '../../catalog/port.ts'
import { isWord, type Token } from '../athena/sql/tokens.ts'
import type { BoundValue } from '../port.ts'
import { isRelation } from './scans.ts'

type Comparison = '=' | '<' | '>' | '<=' | '>='

/** A condition that every row of the answer meets. */
interface Condition {
  column: string
  by: Comparison
  /** Any of them; of a comparison other than `=` one. */
  values: BoundValue[]
}

const ends = [
  'group',
  'order',
  'having',
  'limit',
  'offset',
  'fetch',
  'window',
  'union',
  'intersect',
  'except',
  'qualify',
]

/**
 * Objects of a table that a statement can have anything of: those in partitions that its own WHERE does not rule out, by comparisons of a
 * partition column with bound values. All of them wherever that is not plain: conditions under OR, in ON, of a table named twice or
 * joined from the outer side.
 */
export function objectsRead(
  tokens: readonly Token[],
  values: readonly BoundValue[],
  table: CatalogTable,
): readonly CatalogObject[] {
  if (table.partitionBy.length === 0) return table.objects
  const places = tokens.flatMap((token, at) =>
    token.text.toLowerCase() === table.name && isRelation(tokens, at) ? [at] : [],
  )
  const [place] = places
  if (place === undefined || places.length > 1) return table.objects
  const conditions = conditionsOn(tokens, place, values).filter(({ column }) => table.partitionBy.includes(column))
  return table.objects.filter(({ partition }) =>
    conditions.every(({ column, by, values }) => {
      const value = partition[column]
      return value === undefined || values.some((bound) => mayHold(value, by, bound))
    }),
  )
}

function conditionsOn(tokens: readonly Token[], place: number, values: readonly BoundValue[]): Condition[] {
  const depth = tokens[place]?.depth ?? 0
  const until = tokens.findIndex(
    (token, at) =>
      at > place && (token.depth < depth || (token.depth === depth && ends.some((word) => isWord(token, word)))),
  )
  const select = tokens.findLastIndex((token, at) => at < place && token.depth === depth && isWord(token, 'select'))
  const end = until < 0 ? tokens.length : until
  const where = tokens.findIndex(
    (token, at) => at > place && at < end && token.depth === depth && isWord(token, 'where'),
  )
  if (select < 0 || where < 0) return []
  const own = (from: number, to: number, words: readonly string[]) =>
    tokens.slice(from, to).some((token) => token.depth === depth && words.some((word) => isWord(token, word)))
  // What is on the outer side may be left empty instead; what hangs together otherwise than by AND is not told apart.
  if (own(select, where, ['right', 'full']) || own(select, place, ['left'])) return []
  if (own(where, end, ['or', 'case', 'between'])) return []
  const alias = aliasOf(tokens, place)
  const begin = tokens.findLastIndex((token, at) => at < place && token.depth === depth && isWord(token, 'from'))
  const commas = tokens.slice(begin, where).some((token) => token.depth === depth && token.text === ',')
  const isAlone = begin > select && !commas && !own(begin, where, ['join'])
  const conditions: Condition[] = []
  let from = where + 1
  for (let at = from; at <= end; at++) {
    const token = tokens[at]
    if (at < end && !(token?.depth === depth && isWord(token, 'and'))) continue
    const bound = tokens.slice(0, from).filter(isValue).length
    const condition = conditionIn(tokens.slice(from, at), alias, isAlone, values.slice(bound))
    if (condition) conditions.push(condition)
    from = at + 1
  }
  return conditions
}

const isValue = ({ kind, text }: Token) => kind === 'symbol' && text === '?'

function aliasOf(tokens: readonly Token[], place: number): string {
  const after = tokens[place + 1]
  const alias = isWord(after, 'as') ? tokens[place + 2] : after
  const isName = alias?.kind === 'word' || alias?.kind === 'name'
  const isJoin = ['where', 'join', 'left', 'inner', 'cross', 'on'].some((word) => isWord(alias, word))
  return (isName && !isJoin ? alias.text : (tokens[place]?.text ?? '')).toLowerCase()
}

/** `alias.column = ?`, `alias.column <= ?`, `alias.column IN (?, ?)`, and nothing else. */
function conditionIn(
  tokens: readonly Token[],
  alias: string,
  isAlone: boolean,
  values: readonly BoundValue[],
): Condition | undefined {
  const [first, dot] = tokens
  const isQualified = dot?.text === '.' && first?.text.toLowerCase() === alias
  const column = tokens[isQualified ? 2 : 0]
  if (!column || (!isQualified && !isAlone) || (column.kind !== 'word' && column.kind !== 'name')) return undefined
  const rest = tokens.slice(isQualified ? 3 : 1)
  const written = rest.map(({ text }) => text.toLowerCase()).join('')
  const count = rest.filter(isValue).length
  const isList = /^in\(\?(,\?)*\)$/.test(written)
  const by = isList ? '=' : /^(=|<=|>=|<|>)\?$/.exec(written)?.[1]
  if (by === undefined) return undefined
  return { column: column.text.toLowerCase(), by: by as Comparison, values: values.slice(0, count) }
}

/** Whether a partition's value may compare so; true wherever it is not certain that it does not. */
function mayHold(partition: string, by: Comparison, { type, value }: BoundValue): boolean {
  // No comparison with NULL holds, and what such a partition is called the engines say.
  if (value === null || partition === '__HIVE_DEFAULT_PARTITION__') return true
  if (type === 'varchar') return by !== '=' || partition === value
  if (type !== 'integer' && type !== 'bigint') return true
  if (!/^-?\d{1,18}$/.test(partition) || !/^-?\d{1,18}$/.test(value)) return true
  const [one, other] = [BigInt(partition), BigInt(value)]
  switch (by) {
    case '=':
      return one === other
    case '<':
      return one < other
    case '>':
      return one > other
    case '<=':
      return one <= other
    case '>=':
      return one >= other
  }
}
