import type { Node } from './syntax.ts'

/** The tree with another name for each table of `schema`: none but those that were resolved to the application's tables stands there. */
export function withViewNames(node: Node, schema: string, viewOf: (table: string) => string): Node {
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed)
    if (typeof value !== 'object' || value === null) return value
    const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamed(inner)]))
    if (copy.type !== 'BASE_TABLE' || copy.schema_name !== schema || typeof copy.table_name !== 'string') return copy
    return { ...copy, table_name: viewOf(copy.table_name) }
  }
  return renamed(node) as Node
}
