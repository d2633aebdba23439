import { functionExpression } from './calls.ts'
import { castExpression } from './casts.ts'
import type { Context, Typed } from './context.ts'
import { comparable, condition, expression, operand, type Place } from './place.ts'
import { isAny, resolveColumn } from './scope.ts'
import { call, cast, child, constant, isNode, type Node, nodes, textOf } from './syntax.ts'
import {
  arrayOf,
  bigint,
  boolean,
  common,
  decimal,
  double,
  integer,
  isOpen,
  nameOf,
  nothing,
  type Type,
  typeOfColumn,
  unknown,
  varchar,
} from './types.ts'
import { windowExpression } from './windows.ts'

/** Looks at an expression: gives the tree that DuckDB is to run and the type it has in Athena; refuses what is not known to be equal. */
export function lookAtExpression(node: Node, place: Place): Typed {
  const { context } = place
  switch (node.class) {
    case 'COLUMN_REF':
      return resolveColumn(node, place.scope, context, place.aliases)
    case 'CONSTANT':
      return constantExpression(node, context)
    case 'PARAMETER':
      return parameter(node, context)
    case 'CAST':
      return castExpression(node, operand(node.child, place), context)
    case 'COMPARISON':
      return comparison(node, place)
    case 'BETWEEN': {
      const [input, lower, upper] = [operand(node.input, place), operand(node.lower, place), operand(node.upper, place)]
      comparable(node, input, lower, context)
      comparable(node, input, upper, context)
      return { node: { ...node, input: input.node, lower: lower.node, upper: upper.node }, type: boolean }
    }
    case 'CONJUNCTION':
      return {
        node: { ...node, children: nodes(node.children).map((part) => condition(part, place, 'AND and OR join')) },
        type: boolean,
      }
    case 'CASE':
      return caseExpression(node, place)
    case 'OPERATOR':
      return operatorExpression(node, place)
    case 'FUNCTION':
      return functionExpression(node, place)
    case 'WINDOW':
      return windowExpression(node, place)
    case 'SUBQUERY':
      return subqueryExpression(node, place)
    case 'STAR':
      return context.refuse(node, '* stands alone in a SELECT, or in count(*).', 'Name the columns.')
    case 'LAMBDA':
      return context.refuse(node, 'Lambda expressions are not supported.')
    default:
      return context.refuse(
        node,
        `This is not something a query may hold (${textOf(node.class).toLowerCase() || 'unknown'}).`,
      )
  }
}

function constantExpression(node: Node, context: Context): Typed {
  const value = child(node.value)
  const type = child(value?.type)
  if (value?.is_null === true) return { node, type: nothing }
  const written = value?.value
  switch (type?.id) {
    case 'VARCHAR':
      return { node, type: varchar, constant: textOf(written) }
    case 'INTEGER':
      return { node, type: integer, constant: Number(written) }
    case 'BIGINT':
      return { node, type: bigint }
    case 'DOUBLE':
      // As a text, since 1.0 would come back from JSON as the whole number 1.
      return { node: cast(constant(String(written)), 'DOUBLE'), type: double, constant: Number(written) }
    case 'BOOLEAN':
      return { node, type: boolean }
    case 'DECIMAL': {
      const info = isNode(type.type_info) ? type.type_info : {}
      return { node, type: decimal(Number(info.width), Number(info.scale)) }
    }
    default:
      return context.refuse(node, 'This number is too large, or is written in a way that Athena does not read.')
  }
}

function parameter(node: Node, context: Context): Typed {
  const identifier = textOf(node.identifier)
  if (!/^\d+$/.test(identifier)) return context.refuse(node, 'Parameters are written as ?.')
  const type = context.parameters[Number(identifier) - 1]
  if (type === undefined) return { node, type: unknown }
  const typed = typeOfColumn(type)
  // Cast, so that a NULL has its type too.
  return { node: cast(node, typed.name === 'decimal' ? typed : (type.toUpperCase() as 'VARCHAR')), type: typed }
}

const comparisons = new Set([
  'COMPARE_EQUAL',
  'COMPARE_NOTEQUAL',
  'COMPARE_LESSTHAN',
  'COMPARE_GREATERTHAN',
  'COMPARE_LESSTHANOREQUALTO',
  'COMPARE_GREATERTHANOREQUALTO',
  'COMPARE_DISTINCT_FROM',
  'COMPARE_NOT_DISTINCT_FROM',
])

