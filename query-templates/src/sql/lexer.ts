/**
 * A lexer of SQL as far as quotes, comments, words and parentheses go. It is an automaton with a small state, so that
 * it can be run over a template with all branches of its conditions at once: what it finds holds for every SQL text that the
 * template can become, not for some samples of them.
 */

type Mode = 'code' | 'single' | 'double' | 'line-comment' | 'block-comment'

/** Stands for a placeholder in `last`. */
const HOLE = '\u0000'
const SPACE = /\s/
/** Engines' parsers take time that grows with more than the square of it, and give up at some hundreds. */
const DEEPEST = 200
// Other scripts' letters count as words: an identifier may hold them.
const OTHER_WORD = /[\p{L}\p{M}\p{N}]/u

function isWord(char: string): boolean {
  if (char > '\u007f') return OTHER_WORD.test(char)
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || (char >= '0' && char <= '9') || char === '_'
}

export interface LexerState {
  mode: Mode
  /** The character before, or HOLE. */
  last: string
  /** The last character that is neither space nor comment. */
  significant: string
  /** The word being read, in lower case. */
  word: string
  /** `order` and `order by` when these words stand directly before. */
  before: '' | 'order' | 'order by'
  depth: number
  /** An ORDER BY was read outside parentheses. */
  ordered: boolean
  /** {{ sort }} was read and nothing that breaks its ties yet. */
  tied: boolean
}

export const start = (): LexerState => ({
  mode: 'code',
  last: '',
  significant: '',
  word: '',
  before: '',
  depth: 0,
  ordered: false,
  tied: false,
})

/** Two states with one key go on alike. */
export const keyOf = (state: LexerState): string =>
  [state.mode, state.last, state.significant, state.word, state.before, state.depth, state.ordered, state.tied].join(
    '\u0001',
  )

/** Reads on; `report` gets what must not stand there, with its offset in `text` and the character. */
export function read(
  state: LexerState,
  text: string,
  report: (offset: number, message: string, char: string) => void,
): void {
  for (let offset = 0; offset < text.length; offset += 1) {
    const char = text.charAt(offset)
    if (char < ' ' && !SPACE.test(char)) report(offset, 'A control character stands in the SQL.', char)
    const wasCode = state.mode === 'code'
    switch (state.mode) {
      case 'single':
      case 'double':
        if (char === (state.mode === 'single' ? "'" : '"')) state.mode = 'code'
        break
      case 'line-comment':
        if (char === '\n' || char === '\r') state.mode = 'code'
        break
      case 'block-comment':
        if (char === '/' && state.last === '*') {
          state.mode = 'code'
          state.last = ' '
          continue
        }
        if (char === '*' && state.last === '/')
          report(offset, 'Comments are not nested: engines disagree about where such a one ends.', char)
        break
      case 'code':
        readCode(state, char, (message) => report(offset, message, char))
        break
    }
    // The star that opens a comment is not the one that closes it: /*/ is still open.
    state.last = wasCode && state.mode === 'block-comment' ? ' ' : char
  }
}

function readCode(state: LexerState, char: string, report: (message: string) => void): void {
  if (isWord(char)) {
    if (state.last === HOLE) report('A placeholder stands by itself: put a space or an operator after it.')
    state.word = (state.word + char.toLowerCase()).slice(0, 12)
    state.significant = char
    return
  }
  const wordBefore = state.word
  endWord(state)
  if (SPACE.test(char)) return
  if (char === '-' && state.last === '-') state.mode = 'line-comment'
  else if (char === '*' && state.last === '/') state.mode = 'block-comment'
  else if (char === "'" || char === '"') {
    if (wordBefore !== '')
      report('A letter stands directly before a quote: engines disagree about what that means. Put a space between.')
    if (state.last === HOLE) report('A placeholder stands beside a quote.')
    state.mode = char === "'" ? 'single' : 'double'
  } else if (char === ';') report('A template is one statement: take the semicolon away.')
  else if (char === '?') report('Values are named: write {{ parameter }} instead of ?.')
  else if (char === '$' || char === '`' || char === '\\')
    report(`${char} is not part of the SQL that both engines read.`)
  else if (char === '.' && state.last === HOLE) report('A placeholder is a value: nothing can be looked up in it.')
  else if (char === '(') {
    state.depth += 1
    if (state.depth === DEEPEST + 1)
      report(`Parentheses are nested more than ${DEEPEST} deep. Take steps apart with WITH, or write fewer.`)
  } else if (char === ')') state.depth -= 1
  else if (char === ',' && state.depth === 0) state.tied = false
  state.before = ''
  state.significant = char
}

function endWord(state: LexerState): void {
  if (state.word === '') return
  if (state.word === 'by' && state.before === 'order') {
    state.before = 'order by'
    if (state.depth === 0) state.ordered = true
  } else state.before = state.word === 'order' ? 'order' : ''
  state.word = ''
}

/** Puts a placeholder in; gives what is wrong with the place, if anything. */
export function readHole(state: LexerState, kind: 'value' | 'list' | 'sort'): string | undefined {
  endWord(state)
  const problem = holeProblem(state, kind)
  state.last = HOLE
  state.significant = HOLE
  state.before = ''
  if (kind === 'sort') state.tied = true
  return problem
}

function holeProblem(state: LexerState, kind: 'value' | 'list' | 'sort'): string | undefined {
  if (state.mode === 'single' || state.mode === 'double')
    return `A placeholder stands inside quotes (${state.mode === 'single' ? "'...'" : '"..."'}): take the quotes away, it is a value by itself.`
  if (state.mode !== 'code') return 'A placeholder stands inside a comment. A comment of the template is {# ... #}.'
  if (state.last === HOLE) return 'Two placeholders stand side by side.'
  if (isWord(state.last)) return 'A placeholder stands by itself: put a space or an operator before it.'
  if (state.last === '.') return 'A placeholder is a value: it cannot be part of a name.'
  if (state.last === "'" || state.last === '"') return 'A placeholder stands beside a quote.'
  if (kind === 'list' && state.significant !== '(' && state.significant !== ',')
    return 'A list stands in parentheses: IN ({{ name }}).'
  if (kind === 'sort' && (state.before !== 'order by' || state.depth !== 0))
    return '{{ sort }} stands directly after the ORDER BY of the whole statement.'
  return undefined
}

/** What is wrong with ending here, if anything. */
export function readEnd(state: LexerState): string[] {
  endWord(state)
  const problems: string[] = []
  if (state.mode === 'single' || state.mode === 'double') problems.push('A quote is not closed.')
  if (state.mode === 'block-comment') problems.push('A comment is not closed.')
  if (state.depth !== 0) problems.push('Parentheses do not match.')
  if (!state.ordered)
    problems.push('The statement has no ORDER BY: pages and exports would not come out the same twice.')
  if (state.tied) problems.push('{{ sort }} may leave ties: break them by a key, ORDER BY {{ sort }}, some_key.')
  return problems
}
