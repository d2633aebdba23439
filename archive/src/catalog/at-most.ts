/** Does `act` for each, at most `count` at a time; after a failure none is begun any more, and the first is thrown once all have ended. */
export async function atMost<T>(count: number, items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]()
  const failed: unknown[] = []
  const work = async () => {
    for (let next = waiting.next(); !next.done && failed.length === 0; next = waiting.next())
      await act(next.value).catch((error: unknown) => {
        failed.push(error)
      })
  }
  await Promise.all(Array.from({ length: count }, work))
  if (failed.length > 0) throw failed[0]
}
