import type { Session } from '../tables/session.ts'

/**
 * Each item by whichever session is free: what runs in one thread for one (hashing, derived columns, small sorts) overlaps with
 * another's work. After a failure nothing new begins, and it is thrown once everything has stopped.
 */
export async function share<T>(sessions: Session[], items: T[], work: (session: Session, item: T) => Promise<void>) {
  const queue = [...items]
  const failures: unknown[] = []
  await Promise.all(
    sessions.map(async (session) => {
      for (let next = queue.shift(); next !== undefined && failures.length === 0; next = queue.shift())
        await work(session, next).catch((error: unknown) => failures.push(error))
    }),
  )
  if (failures.length > 0) throw failures[0]
}
