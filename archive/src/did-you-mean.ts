/** Edit distance in which swapping two neighbours counts once, given up as soon as it must exceed `most`. */
function distance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1
  let twoAgo: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(
        (previous[column] ?? most) + 1,
        (current[column - 1] ?? most) + 1,
        (previous[column - 1] ?? most) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        least = Math.min(least, (twoAgo[column - 2] ?? most) + 1)
      current.push(least)
    }
    if (Math.min(...current) > most && Math.min(...previous) > most) return most + 1
    twoAgo = previous
    previous = current
  }
  return previous[to.length] ?? most + 1
}

const plain = (word: string) => word.toLowerCase().replace(/[-_\s]/g, '')

/** The candidate that was probably meant by `word`: at most a third of its letters off, ties to the first; or undefined. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word.slice(0, 100))
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const off = distance(wanted, plain(candidate), least - 1)
    if (off < least) {
      best = candidate
      least = off
    }
    if (least === 0) break
  }
  return best
}
