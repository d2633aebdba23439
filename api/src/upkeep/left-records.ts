import type { Problem } from '../contract.ts'
import { fateOf, type ProcessMark } from '../shared/process-mark.ts'
import type { SearchRecord } from '../shared/search-record.ts'
import type { NamedRecords } from '../shared/taken-records.ts'

/** No search and no export runs that long; where nobody can tell whether its process lives, it is left alone until then. */
const longestMs = 3_600_000

/** What upkeep reads of a search's record, or of an export's, which has no panels. */
export interface LeftRecord {
  state: SearchRecord['state']
  started: string
  finished?: string
  entry?: string
  by?: ProcessMark
  panels?: SearchRecord['panels']
  titled?: SearchRecord['titled'] | undefined
  problem?: Problem
  rows?: number
  bytes?: number
  named?: NamedRecords
}

/** Whether the process that is named is at work no more. For the owner of a data folder, of which there is one at a time. */
export function isOver(by: ProcessMark | undefined, since: number, now: Date): boolean {
  if (!by || by.owner) return true
  const fate = fateOf(by)
  return fate === 'unknown' ? now.getTime() - since > longestMs : fate !== 'lives'
}

/** Whether it is certain that the process ended, whenever that was. For the owner of a data folder. */
export const isGone = (by: ProcessMark | undefined): boolean =>
  by !== undefined && (by.owner === true || fateOf(by) === 'ended')
