/** Writes that need not wait for each other: at most `most` under way; the first that fails fails `add` and `all`. */
export function sideBySide(most = 16) {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []

  const check = () => {
    if (failures.length > 0) throw failures[0]
  }
  return {
    async add(act: () => Promise<void>): Promise<void> {
      while (running.size >= most) await Promise.race(running)
      check()
      const one: Promise<void> = act()
        .catch((error: unknown) => {
          failures.push(error)
        })
        .finally(() => running.delete(one))
      running.add(one)
    },
    async all(): Promise<void> {
      await Promise.all(running)
      check()
    },
  }
}