function comparison(node: Node, place: Place): Typed {
  if (!comparisons.has(textOf(node.type))) return place.context.refuse(node, 'This comparison is not supported.')
  const [left, right] = [operand(node.left, place), operand(node.right, place)]
  comparable(node, left, right, place.context)
  return { node: { ...node, left: left.node, right: right.node }, type: boolean }
}

function caseExpression(node: Node, place: Place): Typed {
  const results: Typed[] = []
  const checks = nodes(node.case_checks).map((check) => {
    const when = child(check.when_expr)
    const then = operand(check.then_expr, place)
    results.push(then)
    return { when_expr: when ? condition(when, place, 'WHEN takes') : constant(null), then_expr: then.node }
  })
  const otherwise = operand(node.else_expr, place)
  results.push(otherwise)
  return {
    node: { ...node, case_checks: checks, else_expr: otherwise.node },
    type: commonOf(node, results, place.context, 'CASE'),
  }
}

function commonOf(node: Node, parts: Typed[], context: Context, what: string): Type {
  let type: Type = nothing
  for (const part of parts) {
    const both = common(type, part.type)
    if (!both)
      return context.refuse(
        node,
        `${what} gives values of one kind, and these are ${nameOf(type)} and ${nameOf(part.type)}.`,
        'CAST one of them.',
      ).type
    type = both
  }
  return type
}

function operatorExpression(node: Node, place: Place): Typed {
  const { context } = place
  const children = () => nodes(node.children).map((part) => expression(part, place))
  switch (node.type) {
    case 'OPERATOR_NOT':
      return {
        node: { ...node, children: nodes(node.children).map((part) => condition(part, place, 'NOT takes')) },
        type: boolean,
      }
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { node: { ...node, children: children().map((part) => part.node) }, type: boolean }
    case 'OPERATOR_COALESCE': {
      const parts = children()
      return {
        node: { ...node, children: parts.map((part) => part.node) },
        type: commonOf(node, parts, context, 'coalesce'),
      }
    }
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN': {
      const parts = children()
      const [subject, ...others] = parts
      if (subject) for (const other of others) comparable(node, subject, other, context)
      return { node: { ...node, children: parts.map((part) => part.node) }, type: boolean }
    }
    case 'ARRAY_CONSTRUCTOR': {
      const parts = children()
      return {
        node: { ...node, children: parts.map((part) => part.node) },
        type: arrayOf(commonOf(node, parts, context, 'ARRAY')),
      }
    }
    case 'ARRAY_EXTRACT': {
      const [array, index] = children()
      if (!array || !index) return context.refuse(node, 'A subscript needs a number.')
      if (array.type.name !== 'array' && !isOpen(array.type))
        return context.refuse(node, `${nameOf(array.type)} has no subscripts.`)
      return {
        node: call('athena_subscript', array.node, index.node),
        type: array.type.name === 'array' ? array.type.of : unknown,
      }
    }
    case 'GROUPING_FUNCTION':
      return { node: { ...node, children: children().map((part) => part.node) }, type: bigint }
    default:
      return context.refuse(node, `This is not supported (${textOf(node.type).toLowerCase()}).`)
  }
}

function subqueryExpression(node: Node, place: Place): Typed {
  const { context } = place
  const statement = child(node.subquery)
  const query = child(statement?.node)
  if (!query) return context.refuse(node, 'This subquery is not supported.')
  const inner = place.subquery(query, place.scope)
  const made = { ...node, subquery: { ...statement, node: inner.node } }
  const [column] = inner.columns
  switch (node.subquery_type) {
    case 'EXISTS':
      return { node: made, type: boolean }
    case 'SCALAR':
      if (inner.columns.length !== 1 && !isAny(inner.columns))
        return context.refuse(node, 'A subquery that stands for a value gives one column.')
      return { node: made, type: column?.type ?? unknown }
    case 'ANY': {
      const subject = operand(node.child, place)
      if (inner.columns.length !== 1 && !isAny(inner.columns))
        return context.refuse(node, 'A subquery after IN gives one column.')
      if (!comparisons.has(textOf(node.comparison_type)))
        return context.refuse(node, 'This comparison is not supported.')
      comparable(node, subject, { node: constant(null), type: column?.type ?? unknown }, context)
      return { node: { ...made, child: subject.node }, type: boolean }
    }
    default:
      return context.refuse(node, 'This subquery is not supported.')
  }
}
