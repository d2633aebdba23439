import { closest } from '../../did-you-mean.ts'
import type { Context, Lineage, Typed } from './context.ts'
import { type Node, textsOf } from './syntax.ts'
import { type Type, unknown } from './types.ts'

export interface RelationColumn extends Lineage {
  /** Undefined for an expression that was given no name. */
  name: string | undefined
  type: Type
  /** Stands for all columns of something that was refused: whatever is asked of it is there, and of no known type. */
  any?: true
}

/** Of what was refused, so that one fault is told once and not again for each of its columns. */
export const anyColumns: RelationColumn[] = [{ name: undefined, type: unknown, of: new Set(), any: true }]
export const isAny = (columns: readonly RelationColumn[]): boolean => columns.some(({ any }) => any === true)

export interface Relation {
  /** Lower case; undefined where it has none. */
  alias: string | undefined
  columns: RelationColumn[]
  /** The archive table it stands for. */
  table?: string
  partitioned?: boolean
}

/** A query that was looked at. */
export interface Looked {
  node: Node
  columns: RelationColumn[]
  /** Whether Athena takes it as a correlated subquery: no ORDER BY, LIMIT, set operation or window. */
  plain: boolean
}

export function renamed(columns: RelationColumn[], names: string[], context: Context, node: Node): RelationColumn[] {
  if (names.length === 0) return columns
  if (isAny(columns)) return names.map((name) => ({ name: name.toLowerCase(), type: unknown, of: new Set<string>() }))
  if (names.length !== columns.length)
    context.refuse(node, `${names.length} names are given to ${columns.length} columns.`)
  return columns.map((column, index) => ({ ...column, name: names[index]?.toLowerCase() ?? column.name }))
}

/** Names as they resolve at one place: the relations of a FROM, those of the queries around it, and the WITH queries so far. */
export class Scope {
  readonly relations: Relation[] = []
  /** Columns joined by USING: one for both sides. */
  readonly merged = new Set<string>()
  readonly parent: Scope | undefined
  readonly ctes: Map<string, RelationColumn[]>
  /** Whether a name was found in the queries around. */
  correlated = false

  constructor(parent: Scope | undefined, ctes: Map<string, RelationColumn[]>) {
    this.parent = parent
    this.ctes = ctes
  }

  find(name: string, relation?: string): { relation: Relation; column: RelationColumn }[] {
    return this.relations
      .filter((candidate) => relation === undefined || candidate.alias === relation)
      .flatMap((candidate) =>
        candidate.columns.filter((column) => column.name === name).map((column) => ({ relation: candidate, column })),
      )
  }

  /** Of a relation that was refused, where one may hold the name. */
  maybe(relation?: string): { relation: Relation; column: RelationColumn }[] {
    return this.relations
      .filter((candidate) => relation === undefined || candidate.alias === relation)
      .flatMap((candidate) =>
        candidate.columns.filter(({ any }) => any).map((column) => ({ relation: candidate, column })),
      )
      .slice(0, 1)
  }

  has(name: string) {
    return this.find(name).length > 0
  }

  names(): string[] {
    const own = this.relations.flatMap((relation) => relation.columns.flatMap((column) => column.name ?? []))
    return [...own, ...(this.parent?.names() ?? [])]
  }
}

const clock = new Set(['current_date', 'current_timestamp', 'current_time', 'localtime', 'localtimestamp', 'now'])

/** Resolves a column's name by Athena's rules: what FROM brings, inside out; never a name given in the same SELECT. */
export function resolveColumn(node: Node, scope: Scope, context: Context, aliases: Set<string> = new Set()): Typed {
  const names = textsOf(node.column_names).map((name) => name.toLowerCase())
  const [first = '', second] = names
  if (names.length > 2)
    return context.refuse(
      node,
      `"${names.join('.')}" names a schema or a field of a row.`,
      'Write table.column or alias.column.',
    )
  const name = second ?? first
  const relation = second === undefined ? undefined : first
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const known = at.find(name, relation)
    const found = known.length > 0 ? known : at.maybe(relation)
    const [hit] = found
    if (!hit) continue
    if (at !== scope) markCorrelated(scope, at)
    const merged = relation === undefined && at.merged.has(name)
    for (const one of merged ? found : [hit]) context.resolved(one.column)
    if (found.length > 1 && !merged)
      return context.refuse(
        node,
        `"${name}" could be of ${found.map((one) => one.relation.alias ?? 'a subquery').join(' or ')}.`,
        'Write alias.column.',
      )
    for (const one of merged ? found : [hit]) {
      if (one.relation.table) context.used.get(one.relation.table)?.add(name)
    }
    // Qualified, so that DuckDB cannot take it for a name given in the same SELECT.
    const qualified = !merged && hit.relation.alias ? [hit.relation.alias, name] : [name]
    const from = merged ? undefined : hit.column.from
    return {
      node: { ...node, column_names: qualified },
      type: hit.column.type,
      ...(from === undefined ? {} : { from }),
    }
  }
  if (relation === undefined && clock.has(name))
    return context.refuse(
      node,
      `${name} makes a query give another answer each day, so that a search cannot be run again.`,
      'Declare a date parameter with the default "today".',
    )
  if (relation === undefined && aliases.has(name))
    return context.refuse(
      node,
      `"${name}" is a name given in this SELECT; it cannot be used here.`,
      'Repeat the expression, or put the SELECT into WITH.',
    )
  if (relation !== undefined && !knows(scope, relation)) {
    const meant = closest(relation, aliasesOf(scope))
    return context.refuse(node, `Nothing in FROM is called "${relation}".`, meant && `Did you mean ${meant}?`)
  }
  const meant = closest(name, scope.names())
  return context.refuse(node, `There is no column "${names.join('.')}".`, meant && `Did you mean ${meant}?`)
}

function markCorrelated(from: Scope, to: Scope) {
  for (let at: Scope | undefined = from; at && at !== to; at = at.parent) at.correlated = true
}

const aliasesOf = (scope: Scope): string[] => [
  ...scope.relations.flatMap((relation) => relation.alias ?? []),
  ...(scope.parent ? aliasesOf(scope.parent) : []),
]
const knows = (scope: Scope, relation: string) => aliasesOf(scope).includes(relation)
