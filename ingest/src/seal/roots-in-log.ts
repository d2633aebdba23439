import { findEntries } from '@muniment/archive/audit/find/find-entries'
import type { ObjectStore } from '@muniment/archive/store/port'

export interface LoggedRoot {
  /** Id of the opening entry. */
  entry: string
  root: string
  /** Whether a checkpoint covers it. */
  covered: boolean
}

/** What the audit log says of the roots of loads: by application and load. What checks the log itself is `audit verify`. */
export async function rootsInLog(store: ObjectStore): Promise<Map<string, LoggedRoot[]>> {
  const roots = new Map<string, LoggedRoot[]>()
  for await (const { opening, index } of findEntries(store, { actions: ['load'], limit: Number.POSITIVE_INFINITY })) {
    const { application, load, root } = opening.subject ?? {}
    if (typeof application !== 'string' || typeof load !== 'string' || typeof root !== 'string') continue
    const name = loadName(application, load)
    const others = roots.get(name) ?? []
    roots.set(name, [...others, { entry: opening.id, root, covered: index !== undefined }])
  }
  return roots
}

export const loadName = (application: string, load: string): string => `${application}/${load}`
