import type { RunSummary } from '@muniment/api/contract'
import { formatCount, plural } from '../../lib/format.ts'

type State = RunSummary['state']

/** What a run's state is called, and which of the four states it looks like. */
const states: Record<State, { words: string; kind: 'open' | 'ended' | 'held' | 'destroyed' }> = {
  planned: { words: 'waits for approval', kind: 'open' },
  approved: { words: 'approved, nothing destroyed yet', kind: 'open' },
  'sent-back': { words: 'sent back', kind: 'ended' },
  executing: { words: 'being carried out', kind: 'destroyed' },
  paused: { words: 'paused', kind: 'held' },
  cancelled: { words: 'cancelled', kind: 'ended' },
  executed: { words: 'destroyed, being verified', kind: 'destroyed' },
  verified: { words: 'destroyed and verified', kind: 'destroyed' },
  certified: { words: 'destroyed and certified', kind: 'destroyed' },
}

export const stateOf = (state: State) => states[state]

export const records = (count: number): string => plural(count, 'record', 'records')
export const rows = (count: number): string => plural(count, 'row', 'rows')

/** Seconds as one plans by them: nobody waits by the second for a minute. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left'
  if (seconds < 60) return 'less than a minute left'
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `about ${plural(minutes, 'minute', 'minutes')} left`
  const hours = Math.floor(minutes / 60)
  const rest = Math.round((minutes % 60) / 10) * 10
  if (rest === 60) return `about ${plural(hours + 1, 'hour', 'hours')} left`
  return `about ${plural(hours, 'hour', 'hours')}${rest > 0 && hours < 6 ? ` ${rest} minutes` : ''} left`
}

/** Against the run before: `117 more than ...`. */
export function difference(now: number, before: number): string {
  if (now === before) return 'as many as'
  return now > before ? `${formatCount(now - before)} more than` : `${formatCount(before - now)} fewer than`
}

/** `+117`, with a minus that is one. */
export const signed = (change: number): string =>
  change === 0 ? '0' : `${change > 0 ? '+' : '\u2212'}${formatCount(Math.abs(change))}`
