import { invalid } from '../errors.ts'
import type { Token } from './tokens.ts'

/** Walks over tokens; `expect...` refuse what stands there instead, as the service's own parser does. */
export class Cursor {
  #at = 0
  readonly sql: string
  readonly #tokens: readonly Token[]

  constructor(sql: string, tokens: readonly Token[]) {
    this.sql = sql
    this.#tokens = tokens
  }

  get position(): number {
    return this.#at
  }

  set position(at: number) {
    this.#at = at
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** True, and past them, where exactly these words or symbols follow. */
  accept(...texts: string[]): boolean {
    const all = texts.every((text, ahead) => {
      const token = this.peek(ahead)
      return token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.text === text
    })
    if (all) this.#at += texts.length
    return all
  }

  expect(...texts: string[]): void {
    if (!this.accept(...texts)) this.refuse(`'${texts.join(' ')}'`)
  }

  name(): string {
    const token = this.peek()
    if (token?.kind !== 'word' && token?.kind !== 'identifier') this.refuse('a name')
    this.#at++
    return token.text.toLowerCase()
  }

  string(): string {
    const token = this.peek()
    if (token?.kind !== 'string') this.refuse('a string')
    this.#at++
    return token.text
  }

  /** A token of any kind. */
  next(): Token {
    const token = this.peek()
    if (!token) this.refuse('more')
    this.#at++
    return token
  }

  /** The text from the next token to the end of the statement. */
  rest(): string {
    const from = this.peek()?.start
    const last = this.#tokens.at(-1)
    this.#at = this.#tokens.length
    return from === undefined || !last ? '' : this.sql.slice(from, last.end)
  }

  /** The text inside the parentheses that open here. */
  parenthesised(): string {
    this.expect('(')
    const from = this.peek()?.start ?? 0
    for (let depth = 1; ; ) {
      const token = this.next()
      if (token.kind !== 'symbol') continue
      if (token.text === '(') depth++
      if (token.text === ')' && --depth === 0) return this.sql.slice(from, token.start)
    }
  }

  end(): void {
    if (!this.done) this.refuse('the end')
  }

  refuse(expected: string): never {
    const token = this.peek()
    const before = this.sql.slice(0, token?.start ?? this.sql.length)
    const lines = before.split('\n')
    const place = `line ${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
    const found = token ? this.sql.slice(token.start, token.end) : '<EOF>'
    throw invalid(`${place}: mismatched input '${found}'. Expecting: ${expected}`, 'MALFORMED_QUERY')
  }
}
