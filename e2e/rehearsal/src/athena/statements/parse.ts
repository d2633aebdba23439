import { parseDdl, tableName } from '../ddl/parse.ts'
import { invalid } from '../errors.ts'
import { Cursor } from './cursor.ts'
import { parseProperties } from './properties.ts'
import type { Statement } from './statement.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Tells what a query text asks for. Throws InvalidRequestException for what the service takes no query of. */
export function parseStatement(text: string): Statement {
  const all = tokensOf(text)
  if (!all) throw invalid('line 1:1: A quoted string or name is never closed', 'MALFORMED_QUERY')
  const tokens = withoutEnd(all)
  const last = tokens.at(-1)
  if (!last) throw invalid('Query string must not be empty', 'MALFORMED_QUERY')
  if (tokens.some(isSemicolon)) throw invalid(`Only one sql statement is allowed. Got: ${text}`, 'MALFORMED_QUERY')

  const sql = text.slice(0, last.end)
  const cursor = new Cursor(sql, tokens)
  const word = tokens.find(({ text }) => text !== '(')?.text ?? ''
  if (['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(word)) return { kind: 'select', sql }
  return parseEngineStatement(cursor, sql) ?? { kind: 'ddl', ddl: parseDdl(cursor) }
}

const isSemicolon = ({ kind, text }: Token) => kind === 'symbol' && text === ';'

function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1)
  return last && isSemicolon(last) ? tokens.slice(0, -1) : tokens
}

function parseEngineStatement(cursor: Cursor, sql: string): Statement | undefined {
  if (cursor.accept('INSERT', 'INTO')) return { kind: 'insert', sql }
  if (cursor.accept('UNLOAD')) return parseUnload(cursor)
  if (cursor.accept('EXPLAIN')) return { kind: 'text', sql, type: 'UTILITY', subtype: 'EXPLAIN' }
  if (cursor.accept('PREPARE')) return parsePrepare(cursor)
  if (cursor.accept('DEALLOCATE', 'PREPARE')) return { kind: 'deallocate', name: cursor.name() }
  if (cursor.accept('EXECUTE')) return parseExecute(cursor)
  if (cursor.accept('CREATE', 'VIEW') || cursor.accept('CREATE', 'OR', 'REPLACE', 'VIEW')) {
    return { kind: 'text', sql, type: 'DDL', subtype: 'CREATE_VIEW', view: tableName(cursor) }
  }
  if (cursor.accept('DROP', 'VIEW')) return { kind: 'text', sql, type: 'DDL', subtype: 'DROP_VIEW' }
  if (cursor.accept('SHOW', 'COLUMNS')) return { kind: 'text', sql, type: 'UTILITY', subtype: 'SHOW_COLUMNS' }
  if (cursor.accept('SHOW', 'CREATE', 'VIEW'))
    return { kind: 'text', sql, type: 'UTILITY', subtype: 'SHOW_CREATE_VIEW' }
  return parseCtas(cursor)
}

function parseUnload(cursor: Cursor): Statement {
  const select = cursor.parenthesised()
  cursor.expect('TO')
  const location = cursor.string()
  const properties = cursor.accept('WITH') ? parseProperties(cursor) : {}
  cursor.end()
  return { kind: 'unload', select, location, properties }
}

/** `CREATE TABLE x [WITH (...)] AS SELECT`; with columns it is Hive's CREATE TABLE, and no matter of ours here. */
function parseCtas(cursor: Cursor): Statement | undefined {
  const begin = cursor.position
  if (!cursor.accept('CREATE', 'TABLE')) return undefined
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS')
  const from = cursor.peek()?.start ?? 0
  cursor.name()
  while (cursor.accept('.')) cursor.name()
  const table = cursor.sql.slice(from, cursor.peek()?.start).trim()
  const properties = cursor.accept('WITH') ? parseProperties(cursor) : {}
  if (!cursor.accept('AS')) {
    cursor.position = begin
    return undefined
  }
  return { kind: 'ctas', ifNotExists, table, properties, select: cursor.rest() }
}

function parsePrepare(cursor: Cursor): Statement {
  const name = cursor.name()
  cursor.expect('FROM')
  return { kind: 'prepare', name, sql: cursor.rest() }
}

function parseExecute(cursor: Cursor): Statement {
  const name = cursor.name()
  const values: string[] = []
  if (cursor.accept('USING')) {
    for (let from = cursor.peek()?.start ?? 0, depth = 0, last = from; ; ) {
      const token = cursor.done ? undefined : cursor.next()
      if (token?.kind === 'symbol' && '([)]'.includes(token.text)) depth += '(['.includes(token.text) ? 1 : -1
      if (!token || (token.kind === 'symbol' && token.text === ',' && depth === 0)) {
        values.push(cursor.sql.slice(from, last))
        from = token?.end ?? 0
      }
      if (!token) break
      last = token.end
    }
  }
  return { kind: 'execute', name, values: values.map((value) => value.trim()) }
}
