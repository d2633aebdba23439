import type { Rights } from '@muniment/archive/access/port'
import { ProblemError } from '../errors.ts'
import type { Passed } from './usage.ts'

const number = (value: number) => value.toLocaleString('en')
const day = (date: Date) => date.toISOString().slice(0, 10)

/** 429: which limit, how much of it, until when, and who can lift it. */
export function overLimit({ limit, used, most, until }: Passed, { contact }: Rights, now: Date): ProblemError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000))
  const said = {
    searchesPerMinute: `You may begin ${number(most)} searches a minute, and have. Try again in ${seconds} seconds.`,
    rowsExportedPerDay:
      `You may export ${number(most)} rows a day, and have exported ${number(used)}; this would be more. ` +
      `The next day begins at midnight UTC (${day(until)}).`,
    bytesScannedPerMonth:
      `Your searches and exports may read ${number(most)} bytes a month, and have read ${number(used)}. ` +
      `The next month begins on ${day(until)} (UTC).`,
  }[limit]
  const headers = { 'Retry-After': String(seconds) }
  return new ProblemError('over-limit-person', `${said} ${contact}`, { headers })
}
