import type { ObjectStore } from '../../store/port.ts'
import { findEntries } from './find-entries.ts'

/** An action that shows records may have begun this long before its closing. */
const LONGEST = 24 * 60 * 60_000

/** Of months (2026-11) that have no key, those in which records were shown all the same: the key was there and was forgotten. */
export async function forgottenMonths(store: ObjectStore, months: readonly string[]): Promise<string[]> {
  const forgotten: string[] = []
  for (const month of months) {
    const begin = new Date(`${month}-01T00:00:00Z`)
    const until = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1))
    const from = new Date(begin.getTime() - LONGEST)
    for await (const { closing } of findEntries(store, { from, until, limit: Number.POSITIVE_INFINITY })) {
      if (!closing?.records?.tokens || closing.at.slice(0, 7) !== month) continue
      forgotten.push(month)
      break
    }
  }
  return forgotten
}
