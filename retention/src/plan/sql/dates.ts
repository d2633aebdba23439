import { reckoned } from '../../schedule/periods.ts'
import type { Schedule } from '../../schedule/types.ts'

const add = (unit: string, count: number | string, date: string): string =>
  count === 0 ? date : `date_add('${unit}', ${count}, ${date})`

/** The last day of the year in which a date lies. */
const yearEnd = (date: string) => add('day', -1, add('year', 1, `date_trunc('year', ${date})`))

const fiscalYearEnd = (date: string, month: number) =>
  `last_day_of_month(date_add('month', CASE WHEN month(${date}) > ${month} THEN ${month + 12} - month(${date})
    ELSE ${month} - month(${date}) END, ${date}))`

/** From which day on a record may go, where `date` is its event: see ADR 13. */
export function dueFrom(schedule: Pick<Schedule, 'begin' | 'period' | 'fiscalYearEnds'>, date: string): string {
  const { months, days } = reckoned(schedule.period)
  if (schedule.begin === 'event') return add('day', days + 1, add('month', months, date))
  const end =
    schedule.begin === 'calendar-year-end' ? yearEnd(date) : fiscalYearEnd(date, schedule.fiscalYearEnds ?? 12)
  return add('day', days + 1, months === 0 ? end : `last_day_of_month(${add('month', months, end)})`)
}

/** The day on which somebody born on `date` is that old: where the month has no such day, the first of the next. */
export function reaches(period: string, date: string): string {
  const { months, days } = reckoned(period)
  if (months === 0) return add('day', days, date)
  const moved = add('month', months, date)
  return add('day', days, `CASE WHEN day(${moved}) < day(${date}) THEN ${add('day', 1, moved)} ELSE ${moved} END`)
}
