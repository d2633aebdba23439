import { InputError } from '@muniment/archive/errors'

/** A date means its last instant in universal time: what happened that day has happened by then. */
export function readMoment(text: string | undefined, option: string): Date {
  if (text === undefined) return new Date()
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const moment = new Date(day ? `${text}T23:59:59.999Z` : text)
  const rolled = day && !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) !== text
  if ((day || zoned) && !Number.isNaN(moment.getTime()) && !rolled) return moment
  throw new InputError(
    `${option} takes a date (2026-11-30) or a moment with its zone (2026-11-30T12:00:00Z), not "${text}".`,
  )
}
