/**
 * Nunjucks' own parser, and nothing else of it: the tree of a template with exact places. SQL templates never reach
 * Nunjucks' compiler; views do only after their tree was checked.
 */
import nunjucks from 'nunjucks'

/** A node as Nunjucks' parser gives it. `lineno` and `colno` count from 0. */
export interface TemplateNode {
  typename: string
  lineno: number
  colno: number
  children?: TemplateNode[]
  value?: unknown
  cond?: TemplateNode
  body?: TemplateNode
  else_?: TemplateNode | null
  left?: TemplateNode
  right?: TemplateNode
  target?: TemplateNode
  val?: TemplateNode
  name?: TemplateNode
  args?: TemplateNode | null
  arr?: TemplateNode
  expr?: TemplateNode
  ops?: TemplateNode[]
  key?: TemplateNode
  template?: TemplateNode
  withContext?: boolean | null
}

interface Token {
  type: string
  value: unknown
  lineno: number
}

interface Internals {
  parser: { parse(source: string): TemplateNode }
  lexer: { lex(source: string): { nextToken(): Token | null } }
}

const { parser, lexer } = nunjucks as unknown as Internals

/** `line` and `column` count from 1. */
export class TemplateSyntaxError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TemplateSyntaxError'
    this.line = line
    this.column = column
  }
}

/** Throws TemplateSyntaxError. `{% raw %}` is refused here because the tree no longer shows it. */
export function parseTemplate(source: string): TemplateNode {
  refuseRaw(source)
  try {
    return parser.parse(source)
  } catch (error) {
    throw syntaxError(source, error)
  }
}

function refuseRaw(source: string): void {
  try {
    const tokens = lexer.lex(source)
    let opening = false
    for (let token = tokens.nextToken(); token; token = tokens.nextToken()) {
      if (token.type === 'whitespace') continue
      if (opening && (token.value === 'raw' || token.value === 'verbatim'))
        throw new TemplateSyntaxError(`{% ${token.value} %} is not part of the language.`, token.lineno + 1, 1)
      opening = token.type === 'block-start'
    }
  } catch (error) {
    throw syntaxError(source, error)
  }
}

function syntaxError(source: string, error: unknown): TemplateSyntaxError {
  if (error instanceof TemplateSyntaxError) return error
  const { lineno, colno, message } = error as { lineno?: number; colno?: number; message?: string }
  const lastLine = source.split('\n').length
  const text = (message ?? String(error)).replace(/^\(unknown path\)\s*(\[Line.*?\])?\s*/, '').replace(/^Error: /, '')
  return new TemplateSyntaxError(
    `The template cannot be read: ${lineno ? text : 'something that was begun is not closed'}.`,
    lineno ?? lastLine,
    colno ?? 1,
    { cause: error },
  )
}

/** Offsets of each line's first character. */
export function lineStarts(source: string): number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Line and column, from 1, of an offset. */
export function placeOf(starts: number[], offset: number): { line: number; column: number } {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}
