/** To make one takes longer than all else that is done for a moment. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

/** Hours, minutes and day of a moment in a time zone. */
export function localTime(at: Date, timeZone: string): { minutes: number; day: string; time: string } {
  const parts = formatOf(timeZone).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
  const time = `${of('hour')}:${of('minute')}`
  return { minutes: minutesOf(time), day: `${of('year')}-${of('month')}-${of('day')}`, time }
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** The day on which the night began that a moment is in; undefined by day. `from` is inside, `until` is not. */
export function nightOf(at: Date, timeZone: string, night: { from: string; until: string }): string | undefined {
  const { minutes, day } = localTime(at, timeZone)
  const [from, until] = [minutesOf(night.from), minutesOf(night.until)]
  if (from < until) return minutes >= from && minutes < until ? day : undefined
  if (minutes >= from) return day
  if (minutes >= until) return undefined
  // By the calendar: a day of a clock change has not 24 hours.
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}
