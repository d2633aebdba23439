/** Letters that may be wrong in a word of this length and it is still the word. */
const slips = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2)

/** Whether a word was probably meant: it begins alike, and few letters are wrong, missing, too many or changed about. */
export function isSimilar(typed: string, word: string): boolean {
  const most = slips(Math.min(typed.length, word.length))
  if (most === 0 || typed[0] !== word[0] || Math.abs(typed.length - word.length) > most) return false
  return distance(typed, word) <= most
}

/** Damerau and Levenshtein's, of neighbours. */
function distance(left: string, right: string): number {
  let before: number[] = []
  let above = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let row = 1; row <= left.length; row++) {
    const own = [row]
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1]
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (own[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
      )
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      own.push(least)
    }
    before = above
    above = own
  }
  return above[right.length] ?? 0
}
