import type { Parameter } from '../types.ts'
import { keyOf, type LexerState, read, readEnd, readHole, start } from './lexer.ts'
import type { SqlProblem } from './parse.ts'
import { namesIn, type SqlNode, surelyGiven } from './tree.ts'

/** Whether the parameter always has a value once inputs were checked. */
export const alwaysGiven = (parameter: Parameter): boolean => parameter.required || parameter.default !== undefined

/** Runs the lexer through all branches at once and says where a placeholder, a quote or the end is not where it may be. */
export function checkPlaces(nodes: SqlNode[], parameters: Parameter[]): SqlProblem[] {
  const found = new Map<string, SqlProblem>()
  const report = (problem: SqlProblem) => found.set(`${problem.line} ${problem.column} ${problem.message}`, problem)
  const lists = new Set(parameters.filter((parameter) => parameter.list).map((parameter) => parameter.name))

  const walk = (list: SqlNode[], states: LexerState[]): LexerState[] => {
    let current = states
    for (const node of list) {
      if (node.kind === 'if') {
        const then = walk(
          node.then,
          current.map((state) => ({ ...state })),
        )
        current = distinct([...then, ...walk(node.otherwise, current)])
      } else
        for (const state of current)
          if (node.kind === 'text')
            read(state, node.text, (offset, message) => report({ ...placeIn(node, offset), message }))
          else {
            const kind = node.kind === 'sort' ? 'sort' : lists.has(node.name) ? 'list' : 'value'
            const message = readHole(state, kind)
            if (message) report({ line: node.line, column: node.column, message })
          }
    }
    return distinct(current)
  }

  const last = lastPlace(nodes)
  for (const state of walk(nodes, [start()])) for (const message of readEnd(state)) report({ ...last, message })
  return [...found.values()]
}

/** An optional parameter may be used only where a condition made sure that it is given. */
export function checkGuards(nodes: SqlNode[], parameters: Parameter[]): SqlProblem[] {
  const problems: SqlProblem[] = []
  const walk = (list: SqlNode[], given: ReadonlySet<string>): void => {
    for (const node of list)
      if (node.kind === 'value' && !given.has(node.name))
        problems.push({
          line: node.line,
          column: node.column,
          message: `\`${node.name}\` is optional, so it may be missing here.`,
          hint: `Put this part between {% if ${node.name} %} and {% endif %}, or declare the parameter required.`,
        })
      else if (node.kind === 'if') {
        walk(node.then, new Set([...given, ...surelyGiven(node.condition, true)]))
        walk(node.otherwise, new Set([...given, ...surelyGiven(node.condition, false)]))
      }
  }
  walk(nodes, new Set(parameters.filter(alwaysGiven).map((parameter) => parameter.name)))
  return problems
}

/** Names of the parameters that the SQL puts in or asks for. */
export function namesUsed(nodes: SqlNode[]): Set<string> {
  const names = new Set<string>()
  for (const node of nodes)
    if (node.kind === 'value') names.add(node.name)
    else if (node.kind === 'if')
      for (const name of [...namesIn(node.condition), ...namesUsed(node.then), ...namesUsed(node.otherwise)])
        names.add(name)
  return names
}

export const usesSort = (nodes: SqlNode[]): boolean =>
  nodes.some(
    (node) => node.kind === 'sort' || (node.kind === 'if' && (usesSort(node.then) || usesSort(node.otherwise))),
  )

function distinct(states: LexerState[]): LexerState[] {
  const byKey = new Map<string, LexerState>()
  for (const state of states) byKey.set(keyOf(state), state)
  return [...byKey.values()]
}

function placeIn(node: { text: string; line: number; column: number }, offset: number) {
  const before = node.text.slice(0, offset)
  const lines = before.split('\n').length - 1
  return {
    line: node.line + lines,
    column: lines === 0 ? node.column + offset : offset - before.lastIndexOf('\n'),
  }
}

function lastPlace(nodes: SqlNode[]): { line: number; column: number } {
  const last = nodes.at(-1)
  if (!last) return { line: 1, column: 1 }
  if (last.kind === 'text') return placeIn(last, last.text.trimEnd().length)
  return { line: last.line, column: last.column }
}
