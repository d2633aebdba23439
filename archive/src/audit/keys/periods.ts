import { InputError } from '../../errors.ts'

/** A day (`2026-11-05`) or a month (`2026-11`), for which there is a key. */
const PERIOD = /^\d{4}-\d{2}(-\d{2})?$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

export const isPeriod = (text: string): boolean => PERIOD.test(text)

export function mustBePeriod(text: string): void {
  if (!isPeriod(text)) throw new TypeError('A key is for a day or a month.')
}

/** Whether the period ended before this day. */
export const endedBefore = (period: string, day: string): boolean => isPeriod(period) && endOf(period) <= day

/** Throws InputError where keys before this day may not be forgotten. */
export function mustHaveEnded(before: string, now: Date): void {
  if (!DAY.test(before)) throw new InputError('Say the day as 2026-11-05: what ended before it is forgotten.')
  if (before > now.toISOString().slice(0, 10))
    throw new InputError(`Only what has ended can be forgotten; ${before} is still to come.`)
}

/** The first day after the period. */
function endOf(period: string): string {
  const end = new Date(DAY.test(period) ? period : `${period}-01`)
  if (DAY.test(period)) end.setUTCDate(end.getUTCDate() + 1)
  else end.setUTCMonth(end.getUTCMonth() + 1)
  return end.toISOString().slice(0, 10)
}
