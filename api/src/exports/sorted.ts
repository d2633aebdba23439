import type { Query } from '@muniment/query-templates/types'
import { ProblemError } from '../errors.ts'
import type { RecordedColumn } from '../shared/search-record.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The statement in another order: by the asked columns, then by all others, so that it is the same each time. */
export function sortedSql(sql: string, columns: RecordedColumn[], query: Query | undefined, sort: string): string {
  const descending = sort.startsWith('-')
  const name = descending ? sort.slice(1) : sort
  const declared = query?.sorts.find((candidate) => candidate.name === name)
  const keys = (declared?.by ?? [name]).map((key) => {
    const reversed = declared !== undefined && key.startsWith('-')
    const column = reversed ? key.slice(1) : key
    if (!columns.some((candidate) => candidate.name === column)) {
      const known = columns.map((candidate) => candidate.name).join(', ')
      const message = `"${name}" is not among the columns: ${known}.`
      throw new ProblemError('invalid-input', message, { fields: { sort: message } })
    }
    return { column, descending: descending !== reversed }
  })
  const rest = columns
    .filter(({ name }) => !keys.some(({ column }) => column === name))
    .map(({ name }) => ({ column: name, descending: false }))
  const order = [...keys, ...rest]
    .map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`)
    .join(', ')
  return `SELECT ${columns.map(({ name }) => quoted(name)).join(', ')} FROM (\n${sql}\n) AS found ORDER BY ${order}`
}
