/** First come first served within a person, turn and turn about between persons. */
export class FairQueue<Item> {
  readonly #waiting = new Map<string, Item[]>()
  #size = 0

  get size() {
    return this.#size
  }

  push(person: string, item: Item) {
    const own = this.#waiting.get(person)
    if (own) own.push(item)
    else this.#waiting.set(person, [item])
    this.#size++
  }

  /** The next one's turn; whoever had it goes to the end of the round. */
  shift(): Item | undefined {
    for (const [person, own] of this.#waiting) {
      const item = own.shift()
      this.#waiting.delete(person)
      if (own.length > 0) this.#waiting.set(person, own)
      if (item !== undefined) this.#size--
      return item
    }
    return undefined
  }

  remove(item: Item): boolean {
    for (const [person, own] of this.#waiting) {
      const at = own.indexOf(item)
      if (at < 0) continue
      own.splice(at, 1)
      if (own.length === 0) this.#waiting.delete(person)
      this.#size--
      return true
    }
    return false
  }
}
