import type { ClosingEntry, OpeningEntry, RecordsEntry } from '@muniment/archive/audit/entries'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import type { ObjectStore } from '@muniment/archive/store/port'

export interface LoggedAction {
  opening: OpeningEntry
  /** Should be one. */
  closings: ClosingEntry[]
  tokens: string[]
}

/** All actions of the log in the order in which they began. */
export async function logged(store: ObjectStore, action?: string): Promise<LoggedAction[]> {
  const openings: OpeningEntry[] = []
  const closings: ClosingEntry[] = []
  const records: RecordsEntry[] = []
  for await (const entry of exportEntries(store, { from: new Date(0), until: new Date('2100-01-01') })) {
    if (entry.kind === 'opening') openings.push(entry)
    if (entry.kind === 'closing') closings.push(entry)
    if (entry.kind === 'records') records.push(entry)
  }
  return openings
    .filter((opening) => action === undefined || opening.action === action)
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .map((opening) => ({
      opening,
      closings: closings.filter(({ of }) => of === opening.id),
      tokens: records.filter(({ of }) => of === opening.id).flatMap(({ tokens }) => tokens),
    }))
}

/** A store whose keys below a prefix cannot be written while `refusing` says so. */
export const refusingBelow =
  (prefix: string, refusing: () => boolean) =>
  (store: ObjectStore): ObjectStore => {
    const refuse =
      <A extends [string, ...never[]], T>(write: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        if (args[0].startsWith(prefix) && refusing()) throw new Error('EROFS: refused by the test')
        return write(...args)
      }
    return {
      ...store,
      create: refuse(store.create),
      replace: refuse(store.replace),
      createFromFile: refuse(store.createFromFile),
    }
  }
