import { invalid } from '../errors.ts'
import { quote, tokensOf } from './tokens.ts'

/** Checks ExecutionParameters as the service does before it takes a query. Throws InvalidRequestException. */
export function checkParameters(parameters: readonly unknown[]): asserts parameters is readonly string[] {
  if (parameters.length === 0) throw invalid('ExecutionParameters must have at least one member.')
  for (const text of parameters) {
    if (typeof text !== 'string') throw invalid('Each of ExecutionParameters must be a string.')
    const length = [...text].length
    if (length < 1 || length > 1024) {
      throw invalid(
        `1 validation error detected: Value at 'executionParameters' failed to satisfy constraint: Member must satisfy ` +
          `constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1]`,
      )
    }
    if (!isOneExpression(text)) throw invalid(`Execution parameter is not a valid literal: ${text}`)
  }
}

/** What stands between two commas of USING must not end there: `1, 2` would be two values, `1 -- ` swallow the next. */
function isOneExpression(text: string): boolean {
  const tokens = tokensOf(text)
  if (!tokens || tokens.length === 0) return false
  let depth = 0
  let end = 0
  for (const token of tokens) {
    if (/--|\/\*/.test(text.slice(end, token.start))) return false
    end = token.end
    if (token.kind !== 'symbol') continue
    if (token.text === '(' || token.text === '[') depth++
    if (token.text === ')' || token.text === ']') depth--
    if (depth < 0 || token.text === ';' || token.text === '?') return false
    if (token.text === ',' && depth === 0) return false
  }
  return depth === 0 && text.slice(end).trim() === ''
}

/** The statement with its values, as the engine takes them. */
export function withParameters(sql: string, parameters: readonly string[] | undefined): string {
  return parameters?.length ? `EXECUTE IMMEDIATE ${quote(sql)} USING ${parameters.join(', ')}` : sql
}

/** The statement with its values written into it, for what takes no parameters in the engine: EXPLAIN. */
export function withValuesInside(sql: string, parameters: readonly string[] | undefined): string {
  const places = (tokensOf(sql) ?? []).filter(({ kind, text }) => kind === 'symbol' && text === '?')
  let text = ''
  let end = 0
  for (const [at, place] of places.entries()) {
    text += `${sql.slice(end, place.start)} ${parameters?.[at] ?? '?'} `
    end = place.end
  }
  return text + sql.slice(end)
}
