/** Every state that can be reached, breadth first, each once, and how the first of each kind of violation comes about. */

export interface Step<S> {
  /** Who moves, and what it does. */
  by: string
  does: string
  to: S
}

export interface Explored<S> {
  states: number
  steps: number
  /** States from which nothing follows. */
  ends: S[]
  /** By what is violated: the shortest way there. */
  violations: Map<string, { by: string; does: string }[]>
}

export function explore<S>(
  first: S,
  next: (state: S) => Step<S>[],
  violated: (state: S) => string | undefined,
): Explored<S> {
  const nameOf = (state: S) => JSON.stringify(state)
  const seen = new Map<string, { from: string | undefined; by: string; does: string }>()
  const violations: Explored<S>['violations'] = new Map()
  const ends: S[] = []
  let steps = 0
  const wayTo = (name: string) => {
    const way: { by: string; does: string }[] = []
    for (let at = seen.get(name); at?.from !== undefined; at = seen.get(at.from))
      way.unshift({ by: at.by, does: at.does })
    return way
  }
  let front = [first]
  seen.set(nameOf(first), { from: undefined, by: '', does: '' })
  while (front.length > 0) {
    const after: S[] = []
    for (const state of front) {
      const from = nameOf(state)
      const what = violated(state)
      if (what !== undefined) {
        if (!violations.has(what)) violations.set(what, wayTo(from))
        // What comes after is wrong already.
        continue
      }
      const following = next(state)
      if (following.length === 0) ends.push(state)
      for (const { by, does, to } of following) {
        steps++
        const name = nameOf(to)
        if (seen.has(name)) continue
        seen.set(name, { from, by, does })
        after.push(to)
      }
    }
    front = after
  }
  return { states: seen.size, steps, ends, violations }
}
