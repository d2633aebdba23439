import type { DuckDBConnection } from '@duckdb/node-api'
import type { ApplicationSetup, Job } from '../pool/messages.ts'
import { Refused } from '../worker/failures.ts'
import { parseLossless, stringifyLossless } from './lossless-json.ts'

type Node = { [key: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

const functions = new Set(
  'count count_star sum min max avg lower upper length substr substring strpos trim ltrim rtrim replace coalesce nullif concat || + - * / % ~~ !~~ row_number rank dense_rank lag lead first_value last_value date_part date_trunc abs round floor ceil ceiling reverse starts_with array_agg'.split(
    ' ',
  ),
)

export async function translate(connection: DuckDBConnection, job: Job, setup: ApplicationSetup, limit?: number) {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(CAST($1 AS VARCHAR))', [job.sql])
  const parsed = parseLossless(String(reader.getRows()[0]?.[0])) as {
    error: boolean
    error_message?: string
    statements?: { node: Node }[]
  }
  if (parsed.error) throw new Refused(parsed.error_message ?? 'This is not a SELECT statement.')
  const statement = parsed.statements?.[0]
  if (!statement || parsed.statements?.length !== 1) throw new Refused('Exactly one statement is allowed.')
  const tables = new Set<string>()
  const ctes = new Set<string>()
  const walk = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (!isNode(value)) return
    if (isNode(value.cte_map) && Array.isArray(value.cte_map.map)) {
      for (const entry of value.cte_map.map as Node[]) ctes.add(String(entry.key).toLowerCase())
    }
    switch (value.type) {
      case 'BASE_TABLE': {
        if (value.schema_name || value.catalog_name) throw new Refused('A table is named without schema.')
        const name = String(value.table_name).toLowerCase()
        if (!ctes.has(name)) {
          if (!setup.tables.some((table) => table.name === name)) throw new Refused(`There is no table "${name}".`)
          tables.add(name)
        }
        break
      }
      case 'TABLE_FUNCTION':
      case 'SHOW_REF':
      case 'PIVOT':
      case 'EXPRESSION_LIST':
      case 'COLUMN_DATA':
      case 'DELIMGET':
        throw new Refused('This is not allowed in FROM.')
      case 'FUNCTION':
        if (!functions.has(String(value.function_name)))
          throw new Refused(`The function ${String(value.function_name)} is not allowed.`)
        break
    }
    Object.values(value).forEach(walk)
  }
  walk(statement.node)
  const modifiers = (statement.node.modifiers ?? []) as Node[]
  if (limit !== undefined && !modifiers.some((modifier) => modifier.type === 'LIMIT_MODIFIER')) {
    modifiers.push({
      type: 'LIMIT_MODIFIER',
      limit: {
        class: 'CONSTANT',
        type: 'VALUE_CONSTANT',
        alias: '',
        query_location: 0,
        value: { type: { id: 'BIGINT', type_info: null }, is_null: false, value: limit },
      },
      offset: null,
    })
  }
  const back = await connection.runAndReadAll('SELECT json_deserialize_sql(CAST($1 AS JSON))', [
    stringifyLossless(parsed),
  ])
  return { sql: String(back.getRows()[0]?.[0]), tables: [...tables], bytesAtMost: 0 }
}
