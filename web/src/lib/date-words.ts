import { formatDay } from './format.ts'
import { isCalendarDate, readDate } from './read-date.ts'

type DateStyle = 'long' | 'iso'

const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })
const sample = '2024-07-05'

export const dateWords = {
  example: (style: DateStyle) => formatDay(sample, style),
  /** What an empty date field shows; it must not read like a date that somebody gave. */
  placeholder: (style: DateStyle) => `e.g. ${formatDay(sample, style)}`,
  hint: (style: DateStyle) =>
    style === 'iso'
      ? 'Write it as 2024-07-05, 5 Jul 2024 or 05.07.2024.'
      : 'Write it as 5 Jul 2024, 05.07.2024 or 2024-07-05.',
  calendar: (label: string) => `${label}: choose from a calendar`,
  readAs: (day: string) => `Read as ${day}.`,
}

/** Why a text in a date field is not a day, in a sentence; undefined where it is one. */
export function dateFault(label: string, value: string, style: DateStyle): string | undefined {
  if (isCalendarDate(value)) return undefined
  const reading = readDate(value)
  const example = dateWords.example(style)
  switch (reading.kind) {
    case 'date':
      return undefined
    case 'ambiguous':
      return `${label} could be ${list.format(reading.days.map((day) => formatDay(day, 'long')))}. Write the month as a word.`
    case 'short-year':
      return `${label} needs a year of four digits, such as ${example}.`
    case 'impossible':
      return `${label} names a day that no calendar has.`
    case 'unreadable':
      return `${label} must be a whole date: day, month and year, such as ${example}.`
  }
}
