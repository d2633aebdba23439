import type { Application } from '@muniment/archive/model/types'
import type { Query } from '../types.ts'
import { compileSql } from './compile.ts'
import type { SqlNode } from './tree.ts'

const known = new WeakMap<Query, string[]>()

/** Tables of the model that a query reads in any of its branches. A template with a fault reads none that could be told. */
export function tablesOf(query: Query, application: Application): string[] {
  const cached = known.get(query)
  if (cached) return cached
  const names = application.tables.map(({ name }) => name)
  const found = tablesIn(textOf(query), new Set(names))
  const tables = names.filter((name) => found.has(name))
  known.set(query, tables)
  return tables
}

function textOf(query: Query): string {
  try {
    return joined(compileSql(query))
  } catch {
    return ''
  }
}

const joined = (nodes: SqlNode[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      return node.kind === 'if' ? ` ${joined(node.then)} ${joined(node.otherwise)} ` : ' ? '
    })
    .join('')

const token = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|([A-Za-z_]\w*)|[().,]/g
const clauses = new Set([
  'where',
  'group',
  'order',
  'having',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'select',
])

/**
 * Names where a table stands: after FROM or JOIN, and after a comma of the same FROM. Quoted texts and comments are passed
 * over; a name with a dot after it is a schema, one that WITH defines is no table unless it has the name of a known one.
 */
export function tablesIn(sql: string, tables: ReadonlySet<string> = new Set()): Set<string> {
  const found = new Set<string>()
  const withNames = new Set([...sql.matchAll(/\b([a-z_]\w*)\s+as\s*\(/gi)].map((match) => match[1]?.toLowerCase()))
  const levels: { inFrom: boolean }[] = [{ inFrom: false }]
  let expecting = false
  for (const match of sql.matchAll(token)) {
    const [text, quoted, word] = match
    const level = levels.at(-1) ?? { inFrom: false }
    const lower = word?.toLowerCase()
    if (text === '(') {
      levels.push({ inFrom: expecting })
    } else if (text === ')') {
      if (levels.length > 1) levels.pop()
      expecting = false
    } else if (lower === 'from' || lower === 'join') {
      level.inFrom = true
      expecting = true
    } else if (lower !== undefined && clauses.has(lower)) {
      level.inFrom = false
      expecting = false
    } else if (text === ',') {
      expecting = level.inFrom
    } else if (expecting && (lower !== undefined || quoted !== undefined)) {
      if (lower === 'lateral' || lower === 'only') continue
      const name = lower ?? quoted?.toLowerCase() ?? ''
      if (!withNames.has(name) || tables.has(name)) found.add(name)
      expecting = false
    }
  }
  return found
}
