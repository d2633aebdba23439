import { type DialectFinding, positionOf } from './context.ts'
import { refusedFunction } from './functions/refused.ts'

export const nestedTooDeeply: DialectFinding = {
  message: 'This is nested too deeply: a query holds at most some hundred levels of brackets, operators or subqueries.',
  hint: 'Write chains of OR as IN (...), and parts of it in WITH.',
}

/** What DuckDB's parser said of a statement that it could not read, for a template's author: nothing that only DuckDB's own user could do. */
export function parserFinding(sql: string, message: string, offset: number | undefined): DialectFinding {
  if (/expression depth|recursion depth|stack/i.test(message)) return nestedTooDeeply
  const place = offset === undefined ? {} : positionOf(Buffer.from(sql), offset)
  if (/Only SELECT statements/.test(message)) return { ...place, message: 'Only a SELECT can be run.' }
  const ordered = /^Unknown ordered aggregate "(\w+)"/i.exec(message)?.[1]
  if (ordered !== undefined) return orderedAggregate(sql, ordered)
  return { ...place, message: message === '' ? 'This is not a SELECT.' : `${message.replace(/\.+$/, '')}.` }
}

/** `name(...) WITHIN GROUP (ORDER BY ...)`; the parser does not say where. */
function orderedAggregate(sql: string, name: string): DialectFinding {
  const at = new RegExp(`\\b${name}\\s*\\(`, 'i').exec(sql)?.index
  const place = at === undefined ? {} : positionOf(Buffer.from(sql), Buffer.byteLength(sql.slice(0, at)))
  const known = refusedFunction(name.toLowerCase())
  return known
    ? {
        ...place,
        message: `${name} is not allowed: ${known.because}.`,
        ...(known.instead ? { hint: known.instead } : {}),
      }
    : { ...place, message: `${name} takes no WITHIN GROUP here.`, hint: 'Write name(... ORDER BY ...).' }
}
