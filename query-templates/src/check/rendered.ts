import { holds, type SqlNode } from '../sql/tree.ts'

/** One SQL text that a template becomes, with the way back to the template's lines. */
export interface RenderedSql {
  sql: string
  /** The template's line (from 1) of a place in `sql`. */
  lineAt(offset: number): number
  /** The template's line of a line of `sql`, both from 1. */
  lineOf(line: number): number
}

interface Piece {
  offset: number
  text: string
  line: number
}

/** Renders as binding does, one `?` a value: what is checked is what runs. */
export function renderSql(nodes: SqlNode[], given: ReadonlySet<string>, sort: string): RenderedSql {
  const pieces: Piece[] = []
  let whole = ''
  const add = (text: string, line: number) => {
    pieces.push({ offset: whole.length, text, line })
    whole += text
  }
  const walk = (list: SqlNode[]): void => {
    for (const node of list)
      if (node.kind === 'if') walk(holds(node.condition, given) ? node.then : node.otherwise)
      else if (node.kind === 'text') add(node.text, node.line)
      else add(node.kind === 'sort' ? sort : '?', node.line)
  }
  walk(nodes)
  const cut = whole.length - whole.trimStart().length
  const sql = whole.trim()
  const lineAt = (offset: number) => {
    const at = Math.max(0, Math.min(offset, sql.length)) + cut
    const piece = pieces.findLast((candidate) => candidate.offset <= at)
    return piece ? piece.line + piece.text.slice(0, at - piece.offset).split('\n').length - 1 : 1
  }
  return {
    sql,
    lineAt,
    lineOf(line) {
      const before = sql.split('\n').slice(0, line - 1)
      const start = before.reduce((length, text) => length + text.length + 1, 0)
      const text = sql.split('\n')[line - 1] ?? ''
      return lineAt(start + (text.length - text.trimStart().length))
    },
  }
}
