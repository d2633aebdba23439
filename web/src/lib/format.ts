const language = 'en-GB'
const whole = new Intl.NumberFormat(language)
const plurals = new Intl.PluralRules(language)

export const formatCount = (value: number): string => whole.format(value)

/** `3 rows`, `1 row`. */
export function plural(count: number, one: string, other: string): string {
  return `${formatCount(count)} ${plurals.select(count) === 'one' ? one : other}`
}

const steps = ['kB', 'MB', 'GB', 'TB', 'PB'] as const

/** `3 rows`; `up to 100 rows` where the count is told rounded up. */
export const rowsInWords = (count: number, isRounded = false): string =>
  `${isRounded && count > 0 ? 'up to ' : ''}${plural(count, 'row', 'rows')}`

/** Bytes as people say them, three digits: `512 bytes`, `1.23 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte', 'bytes')
  let value = bytes
  let unit: string = steps[0]
  for (const step of steps) {
    value /= 1000
    unit = step
    if (value < 999.5) break
  }
  return `${new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value)} ${unit}`
}

/** `0.3 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return '0.01 s'
  if (milliseconds < 1000) return `${(milliseconds / 1000).toFixed(2)} s`
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** US dollars; a search of a cent's fraction says so instead of nothing. */
export function formatPrice(dollars: number): string {
  if (dollars <= 0) return ''
  if (dollars < 0.01) return 'under $0.01'
  return `$${dollars.toFixed(2)}`
}

const longDate = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' })
const longDay = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })

const two = (value: number) => String(value).padStart(2, '0')

/** The local calendar day of a moment, `2024-07-05`. */
export function isoDay(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

/** An ISO calendar date in the person's style. Anything else is returned as it is. */
export function formatDay(day: string, style: 'long' | 'iso'): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!parts || style === 'iso') return day
  return longDate.format(new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])))
}

/** A moment's date, by the browser's clock and zone. */
export function formatMomentDay(moment: string, style: 'long' | 'iso'): string {
  const date = new Date(moment)
  return style === 'iso' ? isoDay(date) : longDay.format(date)
}

export const formatClock = (moment: string): string => clock.format(new Date(moment))

export function formatMoment(moment: string, style: 'long' | 'iso'): string {
  const date = new Date(moment)
  return `${formatDay(isoDay(date), style)}, ${clock.format(date)}`
}
