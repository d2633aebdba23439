import { identifier } from '../../sql-text.ts'
import { Refused } from '../../worker/failures.ts'
import { isWord, type Token, tokensOf } from './tokens.ts'

export interface WithQuery {
  name: string
  select: string
}

/** The statement with WITH queries before its own. Throws Refused where its own has a name of theirs, or it names a table by its database. */
export function withQueries(sql: string, queries: readonly WithQuery[], databases: readonly string[] = []): string {
  const tokens = tokensOf(sql)
  refuseDatabases(tokens, databases)
  if (queries.length === 0) return sql
  const [first, second] = tokens
  const list = queries.map(({ name, select }) => `${identifier(name)} AS (${select})`).join(',\n')
  if (!first || !isWord(first, 'with')) return `WITH ${list}\n${sql}`
  const names = new Set(queries.map(({ name }) => name))
  const clash = ownQueries(tokens).find((name) => names.has(name))
  if (clash !== undefined)
    throw new Refused(`A WITH query is called "${clash}", as a table is that is read too. Give it another name.`)
  const at = second && isWord(second, 'recursive') ? second.end : first.end
  return `${sql.slice(0, at)} ${list},\n${sql.slice(at)}`
}

/** Names that the statement's own WITH gives, in lower case, as Athena compares them. */
function ownQueries(tokens: readonly Token[]): string[] {
  const names: string[] = []
  let expected = true
  for (const [index, token] of tokens.entries()) {
    if (index === 0 || token.depth > 0 || isWord(token, 'recursive')) continue
    if (expected) names.push(token.text.toLowerCase())
    expected = token.kind === 'symbol' && token.text === ','
    // What follows the last of them is the query itself.
    if (isWord(token, 'select') || isWord(token, 'values') || isWord(token, 'table')) break
  }
  return names
}

/** The dialect refuses them when templates are checked; here it would be a way round masks and row rules, so it is looked at again. */
function refuseDatabases(tokens: readonly Token[], databases: readonly string[]): void {
  const known = new Set([...databases.map((name) => name.toLowerCase()), 'information_schema', 'awsdatacatalog'])
  for (const [index, token] of tokens.entries()) {
    const named = (token.kind === 'word' || token.kind === 'name') && known.has(token.text.toLowerCase())
    if (named && tokens[index + 1]?.text === '.' && tokens[index + 1]?.kind === 'symbol')
      throw new Refused('A query names tables by their names alone.')
  }
}

/** The statement with a LIMIT, where it has none of its own that goes for the whole of it. */
export function limited(sql: string, rows: number): string {
  const own = tokensOf(sql).some((token) => token.depth === 0 && (isWord(token, 'limit') || isWord(token, 'fetch')))
  // On a line of its own: the last one may end in a comment.
  return own ? sql : `${sql}\nLIMIT ${rows}`
}
