import type { Closing } from '@muniment/archive/audit/port'
import type { Problem, Search } from '../contract.ts'
import { kindOf } from '../errors.ts'
import type { SearchRecord } from './search-record.ts'

function outcomeOf(state: Search['state'], problems: readonly (Problem | undefined)[]): Closing['outcome'] {
  if (state === 'done' || state === 'cancelled') return state
  const kinds = problems.flatMap((problem) => (problem ? [kindOf(problem)] : []))
  if (kinds.includes('interrupted')) return 'interrupted'
  return kinds.some((kind) => kind === 'refused' || kind === 'masked' || kind === 'over-limit-person')
    ? 'refused'
    : 'failed'
}

/** What the log's entry of a search is closed with, once its record says how it ended and which record its title names. */
export function closingOfSearch({
  state,
  panels,
  titled = [],
}: Pick<SearchRecord, 'state' | 'panels'> & { titled?: SearchRecord['titled'] | undefined }): Closing {
  const outcomes = panels.flatMap(({ outcome }) => outcome ?? [])
  return {
    outcome: outcomeOf(
      state,
      outcomes.map(({ problem }) => problem),
    ),
    rows: outcomes.reduce((sum, { rows = 0 }) => sum + rows, 0),
    bytes: outcomes.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0),
    ...(titled.length > 0 && { records: titled }),
  }
}

interface EndedExport {
  state: Search['state']
  problem?: Problem | undefined
  rows?: number
  bytes?: number
}

export const closingOfExport = ({ state, problem, rows, bytes }: EndedExport): Closing => ({
  outcome: outcomeOf(state, [problem]),
  ...(rows !== undefined && { rows }),
  ...(bytes !== undefined && { bytes }),
})
