import { keyText } from '../closures.ts'
import type { Closure, RecordKey } from '../types.ts'

/** Keys of one table beyond which the whole table is protected: more than needed, never less. */
export const MOST_KEYS = 200_000

/** What was found so far, by table, and what of it has not been followed yet. */
export class Collected {
  readonly #tables = new Map<string, 'all' | Map<string, RecordKey>>()
  readonly #fresh = new Map<string, 'all' | RecordKey[]>()
  readonly #most: number

  constructor(most = MOST_KEYS) {
    this.#most = most
  }

  addAll(table: string): void {
    if (this.#tables.get(table) === 'all') return
    this.#tables.set(table, 'all')
    this.#fresh.set(table, 'all')
  }

  /** A key with a NULL cannot be named: then all of the table is protected. */
  add(table: string, key: readonly (string | null)[]): void {
    const there = this.#tables.get(table)
    if (there === 'all') return
    if (key.some((part) => part === null)) {
      this.addAll(table)
      return
    }
    const keys = there ?? new Map<string, RecordKey>()
    this.#tables.set(table, keys)
    const whole = key.map(String)
    const text = keyText(whole)
    if (keys.has(text)) return
    if (keys.size >= this.#most) {
      this.addAll(table)
      return
    }
    keys.set(text, whole)
    const fresh = this.#fresh.get(table)
    if (fresh === undefined) this.#fresh.set(table, [whole])
    else if (fresh !== 'all') fresh.push(whole)
  }

  isAll(table: string): boolean {
    return this.#tables.get(table) === 'all'
  }

  /** All of it counts as not followed yet. */
  again(): void {
    for (const [table, keys] of this.#tables) this.#fresh.set(table, keys === 'all' ? 'all' : [...keys.values()])
  }

  /** What one table has that was not followed yet; undefined where nothing is left. */
  next(): { table: string; keys: 'all' | RecordKey[] } | undefined {
    const [first] = this.#fresh
    if (!first) return undefined
    const [table, keys] = first
    this.#fresh.delete(table)
    return { table, keys }
  }

  tables(): Closure['tables'] {
    return Object.fromEntries(
      [...this.#tables]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([table, keys]) => [table, keys === 'all' ? 'all' : [...keys.values()]]),
    )
  }
}
