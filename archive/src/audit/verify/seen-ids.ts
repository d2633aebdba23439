/** 2^21 ids: 16 MiB of halves, twice that while there is room. */
const MOST = 2 ** 21

/** A set of 64 bits an id, in memory that does not grow beyond `2 * most` of them. */
function halves(most: number) {
  let low = new Uint32Array(1024)
  let high = new Uint32Array(1024)
  let size = 0

  function place(lows: Uint32Array, highs: Uint32Array, a: number, b: number): number {
    const mask = lows.length - 1
    let at = (a ^ Math.imul(b, 0x9e3779b1)) & mask
    while ((lows[at] !== 0 || highs[at] !== 0) && (lows[at] !== a || highs[at] !== b)) at = (at + 1) & mask
    return at
  }
  function grow() {
    const [lows, highs] = [new Uint32Array(low.length * 2), new Uint32Array(low.length * 2)]
    for (const [index, a] of low.entries()) {
      const b = high[index] ?? 0
      if (a === 0 && b === 0) continue
      const at = place(lows, highs, a, b)
      lows[at] = a
      highs[at] = b
    }
    low = lows
    high = highs
  }

  return {
    isFull: () => size >= most,
    has(a: number, b: number) {
      const at = place(low, high, a, b)
      return low[at] === a && high[at] === b
    },
    add(a: number, b: number) {
      if (size * 2 >= low.length) grow()
      const at = place(low, high, a, b)
      low[at] = a
      high[at] = b
      size++
    },
  }
}

/** Which ids were there before, of the last `most` or more: by 64 of their random bits. */
export function createSeenIds(most = MOST) {
  let [now, before] = [halves(most), halves(most)]

  return {
    /** Whether the id was there already; from now on it was. */
    take(id: string): boolean {
      const digits = id.replaceAll('-', '')
      // Zeros mean that a place is free.
      const a = Number.parseInt(digits.slice(24), 16) || 1
      const b = (Number.parseInt(digits.slice(16, 24), 16) ^ Number.parseInt(digits.slice(4, 12), 16)) >>> 0
      if (now.has(a, b) || before.has(a, b)) return true
      if (now.isFull()) [now, before] = [halves(most), now]
      now.add(a, b)
      return false
    },
  }
}
