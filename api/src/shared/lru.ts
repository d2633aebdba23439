/** Values by key up to a total weight; the least recently used go first. What is lost is read again. */
export function createLru<V>(capacity: number, weigh: (value: V) => number = () => 1) {
  const entries = new Map<string, { value: V; weight: number }>()
  let total = 0

  function remove(key: string): void {
    const entry = entries.get(key)
    if (!entry) return
    entries.delete(key)
    total -= entry.weight
  }

  return {
    get(key: string): V | undefined {
      const entry = entries.get(key)
      if (!entry) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key: string, value: V): void {
      remove(key)
      const weight = weigh(value)
      if (weight > capacity) return
      entries.set(key, { value, weight })
      total += weight
      for (const oldest of entries.keys()) {
        if (total <= capacity) break
        remove(oldest)
      }
    },
    remove,
    get size() {
      return entries.size
    },
  }
}
