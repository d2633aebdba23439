import { foldWords } from './fold.ts'

/** What a typed text says of a day. Dates are ISO, `2024-07-05`. */
export type DateReading =
  | { kind: 'date'; day: string }
  /** Day and month could change places: both days are real. */
  | { kind: 'ambiguous'; days: string[] }
  /** A year of fewer than four digits: nobody but the writer knows the century. */
  | { kind: 'short-year' }
  /** Day, month and year, but no such day: 31 February. */
  | { kind: 'impossible' }
  | { kind: 'unreadable' }

export function isCalendarDate(value: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const iso = (year: string, month: string | number, day: string): string =>
  `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`

/** The one real day among readings, or why there is none. */
function settle(readings: string[]): DateReading {
  const [day, ...others] = [...new Set(readings.filter(isCalendarDate))]
  if (day === undefined) return { kind: 'impossible' }
  return others.length > 0 ? { kind: 'ambiguous', days: [day, ...others] } : { kind: 'date', day }
}

const monthsOf = new Map<string, Array<readonly [name: string, month: number]>>()

/** Long and short names of the months, folded, in these languages. */
function monthNames(languages: readonly string[]): Array<readonly [string, number]> {
  const key = languages.join()
  const known = monthsOf.get(key)
  if (known) return known
  const names = languages.flatMap((language) =>
    (['long', 'short'] as const).flatMap((style) => {
      const format = new Intl.DateTimeFormat(language, { month: style, day: 'numeric', timeZone: 'UTC' })
      return Array.from({ length: 12 }, (_, month) => {
        const parts = format.formatToParts(Date.UTC(2024, month, 15))
        const name = parts.find((part) => part.type === 'month')?.value ?? ''
        return [foldWords(name).replaceAll('.', ''), month + 1] as const
      })
    }),
  )
  monthsOf.set(key, names)
  return names
}

/** 1 to 12, or undefined where the word is no month, or several. */
function monthOf(word: string, languages: readonly string[]): number | undefined {
  const folded = foldWords(word)
  const names = monthNames(languages)
  const whole = names.filter(([name]) => name === folded)
  const begun = whole.length > 0 || folded.length < 3 ? whole : names.filter(([name]) => name.startsWith(folded))
  const months = new Set(begun.map(([, month]) => month))
  return months.size === 1 ? [...months][0] : undefined
}

// `5th of July`, `den 5. Juli`, `le 1er juillet`.
const fillers = new Set(['st', 'nd', 'rd', 'th', 'of', 'the', 'der', 'den', 'er', 'le', 'de'])

function readWords(text: string, languages: readonly string[]): DateReading {
  const tokens = (text.match(/\p{Letter}+|\d+/gu) ?? []).filter((token) => !fillers.has(token.toLowerCase()))
  const numbers = tokens.filter((token) => /^\d/.test(token))
  const words = tokens.filter((token) => !/^\d/.test(token))
  const month = words.length === 1 ? monthOf(words[0] ?? '', languages) : undefined
  if (month === undefined || numbers.length !== 2) return { kind: 'unreadable' }
  const year = numbers.find((number) => number.length === 4)
  const day = numbers.find((number) => number.length <= 2)
  if (day === undefined) return { kind: 'unreadable' }
  return year === undefined ? { kind: 'short-year' } : settle([iso(year, month, day)])
}

/**
 * Reads a date as people write it: `5 Jul 2024`, `Jul 5, 2024`, `05.07.2024`, `2024-07-05`, `20240705`. Points put the day first, a
 * year in front puts the month second; anything else that could be two days is refused.
 *
 * @param languages whose names of months are understood
 */
export function readDate(typed: string, languages: readonly string[] = ownLanguages()): DateReading {
  const text = typed.normalize('NFKC').trim()
  if (/\p{Letter}/u.test(text)) return readWords(text, languages)
  const parts = /^(\d{1,4})\s*([./\-\s])\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})\.?$/.exec(text)
  if (parts) {
    const [, first = '', mark = '', second = '', third = ''] = parts
    if (first.length === 4 && third.length <= 2) return settle([iso(first, second, third)])
    if (first.length > 2) return { kind: 'unreadable' }
    if (third.length < 4) return { kind: 'short-year' }
    const dayFirst = iso(third, second, first)
    return settle(mark === '.' ? [dayFirst] : [dayFirst, iso(third, first, second)])
  }
  if (/^\d{8}$/.test(text)) {
    const at = (from: number, to: number) => text.slice(from, to)
    const readings = [
      iso(at(0, 4), at(4, 6), at(6, 8)),
      iso(at(4, 8), at(2, 4), at(0, 2)),
      iso(at(4, 8), at(0, 2), at(2, 4)),
    ]
    // Without marks a year before 1000 is no year that anybody means.
    return settle(readings.filter((reading) => !reading.startsWith('0')))
  }
  return { kind: /^\d{6}$/.test(text) ? 'short-year' : 'unreadable' }
}

const ownLanguages = (): string[] => [
  ...new Set(['en', 'de', ...(typeof navigator === 'undefined' ? [] : (navigator.languages ?? []))]),
]

/** What is kept of a typed date: the day where it says one, else the text as it is, so that nothing typed is lost. */
export function dayOrText(typed: string): string {
  const reading = readDate(typed)
  return reading.kind === 'date' ? reading.day : typed
}
