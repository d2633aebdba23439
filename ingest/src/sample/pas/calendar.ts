/** Days are counted from 1 January 1970: cheap to add to, and formatted once each. */

/** What the old system wrote for "no end": 31 December 9999. */
export const OPEN = 2932896

/** The last day of the old system: 31 December 2024. */
export const SWITCH_OFF = day(2024, 12, 31)

/** Premium collection and commissions were condensed on this day; earlier years are gone. */
export const LEDGER_BEGINS = day(2015, 1, 1)

/** Months count from 1; a month beyond 12 belongs to the next year. */
export function day(year: number, month: number, dayOfMonth: number): number {
  // Years from March, so that the leap day is the last: several times faster than Date, and called for every row.
  const months = year * 12 + month - 3
  const y = Math.floor(months / 12)
  const m = months - y * 12
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return y * 365 + leapDays + Math.floor((153 * m + 2) / 5) + dayOfMonth - 719_469
}

/** `2024-07-05` as a day. */
export function isoDay(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / 86_400_000)
}

interface Parts {
  year: number
  month: number
  day: number
}

const OFFSET = 40_000
const parts = new Array<Parts | undefined>(2 * OFFSET).fill(undefined)

export function dateParts(value: number): Parts {
  const known = parts[value + OFFSET]
  if (known) return known
  const date = new Date(value * 86_400_000)
  const made = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  // Kept for the days that occur all the time only; the open end would make the array sparse and slow.
  if (value > -OFFSET && value < OFFSET) parts[value + OFFSET] = made
  return made
}

export const yearOf = (value: number): number => dateParts(value).year

/** The same day `months` later, or the last of the month where there is none. */
export function addMonths(value: number, months: number): number {
  const from = dateParts(value)
  const first = day(from.year, from.month + months, 1)
  const { year, month } = dateParts(first)
  return Math.min(first + from.day - 1, day(year, month + 1, 1) - 1)
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

export type DateFormat = 'iso' | 'compact' | 'dotted'

const cache = () => new Array<string | undefined>(2 * OFFSET).fill(undefined)
const caches: Record<DateFormat, (string | undefined)[]> = { iso: cache(), compact: cache(), dotted: cache() }

export function formatDay(value: number, format: DateFormat): string {
  const cache = caches[format]
  const index = value + OFFSET
  const known = value < OFFSET ? cache[index] : undefined
  if (known !== undefined) return known
  const { year, month, day: dayOfMonth } = dateParts(value)
  const text =
    format === 'iso'
      ? `${year}-${two(month)}-${two(dayOfMonth)}`
      : format === 'compact'
        ? `${year}${two(month)}${two(dayOfMonth)}`
        : `${two(dayOfMonth)}.${two(month)}.${year}`
  if (value > -OFFSET && value < OFFSET) cache[index] = text
  return text
}

/** A moment: day and millisecond of the day, written as the old database wrote timestamps. */
export function formatMoment(moment: number): string {
  const dayNumber = Math.floor(moment / 86_400_000)
  const rest = moment - dayNumber * 86_400_000
  const milliseconds = rest % 1000
  const seconds = Math.floor(rest / 1000)
  const thousandths = milliseconds < 10 ? `00${milliseconds}` : milliseconds < 100 ? `0${milliseconds}` : milliseconds
  return `${formatDay(dayNumber, 'iso')}-${two(Math.floor(seconds / 3600))}.${two(Math.floor(seconds / 60) % 60)}.${two(
    seconds % 60,
  )}.${thousandths}000`
}
