import type { ColumnCondition, RecordClass, Schedule, TriggerDate } from '../src/schedule/types.ts'

/**
 * What schedules say of a record, worked out by hand, day by day of the calendar and row by row: it shares nothing with what is tested but the
 * shapes. Rows are texts by column; tables hang together by the keys that `keys` says.
 */
export type TextRow = Record<string, string | null>
export type Tables = Record<string, TextRow[]>

export interface Setting {
  tables: Tables
  asOf: string
  plausible: { from: string; to: string }
  /** How the record's row leads to rows of a table. */
  lead(table: string, row: TextRow): { rows: TextRow[]; lost: boolean }
  legalEntity: string
}

export interface Verdict {
  standing: string
  dueFrom?: string
  schedule?: string
}

type Three = true | false | undefined

const leap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysIn = (year: number, month: number) =>
  month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

interface Day {
  y: number
  m: number
  d: number
}
const parse = (text: string): Day => {
  const [y = 0, m = 0, d = 0] = text.slice(0, 10).split('-').map(Number)
  return { y, m, d }
}
const write = ({ y, m, d }: Day) =>
  `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`

function tomorrow({ y, m, d }: Day): Day {
  if (d < daysIn(y, m)) return { y, m, d: d + 1 }
  return m < 12 ? { y, m: m + 1, d: 1 } : { y: y + 1, m: 1, d: 1 }
}

function monthsOn(day: Day, count: number): Day {
  let { y, m } = day
  for (let left = count; left > 0; left--) {
    m++
    if (m === 13) {
      m = 1
      y++
    }
  }
  return { y, m, d: Math.min(day.d, daysIn(y, m)) }
}

function daysOn(day: Day, count: number): Day {
  let at = day
  for (let left = count; left > 0; left--) at = tomorrow(at)
  return at
}

function parts(period: string): { months: number; days: number } {
  const count = (letter: string) => Number(period.match(new RegExp(`(\\d+)${letter}`))?.[1] ?? 0)
  return { months: count('Y') * 12 + count('M'), days: count('W') * 7 + count('D') }
}

/** The first day after the period. */
export function mayGoFrom(schedule: Pick<Schedule, 'begin' | 'period' | 'fiscalYearEnds'>, event: string): string {
  const { months, days } = parts(schedule.period)
  let last = parse(event)
  if (schedule.begin !== 'event') {
    const closing = schedule.begin === 'calendar-year-end' ? 12 : (schedule.fiscalYearEnds ?? 12)
    while (last.m !== closing || last.d !== daysIn(last.y, last.m)) last = tomorrow(last)
    last = monthsOn(last, months)
    if (months > 0) last = { ...last, d: daysIn(last.y, last.m) }
  } else last = monthsOn(last, months)
  return write(tomorrow(daysOn(last, days)))
}

/** Whether somebody born on a day is younger than that, at the end of `asOf`. */
function younger(born: string, period: string, asOf: string): boolean {
  const { months, days } = parts(period)
  const day = parse(born)
  let there = monthsOn(day, months)
  if (there.d !== day.d) there = tomorrow(there)
  return write(daysOn(there, days)) > asOf
}

function holds(row: TextRow, one: ColumnCondition, setting: Setting): Three {
  const value = row[one.column] ?? null
  const all: Three[] = []
  if (one.present !== undefined) all.push((value !== null) === one.present)
  const known = (test: (text: string) => boolean) => all.push(value === null ? undefined : test(value))
  if (one.in) known((text) => one.in?.includes(text) === true)
  if (one.notIn) known((text) => one.notIn?.includes(text) === false)
  const sane =
    value === null ? false : value.slice(0, 10) >= setting.plausible.from && value.slice(0, 10) <= setting.plausible.to
  const dated = (test: (text: string) => boolean) => all.push(value === null || !sane ? undefined : test(value))
  const { moreThan, lessThan, youngerThan } = one
  if (moreThan !== undefined) dated((text) => text > moreThan)
  if (lessThan !== undefined) dated((text) => text < lessThan)
  if (youngerThan !== undefined) dated((text) => younger(text.slice(0, 10), youngerThan, setting.asOf))
  return and(all)
}

