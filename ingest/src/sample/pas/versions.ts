import { OPEN } from './calendar.ts'

/** From `validFrom` on this state holds; the system learnt it on `recordedOn`. */
export interface Change<State> {
  validFrom: number
  recordedOn: number
  state: State
}

export interface Version<State> {
  state: State
  validFrom: number
  validTo: number
  recordedFrom: number
  recordedTo: number
}

/**
 * The bitemporal rows of a history. On any day since the first recording, exactly one row is believed for any day since the
 * begin: a change closes, in recorded time, the rows it cuts or replaces, and records again what is left of them.
 * Changes come in the order of recording, each on a later day than the one before it.
 */
export function versionsOf<State>(changes: readonly Change<State>[]): Version<State>[] {
  const versions: Version<State>[] = []
  for (const change of changes) {
    const believed = versions.length
    for (let i = 0; i < believed; i++) {
      const version = versions[i]
      if (version === undefined || version.recordedTo !== OPEN || version.validTo < change.validFrom) continue
      version.recordedTo = change.recordedOn - 1
      if (version.validFrom < change.validFrom) {
        versions.push({ ...version, validTo: change.validFrom - 1, recordedFrom: change.recordedOn, recordedTo: OPEN })
      }
    }
    versions.push({
      state: change.state,
      validFrom: change.validFrom,
      validTo: OPEN,
      recordedFrom: change.recordedOn,
      recordedTo: OPEN,
    })
  }
  return versions
}
