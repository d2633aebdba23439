import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnType } from '../../model/types.ts'
import { Context, type DialectFinding, type KnownTable, type Lineage } from './context.ts'
import { checkText } from './lexer.ts'
import { parseLossless, stringifyLossless } from './lossless-json.ts'
import { parserFinding } from './parser-words.ts'
import { query } from './query.ts'
import { child, isNode, type Node, nodes, textOf } from './syntax.ts'
import { asColumnType } from './types.ts'
import { withViewNames } from './view-names.ts'

export interface TranslateOptions {
  tables: KnownTable[]
  /** Tables of the model of which nothing was ever loaded. */
  absent?: string[]
  /** Types of the values, in order; what is not known may be undefined. */
  parameters?: (ColumnType | undefined)[]
  /** Whether `parameters` says how many there are. */
  exact?: boolean
  /** Rows wanted at most. */
  limit?: number
  /** Schema of the views that tables stand for: `main` where nothing is said. No statement can name one itself. */
  schema?: string
  /** The name there of what stands for a table of which a statement names these columns, of all its places; the table's own where nothing is said. */
  view?: (table: string, columns: ReadonlySet<string>) => string
}

export interface Translation {
  findings: DialectFinding[]
  /** For DuckDB, with `$1` for each value; undefined where something was found. */
  sql?: string
  /** Of the result's columns. */
  names: string[]
  /** Types of the result in Athena, where they are known. */
  types: (ColumnType | undefined)[]
  /**
   * What each column of the result is made of, filters, grouping and LIMIT left out: they say which rows there are. Never less than
   * it is made of; more where it cannot be told apart.
   */
  lineage: Lineage[]
  /**
   * `table.column` of what decides which rows or groups there are in any part of the statement: WHERE, ON, USING, HAVING, GROUP BY, DISTINCT,
   * FILTER, UNNEST, the comparing of UNION, INTERSECT and EXCEPT, and ORDER BY below or beside a LIMIT. Through WITH and subqueries, windows included.
   */
  chosenBy: ReadonlySet<string>
  /** Columns named, by table. */
  used: Map<string, Set<string>>
  /** The statement as it was written, where nothing was found. */
  root?: Node
}

const longest = 262_144

/**
 * The wall and the interpreter in one: takes one SELECT in Athena's dialect, refuses all that is not known to be harmless and equal,
 * and gives the SQL by which DuckDB answers as Athena does. The syntax tree is DuckDB's own, so that what is looked at is what runs.
 */
export async function translate(
  connection: DuckDBConnection,
  sql: string,
  options: TranslateOptions,
): Promise<Translation> {
  const context = new Context(sql, options)
  const failed = (): Translation => ({
    findings: context.findings,
    names: [],
    types: [],
    lineage: [],
    chosenBy: context.chosenBy,
    used: context.used,
  })
  // What is too long or cut short by the parser is not looked at any further.
  if (Buffer.byteLength(sql) > longest)
    context.findings.push({ message: `Athena takes ${longest} bytes of SQL at most.` })
  if (sql.includes('\0')) context.findings.push({ message: 'A query holds no NUL.' })
  if (context.findings.length > 0) return failed()
  checkText(sql, context)
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(CAST($1 AS VARCHAR))', [sql])
  const parsed = parsedTree(String(reader.getRows()[0]?.[0]), context)
  if (!isNode(parsed)) return failed()
  if (parsed.error === true) {
    const offset = parsed.position === undefined ? undefined : Number(textOf(parsed.position))
    context.findings.push(parserFinding(sql, textOf(parsed.error_message), offset))
    return failed()
  }
  const statements = nodes(parsed.statements)
  const [statement] = statements
  const root = child(statement?.node)
  if (!statement || !root || statements.length !== 1) {
    context.findings.push({
      message: `Exactly one SELECT can be run; there ${statements.length === 0 ? 'is none' : `are ${statements.length}`}.`,
    })
    return failed()
  }
  const looked = query(root, undefined, new Map(), context)
  const given = nodes(statement.named_param_map).length
  if (options.exact && given !== (options.parameters?.length ?? 0))
    context.findings.push({
      message: `The query has ${given} parameters, and ${options.parameters?.length ?? 0} values were given.`,
    })
  if (context.findings.length > 0) return failed()
  const limited = options.limit === undefined ? looked.node : withLimit(looked.node, options.limit)
  const { view } = options
  const named = view
    ? withViewNames(limited, context.schema, (table) => view(table, context.used.get(table) ?? new Set()))
    : limited
  const text = stringifyLossless({ ...parsed, statements: [{ ...statement, node: named }] })
  const back = await connection.runAndReadAll('SELECT json_deserialize_sql(CAST($1 AS JSON))', [text])
  return {
    findings: [],
    sql: String(back.getRows()[0]?.[0]),
    names: looked.columns.map(({ name }) => name ?? ''),
    types: looked.columns.map((column) => asColumnType(column.type)),
    lineage: looked.columns.map(({ of, from }) => ({ of, ...(from === undefined ? {} : { from }) })),
    chosenBy: context.chosenBy,
    used: context.used,
    root,
  }
}

function parsedTree(text: string, context: Context): unknown {
  try {
    return parseLossless(text)
  } catch {
    // DuckDB writes a number beyond all doubles as Infinity, which is no JSON.
    context.findings.push({ message: 'A number is larger than Athena reads.' })
    return undefined
  }
}

/** Tells DuckDB how many rows are wanted, where the query does not: it then keeps no more of them while it sorts. */
function withLimit(node: Node, limit: number): Node {
  const modifiers = nodes(node.modifiers)
  if (modifiers.some((modifier) => modifier.type === 'LIMIT_MODIFIER')) return node
  const value = { type: { id: 'BIGINT', type_info: null }, is_null: false, value: limit }
  const constant = { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', query_location: 0, value }
  return { ...node, modifiers: [...modifiers, { type: 'LIMIT_MODIFIER', limit: constant, offset: null }] }
}