const and = (all: Three[]): Three => (all.includes(false) ? false : all.includes(undefined) ? undefined : true)
const or = (all: Three[]): Three => (all.includes(true) ? true : all.includes(undefined) ? undefined : false)

const rowHolds = (row: TextRow, where: ColumnCondition[], setting: Setting): Three =>
  and(where.map((one) => holds(row, one, setting)))

function ends(row: TextRow, via: { table: string }[], setting: Setting): { rows: TextRow[]; lost: boolean } {
  const [step] = via
  return step ? setting.lead(step.table, row) : { rows: [row], lost: false }
}

function someHolds(row: TextRow, via: { table: string }[], where: ColumnCondition[], setting: Setting): Three {
  const { rows, lost } = ends(row, via, setting)
  return or([...rows.map((one) => rowHolds(one, where, setting)), ...(lost ? [undefined] : [])])
}

/** The latest of the dates; undefined where it cannot be known. */
function event(row: TextRow, dates: TriggerDate[], setting: Setting): string | undefined {
  let latest: string | undefined
  for (const date of dates) {
    const { rows, lost } = ends(row, date.via, setting)
    if (lost) return undefined
    for (const one of rows) {
      const counts = rowHolds(one, date.where, setting)
      if (counts === undefined) return undefined
      if (!counts) continue
      const value = one[date.column]?.slice(0, 10)
      if (value === undefined) {
        if (date.missing === 'unknown') return undefined
        continue
      }
      if (value < setting.plausible.from || value > setting.plausible.to) return undefined
      if (latest === undefined || value > latest) latest = value
    }
  }
  return latest
}

interface Judged {
  schedule: Schedule
  applies: Three
  due: string | undefined
}

/** Of one row of the class's table. */
export function judge(row: TextRow, recordClass: RecordClass, setting: Setting): Verdict {
  const { asOf } = setting
  const judged: Judged[] = recordClass.schedules
    .filter(({ inForce }) => inForce.from <= asOf && !(inForce.to !== undefined && inForce.to < asOf))
    .map((schedule) => {
      const entity = row[setting.legalEntity] ?? null
      const applies = and([
        !schedule.legalEntities || entity === null || schedule.legalEntities.includes(entity),
        ...schedule.applies.map(({ via, where }) => someHolds(row, via, where, setting)),
      ])
      const on = event(row, schedule.trigger.latestOf, setting)
      return { schedule, applies, due: on === undefined ? undefined : mayGoFrom(schedule, on) }
    })
  const of = (kind: Schedule['kind']) => judged.filter((one) => one.schedule.kind === kind)
  const [least, most] = [of('keep-at-least'), of('keep-no-longer-than')]
  const doubtful = (one: Judged) => one.applies === undefined || (one.applies === true && one.due === undefined)
  if (least.some(doubtful)) return { standing: 'undated' }
  const binding = least.filter(({ applies }) => applies === true)
  const limits = most.filter(({ applies }) => applies === true)
  if (binding.length === 0 && most.some(doubtful)) return { standing: 'undated' }
  if (binding.length === 0 && limits.length === 0) return { standing: 'undated' }
  if (binding.some(({ schedule }) => schedule.action === 'keep'))
    return { standing: limits.length > 0 ? 'conflict' : 'for-good' }
  const counting = binding.length > 0 ? binding : limits
  const days = counting.map(({ due }) => due ?? '').sort()
  const day = (binding.length > 0 ? days.at(-1) : days[0]) ?? ''
  const deciding = counting.filter(({ due }) => due === day)
  const dated = { dueFrom: day, schedule: deciding.map(({ schedule }) => schedule.id).sort()[0] ?? '' }
  if (new Set(deciding.map(({ schedule }) => schedule.action)).size > 1) return { standing: 'conflict', ...dated }
  if (day > asOf) return { standing: 'not-due', ...dated }
  if (deciding[0]?.schedule.action === 'review') {
    const mustGo = limits.some(({ schedule, due }) => schedule.action === 'destroy' && due !== undefined && due <= asOf)
    return { standing: binding.length > 0 && mustGo ? 'conflict' : 'review', ...dated }
  }
  const kept = recordClass.keepWhile.some(({ via, where }) => someHolds(row, via, where, setting) !== false)
  return { standing: kept ? 'kept' : 'due', ...dated }
}
