/** What `read` gives for each of the numbers, in order, with several reads under way at once. */
export async function* readAhead<T>(
  numbers: Iterable<number>,
  read: (number: number) => Promise<T>,
  most = 32,
): AsyncGenerator<T> {
  const waiting: Promise<T>[] = []
  try {
    for (const number of numbers) {
      const one = read(number)
      // Looked at when its turn comes.
      one.catch(() => {})
      waiting.push(one)
      if (waiting.length < most) continue
      const first = waiting.shift()
      if (first) yield await first
    }
    for (const one of waiting) yield await one
  } finally {
    await Promise.allSettled(waiting)
  }
}

/** 1, 2, 3 and so on from `first`. */
export function* countFrom(first: number, last = Number.POSITIVE_INFINITY): Generator<number> {
  for (let number = first; number <= last; number++) yield number
}
