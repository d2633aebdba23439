import { closest } from '@muniment/archive/did-you-mean'
import { lineStarts, parseTemplate, placeOf, type TemplateNode, TemplateSyntaxError } from '../template-tree.ts'
import { type Condition, SORT, type SqlNode } from './tree.ts'

export interface SqlProblem {
  line: number
  column: number
  message: string
  hint?: string
}

interface Reading {
  source: string
  starts: number[]
  /** Declared parameters, for names and hints. */
  names: string[]
  problems: SqlProblem[]
}

const NOT_SAID: Record<string, string> = {
  Set: '{% set %} is not part of the language: a name always means the parameter.',
  For: '{% for %} is not part of the language in SQL: a list parameter expands by itself in IN ({{ name }}).',
  Include: '{% include %} is not part of the language in SQL.',
  Import: '{% import %} is not part of the language in SQL.',
  FromImport: '{% from %} is not part of the language in SQL.',
  Extends: '{% extends %} is not part of the language in SQL.',
  Macro: '{% macro %} is not part of the language in SQL.',
  Filter:
    'Filters are not part of the language in SQL: declare a `transform` with the parameter, or use an SQL function.',
  FunCall: 'Nothing can be called in an SQL template.',
  LookupVal: 'Nothing can be looked up in a parameter: name the parameter alone.',
  Literal: 'A literal is written in SQL, not in {{ }}.',
}

/** Reads an SQL template. What the language does not know is a problem; the tree then is not to be used. */
export function parseSql(source: string, names: string[]): { nodes: SqlNode[]; problems: SqlProblem[] } {
  const reading: Reading = { source, starts: lineStarts(source), names, problems: [] }
  try {
    const nodes = readList(reading, parseTemplate(source))
    return { nodes, problems: reading.problems }
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error
    return { nodes: [], problems: [{ line: error.line, column: error.column, message: error.message }] }
  }
}

function readList(reading: Reading, node: TemplateNode | null | undefined): SqlNode[] {
  if (!node) return []
  if (node.typename === 'If') return [readIf(reading, node)]
  if (node.typename !== 'NodeList' && node.typename !== 'Root' && node.typename !== 'Output') {
    refuse(reading, node)
    return []
  }
  const nodes: SqlNode[] = []
  for (const child of node.children ?? []) {
    if (child.typename === 'TemplateData') nodes.push(...readText(reading, child))
    else if (node.typename !== 'Output') nodes.push(...readList(reading, child))
    else {
      const name = readName(reading, child, true)
      if (name === SORT) nodes.push({ kind: 'sort', ...place(node) })
      else if (name !== undefined) nodes.push({ kind: 'value', name, ...place(node) })
    }
  }
  return nodes
}

function readText(reading: Reading, node: TemplateNode): SqlNode[] {
  const text = String(node.value)
  if (text === '') return []
  // Whitespace control trims the text but not its place, so the place is found again in the source.
  let offset = (reading.starts[node.lineno] ?? 0) + node.colno
  while (offset < reading.source.length && !reading.source.startsWith(text, offset)) offset += 1
  return [{ kind: 'text', text, ...placeOf(reading.starts, offset) }]
}

function readIf(reading: Reading, node: TemplateNode): SqlNode {
  const condition = readCondition(reading, node.cond)
  const then = readList(reading, node.body)
  const otherwise = readList(reading, node.else_)
  return { kind: 'if', condition, then, otherwise, ...place(node) }
}

function readCondition(reading: Reading, node: TemplateNode | undefined): Condition {
  if (node?.typename === 'Not') return { kind: 'not', of: readCondition(reading, node.target) }
  if (node?.typename === 'And' || node?.typename === 'Or')
    return {
      kind: node.typename === 'And' ? 'and' : 'or',
      left: readCondition(reading, node.left),
      right: readCondition(reading, node.right),
    }
  if (node?.typename === 'Group' && node.children?.length === 1) return readCondition(reading, node.children[0])
  if (node?.typename === 'Symbol') return { kind: 'given', name: readName(reading, node, false) ?? '' }
  if (node)
    reading.problems.push({
      ...place(node),
      message: 'A condition asks whether parameters are given: names with not, and, or.',
    })
  return { kind: 'given', name: '' }
}

function readName(reading: Reading, node: TemplateNode, output: boolean): string | undefined {
  if (node.typename !== 'Symbol') {
    refuse(reading, node)
    return undefined
  }
  const name = String(node.value)
  if (reading.names.includes(name) || (output && name === SORT)) return name
  const near = closest(name, reading.names)
  reading.problems.push({
    ...place(node),
    message:
      name === SORT
        ? '`sort` is the declared order and always there: it cannot be asked for in a condition.'
        : `\`${name}\` is not a declared parameter.`,
    ...(near ? { hint: `Did you mean \`${near}\`?` } : {}),
  })
  return undefined
}

function refuse(reading: Reading, node: TemplateNode): void {
  const message =
    NOT_SAID[node.typename] ??
    'Only {{ parameter }} and {% if parameter %} may stand in an SQL template: there are no expressions.'
  reading.problems.push({ ...place(node), message })
}

const place = (node: TemplateNode) => ({ line: node.lineno + 1, column: node.colno + 1 })
