import type { Context, Typed } from './context.ts'
import type { Relation, Scope } from './scope.ts'
import { child, constant, type Node, textOf } from './syntax.ts'
import { common, isOpen, nameOf, nothing, type Type } from './types.ts'

/** What may stand at the place of an expression, and what it may name. */
export interface Place {
  scope: Scope
  context: Context
  /** Names given in the SELECT, to say so where one is used too early. */
  aliases?: Set<string>
  /** Whether an aggregate may stand here, and whether this is inside of one. */
  aggregates: { allowed: boolean; inside: boolean }
  /** Whether a window may stand here. */
  windows: boolean
  /** Looks at an expression; here, so that whatever meets one inside itself need not import what looks at all kinds. */
  look: (node: Node, place: Place) => Typed
  /** Looks at a query inside an expression. */
  subquery: (node: Node, scope: Scope) => { node: Node; columns: Relation['columns']; plain: boolean }
}

/** An expression as DuckDB is to run it, under the name it was given. */
export function expression(node: Node, place: Place): Typed {
  return place.context.within(node, () => {
    const made = place.look(node, place)
    return { ...made, node: { ...made.node, alias: textOf(node.alias) } }
  })
}

export const operand = (value: unknown, place: Place): Typed => {
  const node = child(value)
  return node ? expression(node, place) : { node: constant(null), type: nothing }
}

/** A boolean; says so where it is not. */
export function condition(node: Node, place: Place, what: string): Node {
  const made = expression(node, place)
  if (made.type.name !== 'boolean' && !isOpen(made.type))
    place.context.refuse(node, `${what} conditions, and this is ${nameOf(made.type)}.`)
  return made.node
}

/** Athena compares values of one kind only, where DuckDB casts. */
export function comparable(node: Node, left: Typed, right: Typed, context: Context): Type | undefined {
  const type = common(left.type, right.type)
  if (type && type.name !== 'array' && type.name !== 'interval') return type
  const names = [left.type.name, right.type.name]
  const hint = names.includes('varchar')
    ? names.includes('date')
      ? "Write DATE '2024-07-05', or declare the parameter as a date."
      : 'Give both the same type: CAST one, or declare the parameter as what the column is.'
    : undefined
  context.refuse(node, `Athena does not compare ${nameOf(left.type)} with ${nameOf(right.type)}.`, hint)
  return undefined
}
