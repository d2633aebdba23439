/** DuckDB's syntax tree as `json_serialize_sql` gives it. Loose on purpose: what is not known is refused, not typed. */
export interface Node {
  class?: string
  type?: string
  alias?: string
  query_location?: number | string
  [key: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])
export const child = (value: unknown): Node | undefined => (isNode(value) ? value : undefined)
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

const nowhere = { alias: '', query_location: 0 }

export function constant(value: string | number | boolean | null): Node {
  const id =
    value === null ? 'NULL' : typeof value === 'string' ? 'VARCHAR' : typeof value === 'boolean' ? 'BOOLEAN' : 'INTEGER'
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    ...nowhere,
    value: { type: { id, type_info: null }, is_null: value === null, ...(value === null ? {} : { value }) },
  }
}

export function call(name: string, ...children: Node[]): Node {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    ...nowhere,
    function_name: name,
    schema: '',
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  }
}

export const operator = (name: string, ...children: Node[]): Node => ({ ...call(name, ...children), is_operator: true })

export const binaryChain = (name: string, children: Node[]): Node =>
  children.reduce((left, right) => operator(name, left, right))

export const not = (operand: Node): Node => ({
  class: 'OPERATOR',
  type: 'OPERATOR_NOT',
  ...nowhere,
  children: [operand],
})

export const isNull = (operand: Node): Node => ({
  class: 'OPERATOR',
  type: 'OPERATOR_IS_NULL',
  ...nowhere,
  children: [operand],
})

export const either = (children: Node[]): Node =>
  children.length === 1 && children[0]
    ? children[0]
    : { class: 'CONJUNCTION', type: 'CONJUNCTION_OR', ...nowhere, children }

export const choose = (when: Node, then: Node, otherwise: Node): Node => ({
  class: 'CASE',
  type: 'CASE_EXPR',
  ...nowhere,
  case_checks: [{ when_expr: when, then_expr: then }],
  else_expr: otherwise,
})

export type DuckdbCast =
  | 'VARCHAR'
  | 'INTEGER'
  | 'BIGINT'
  | 'HUGEINT'
  | 'DOUBLE'
  | 'BOOLEAN'
  | 'DATE'
  | 'TIMESTAMP'
  | { precision: number; scale: number }

export function cast(operand: Node, to: DuckdbCast, attempt = false): Node {
  const type =
    typeof to === 'string'
      ? { id: to, type_info: null }
      : {
          id: 'DECIMAL',
          type_info: { type: 'DECIMAL_TYPE_INFO', extension_info: null, width: to.precision, scale: to.scale },
        }
  return { class: 'CAST', type: 'OPERATOR_CAST', ...nowhere, child: operand, cast_type: type, try_cast: attempt }
}
