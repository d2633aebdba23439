import type { Cursor } from '../statements/cursor.ts'
import type { CreateTable, HiveColumn, TableName } from './statement.ts'

type Draft = { -readonly [Key in keyof CreateTable]: CreateTable[Key] }

/** What follows the name in CREATE EXTERNAL TABLE, its clauses in any order. */
export function parseCreateTable(cursor: Cursor, name: TableName, ifNotExists: boolean): CreateTable {
  const draft: Draft = {
    kind: 'createTable',
    ...name,
    ifNotExists,
    columns: columns(cursor),
    partitionedBy: [],
    serdeProperties: {},
    storedAs: 'TEXTFILE',
    location: '',
    properties: {},
  }
  while (!cursor.done) clause(cursor, draft)
  if (!draft.location) cursor.refuse("'LOCATION'")
  return draft
}

function clause(cursor: Cursor, draft: Draft): void {
  if (cursor.accept('COMMENT')) draft.comment = cursor.string()
  else if (cursor.accept('PARTITIONED', 'BY')) draft.partitionedBy = columns(cursor)
  else if (cursor.accept('LOCATION')) draft.location = cursor.string()
  else if (cursor.accept('TBLPROPERTIES')) draft.properties = pairs(cursor)
  else if (cursor.accept('STORED', 'AS', 'INPUTFORMAT')) {
    draft.storedAs = `${cursor.string()} `
    cursor.expect('OUTPUTFORMAT')
    draft.storedAs += cursor.string()
  } else if (cursor.accept('STORED', 'AS')) draft.storedAs = cursor.name().toUpperCase()
  else if (cursor.accept('ROW', 'FORMAT', 'SERDE')) draft.serde = cursor.string()
  else if (cursor.accept('WITH', 'SERDEPROPERTIES')) draft.serdeProperties = pairs(cursor)
  else if (cursor.accept('ROW', 'FORMAT', 'DELIMITED')) {
    while (!cursor.done && delimiter(cursor, draft));
  } else cursor.refuse("'LOCATION', 'STORED AS', 'PARTITIONED BY', 'ROW FORMAT', 'TBLPROPERTIES'")
}

function delimiter(cursor: Cursor, draft: Draft): boolean {
  if (cursor.accept('FIELDS', 'TERMINATED', 'BY')) {
    draft.fieldsTerminatedBy = unescaped(cursor.string())
    return true
  }
  for (const words of [
    ['LINES', 'TERMINATED', 'BY'],
    ['ESCAPED', 'BY'],
    ['NULL', 'DEFINED', 'AS'],
  ]) {
    if (!cursor.accept(...words)) continue
    cursor.string()
    return true
  }
  return false
}

const unescaped = (text: string) =>
  text
    .replace(/^\\t$/, '\t')
    .replace(/^\\([0-7]{3})$/, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

function columns(cursor: Cursor): HiveColumn[] {
  const found: HiveColumn[] = []
  cursor.expect('(')
  do {
    const name = cursor.name()
    const type = hiveType(cursor)
    found.push(cursor.accept('COMMENT') ? { name, type, comment: cursor.string() } : { name, type })
  } while (cursor.accept(','))
  cursor.expect(')')
  return found
}

/** `array<struct<a:int>>`, `decimal(10, 2)`: to the comma, parenthesis or comment on its own level. */
function hiveType(cursor: Cursor): string {
  let text = ''
  for (let depth = 0; ; ) {
    const token = cursor.peek()
    if (!token) return text
    if (depth === 0 && text && (token.kind !== 'symbol' || token.text === ',' || token.text === ')')) return text
    if (token.text === '<' || token.text === '(') depth++
    if (token.text === '>' || token.text === ')') depth--
    text += token.kind === 'word' ? token.text.toLowerCase() : token.text
    cursor.next()
  }
}

function pairs(cursor: Cursor): Record<string, string> {
  const found: Record<string, string> = {}
  cursor.expect('(')
  do {
    const key = cursor.string()
    cursor.expect('=')
    found[key] = cursor.string()
  } while (cursor.accept(','))
  cursor.expect(')')
  return found
}
