import type { RootSession, Session } from '../tables/session.ts'

/** Connections that work at the same time, the first one's instance giving each its share of threads. */
export interface Team {
  root: RootSession
  sessions: Session[]
}

/**
 * Each item by whichever session is free: what runs in one thread for one (hashing, derived columns, small sorts) overlaps with
 * another's work. After a failure nothing new begins, and it is thrown once everything has stopped.
 */
export async function share<T>(
  { root, sessions }: Team,
  items: T[],
  work: (session: Session, item: T) => Promise<void>,
) {
  const queue = [...items]
  const failures: unknown[] = []
  const busy = sessions.slice(0, Math.max(1, items.length))
  let left = busy.length
  await root.runAtOnce(left)
  await Promise.all(
    busy.map(async (session) => {
      for (let next = queue.shift(); next !== undefined && failures.length === 0; next = queue.shift())
        await work(session, next).catch((error: unknown) => failures.push(error))
      left--
      // The last ones are not to work with fewer threads than there are cores.
      if (left > 0) await root.runAtOnce(left)
    }),
  )
  if (failures.length > 0) throw failures[0]
}
