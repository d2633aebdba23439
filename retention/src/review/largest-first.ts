/** The few largest of many, the largest first; of equal ones those that came first. */
export class LargestFirst<T> {
  readonly #most: number
  readonly #compare: (one: T, other: T) => number
  #kept: T[] = []

  constructor(most: number, compare: (one: T, other: T) => number) {
    this.#most = most
    this.#compare = compare
  }

  take(item: T): void {
    const last = this.#kept.at(-1)
    if (last !== undefined && this.#kept.length >= this.#most && this.#compare(item, last) <= 0) return
    const at = this.#kept.findIndex((kept) => this.#compare(item, kept) > 0)
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, item)
    this.#kept.length = Math.min(this.#kept.length, this.#most)
  }

  list(): T[] {
    return [...this.#kept]
  }
}
