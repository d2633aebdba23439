import { holds, type SqlNode } from '../sql/tree.ts'
import { lineStarts, placeOf } from '../template-tree.ts'

export interface Place {
  line: number
  column: number
}

/** One SQL text that a template becomes, with the way back to the template's lines and columns (all from 1). */
export interface RenderedSql {
  sql: string
  placeInTemplate(place: { line: number; column?: number | undefined }): Place
}

interface Piece extends Place {
  offset: number
  text: string
  /** A value or the order: all of it stands for one place of the template. */
  whole: boolean
}

/** Renders as binding does, one `?` a value: what is checked is what runs. */
export function renderSql(nodes: SqlNode[], given: ReadonlySet<string>, sort: string): RenderedSql {
  const pieces: Piece[] = []
  let text = ''
  const add = (node: Exclude<SqlNode, { kind: 'if' }>, added: string) => {
    pieces.push({ offset: text.length, text: added, line: node.line, column: node.column, whole: node.kind !== 'text' })
    text += added
  }
  const walk = (list: SqlNode[]): void => {
    for (const node of list)
      if (node.kind === 'if') walk(holds(node.condition, given) ? node.then : node.otherwise)
      else add(node, node.kind === 'text' ? node.text : node.kind === 'sort' ? sort : '?')
  }
  walk(nodes)
  const sql = text.trim()
  const cut = text.length - text.trimStart().length
  const starts = lineStarts(sql)
  return {
    sql,
    placeInTemplate({ line, column = 1 }) {
      const start = starts[line - 1] ?? 0
      // A line without column means its first word, which may stand in another piece than its indentation.
      const indentation = column > 1 ? 0 : (/^\s*/.exec(sql.slice(start).split('\n')[0] ?? '')?.[0].length ?? 0)
      return locate(pieces, Math.min(start + column - 1 + indentation, sql.length) + cut)
    },
  }
}

function locate(pieces: Piece[], offset: number): Place {
  const piece = pieces.findLast((candidate) => candidate.offset <= offset)
  if (!piece) return { line: 1, column: 1 }
  if (piece.whole) return { line: piece.line, column: piece.column }
  const inside = placeOf(lineStarts(piece.text), offset - piece.offset)
  return {
    line: piece.line + inside.line - 1,
    column: inside.line === 1 ? piece.column + inside.column - 1 : inside.column,
  }
}
