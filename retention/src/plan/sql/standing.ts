import type { Table } from '@muniment/archive/model/types'
import type { RecordClass, Rows, Schedule, TriggerDate } from '../../schedule/types.ts'
import { unknownWords } from '../../words/named-words.ts'
import { asDate, conditionsOn, plausibleDate, type Reckoning } from './conditions.ts'
import { dueFrom } from './dates.ts'
import { mustTable, reached, type Source } from './paths.ts'
import { type Acts, actsQuery } from './said.ts'
import { column, equal, every, keys } from './text.ts'

/** How a record stands, in the order in which the rows of a key that occurs twice are weighed: the last that any of them has counts. */
export const standings = ['due', 'review', 'kept', 'not-due', 'for-good', 'undated', 'conflict'] as const
const rank = (standing: (typeof standings)[number]) => standings.indexOf(standing)

export interface ClassQueries {
  class: RecordClass
  root: Table
  /** WITH queries, in order: name and text. The last, `standing`, has `k1`..., `st`, `code`, `why` and, with detail, more. */
  queries: { name: string; sql: string }[]
  standing: string
  /** Sentences that `why` numbers, from 1. */
  reasons: string[]
  /** Schedules that are in force, in the order of their ids; `code` tells which decides, and when. */
  schedules: Schedule[]
}

/** Days before what a date column may hold: due dates are counted from here in codes. */
const epoch = "DATE '0001-01-01'"
export const slots = 1000

export const inForceOn = ({ inForce }: Schedule, asOf: string): boolean =>
  inForce.from <= asOf && (inForce.to === undefined || asOf <= inForce.to)

/** The day that a code says, and the place of the schedule in `schedules`. */
export const codeDate = (code: string) => `date_add('day', ${code} / ${slots}, ${epoch})`
export const codePlace = (code: string) => `(${slots - 1} - ${code} % ${slots})`

interface Wanted extends Source, Reckoning {
  /** Of WITH queries. */
  prefix: string
  acts: Acts | undefined
}

const three = (condition: string) => `CASE WHEN ${condition} THEN 1 WHEN NOT (${condition}) THEN 0 ELSE 2 END`

export function standingQueries(recordClass: RecordClass, wanted: Wanted): ClassQueries {
  const { prefix, model, bound, asOf, acts } = wanted
  const root = mustTable(model, recordClass.table)
  const names = keys(root.primaryKey.length)
  const queries: ClassQueries['queries'] = []
  const reasons: string[] = []
  const why = (sentence: string) => {
    if (!reasons.includes(sentence)) reasons.push(sentence)
    return reasons.indexOf(sentence) + 1
  }
  const joins: string[] = []
  const known = new Map<string, string>()

  /** A WITH query of what rows at the end of steps say, one row a record; gives the alias by which it is joined. */
  function gathered(what: string, make: () => string): string {
    const before = known.get(what)
    if (before) return before
    const alias = `v${known.size + 1}`
    known.set(what, alias)
    queries.push({ name: `${prefix}_${alias}`, sql: make() })
    joins.push(`LEFT JOIN ${prefix}_${alias} AS ${alias} ON ${equal(alias, names, 't', root.primaryKey)}`)
    return alias
  }

  const keyed = (expressions: string[]) => expressions.map((key, index) => `${key} AS ${names[index]}`).join(', ')

  /** 1: some row is as it says; 2: some may be; 0: none is. */
  function rowsLevel({ via, where }: Rows): string {
    if (via.length === 0) return three(conditionsOn('t', root, where, wanted))
    const alias = gathered(`rows ${JSON.stringify([via, where])}`, () => {
      const path = reached(wanted, root, via)
      const holds = conditionsOn(path.alias, path.table, where, wanted)
      return `SELECT ${keyed(path.keys)}, max(CASE WHEN ${path.present} AND (${holds}) THEN 1 ELSE 0 END) AS sure,
        max(CASE WHEN ${path.orphan} THEN 1 WHEN NOT (${path.present}) THEN 0 WHEN ${holds} THEN 0 WHEN NOT (${holds}) THEN 0 ELSE 1 END) AS maybe
        FROM ${path.from} GROUP BY ${path.keys.join(', ')}`
    })
    return `CASE WHEN ${alias}.sure = 1 THEN 1 WHEN ${alias}.maybe = 1 THEN 2 ELSE 0 END`
  }

  /** A date, and whether it is unknown although there should be one. */
  function triggerDate({ via, where, column: name, missing }: TriggerDate): { date: string; unknown: string } {
    const doubtful = (alias: string, table: Table, counts: string) => {
      const raw = asDate(alias, table, name)
      const sound = plausibleDate(alias, table, name, wanted)
      const lacking = missing === 'unknown' ? `${raw} IS NULL OR ` : ''
      return {
        date: `CASE WHEN ${counts} THEN ${sound} END`,
        unknown: `CASE WHEN ${counts} THEN CASE WHEN ${lacking}(${raw} IS NOT NULL AND ${sound} IS NULL) THEN 1 ELSE 0 END
          WHEN NOT (${counts}) THEN 0 ELSE 1 END`,
      }
    }
    if (via.length === 0) {
      const counts = conditionsOn('t', root, where, wanted)
      const own = doubtful('t', root, counts)
      if (!acts) return own
      // What moved on, and has no date of its own, ended here on the day it moved.
      const moved = `CASE WHEN ${counts} AND ${asDate('t', root, name)} IS NULL THEN acts.moved END`
      return {
        date: `coalesce(${own.date}, ${moved})`,
        unknown: `CASE WHEN ${moved} IS NOT NULL THEN 0 ELSE ${own.unknown} END`,
      }
    }
    const alias = gathered(`date ${JSON.stringify([via, where, name, missing])}`, () => {
      const path = reached(wanted, root, via)
      const at = doubtful(path.alias, path.table, conditionsOn(path.alias, path.table, where, wanted))
      return `SELECT ${keyed(path.keys)}, max(CASE WHEN ${path.present} THEN ${at.date} END) AS latest,
        max(CASE WHEN ${path.orphan} THEN 1 WHEN ${path.present} THEN ${at.unknown} ELSE 0 END) AS unknown
        FROM ${path.from} GROUP BY ${path.keys.join(', ')}`
    })
    return { date: `${alias}.latest`, unknown: `coalesce(${alias}.unknown, 0)` }
  }

  const schedules = recordClass.schedules
    .filter((schedule) => inForceOn(schedule, asOf))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
  const levels: string[] = []
  const triggers: string[] = []
  schedules.forEach(({ legalEntities, applies, trigger }, index) => {
    const entity = root.legalEntity
    const parts = applies.map(rowsLevel)
    if (legalEntities && entity) {
      const code = column('t', entity)
      const type = root.columns.find(({ name }) => name === entity)?.type ?? 'varchar'
      const list = legalEntities.map((text) => bound.value(type, text)).join(', ')
      parts.push(`CASE WHEN ${code} IS NULL OR ${code} IN (${list}) THEN 1 ELSE 0 END`)
    }
    levels.push(`${allOf(parts)} AS l${index}`)
    const dates = trigger.latestOf.map(triggerDate)
    const floor = epoch
    const latest =
      dates.length === 1
        ? (dates[0]?.date ?? 'NULL')
        : `nullif(greatest(${dates.map(({ date }) => `coalesce(${date}, ${floor})`).join(', ')}), ${floor})`
    const doubt = dates.map(({ unknown }) => `(${unknown}) = 1`).join(' OR ')
    triggers.push(`CASE WHEN ${doubt} THEN NULL ELSE ${latest} END AS d${index}`)
  })
  const keeping = recordClass.keepWhile.map((condition, index) => `${rowsLevel(condition)} AS w${index}`)
  if (acts) {
    queries.push({ name: `${prefix}_acts`, sql: actsQuery(acts, names, bound) })
    const texts = root.primaryKey.map((name, index) => `acts.${names[index]} = CAST(${column('t', name)} AS varchar)`)
    joins.push(`LEFT JOIN ${prefix}_acts AS acts ON ${every(texts)}`)
  }
  const said = acts ? ', acts.reviewed AS reviewed, acts.restricted AS restricted' : ''
  queries.push({
    name: `${prefix}_rows`,
    sql: `SELECT ${keyed(root.primaryKey.map((name) => column('t', name)))}, ${[
      `${three(conditionsOn('t', root, recordClass.where, wanted))} AS own`,
      ...levels,
      ...triggers,
      ...keeping,
    ].join(', ')}${said} FROM ${wanted.from(root.name)} AS t ${joins.join(' ')}`,
  })

  const codes = schedules.map((schedule, index) => {
    const due = dueFrom(schedule, `t.d${index}`)
    return `CASE WHEN t.l${index} = 1 AND t.d${index} IS NOT NULL
      THEN date_diff('day', ${epoch}, ${due}) * ${slots} + ${slots - 1 - index} ELSE -1 END AS c${index}`
  })
  const carried = [
    ...names,
    'own',
    ...schedules.flatMap((_, index) => [`l${index}`, `d${index}`]),
    ...recordClass.keepWhile.map((_, index) => `w${index}`),
    ...(acts ? ['reviewed', 'restricted'] : []),
  ]
  queries.push({
    name: `${prefix}_codes`,
    sql: `SELECT ${[...carried.map((name) => `t.${name}`), ...codes].join(', ')} FROM ${prefix}_rows AS t`,
  })
  queries.push({
    name: `${prefix}_row`,
    sql: decided(recordClass, names, schedules, carried, prefix, why, acts !== undefined, wanted),
  })
  queries.push({
    name: prefix,
    sql: `SELECT ${names.map((name) => `t.${name}`).join(', ')},
      CASE WHEN max(CASE WHEN t.own = 0 THEN 1 ELSE 0 END) = 1 THEN ${rank('conflict')} ELSE max(t.st) END AS st,
      max(CASE WHEN t.own = 0 THEN -1 ELSE t.code END) AS code,
      CASE WHEN max(CASE WHEN t.own = 0 THEN 1 ELSE 0 END) = 1 THEN ${why('The same key stands in rows of another class.')} ELSE max(t.why) END AS why
      FROM ${prefix}_row AS t GROUP BY ${names.map((name) => `t.${name}`).join(', ')}
      HAVING max(CASE WHEN t.own = 0 THEN 0 ELSE 1 END) = 1`,
  })
  return { class: recordClass, root, queries, standing: prefix, reasons, schedules }
}

/** All must hold: 0 where one does not, 2 where one may not. */
function allOf(levels: readonly string[]): string {
  if (levels.length === 0) return '1'
  const any = (level: number) => levels.map((one) => `(${one}) = ${level}`).join(' OR ')
  return `CASE WHEN ${any(0)} THEN 0 WHEN ${any(2)} THEN 2 ELSE 1 END`
}

/** Weighs the schedules of each row against each other. */
function decided(
  { keepWhile }: RecordClass,
  names: readonly string[],
  schedules: readonly Schedule[],
  carried: readonly string[],
  prefix: string,
  why: (sentence: string) => number,
  acts: boolean,
  { bound, asOf }: Reckoning,
): string {
  const places = schedules.map((schedule, index) => ({ schedule, index }))
  const least = places.filter(({ schedule }) => schedule.kind === 'keep-at-least')
  const most = places.filter(({ schedule }) => schedule.kind === 'keep-no-longer-than')
  const any = (conditions: readonly string[]) => (conditions.length === 0 ? 'FALSE' : `(${conditions.join(' OR ')})`)
  const applies = (some: typeof places) => any(some.map(({ index }) => `t.l${index} = 1`))
  const doubts = ({ index }: (typeof places)[number]) => `(t.l${index} = 2 OR (t.l${index} = 1 AND t.c${index} < 0))`
  const latest = least.length === 0 ? '-1' : `greatest(${least.map(({ index }) => `t.c${index}`).join(', ')})`
  const far = '9223372036854775807'
  const earliest =
    most.length === 0
      ? '-1'
      : `least(${most.map(({ index }) => `CASE WHEN t.c${index} < 0 THEN ${far} ELSE t.c${index} END`).join(', ')})`
  const code = `CASE WHEN ${applies(least)} THEN ${latest} WHEN ${applies(most)} THEN ${earliest} ELSE -1 END`
  const inner = `SELECT ${carried.map((name) => `t.${name}`).join(', ')}, ${places.map(({ index }) => `t.c${index}, `).join('')}${code} AS code FROM ${prefix}_codes AS t`

  const today = `(date_diff('day', ${epoch}, ${bound.value('date', asOf)}) + 1) * ${slots}`
  /** Schedules of equal date as the deciding one, that would have something else done. */
  const torn = (some: typeof places) =>
    any(
      some.flatMap((one) =>
        some
          .filter((other) => other.index < one.index && other.schedule.action !== one.schedule.action)
          .map(
            (other) =>
              `(t.l${one.index} = 1 AND t.l${other.index} = 1 AND t.c${one.index} / ${slots} = t.code / ${slots} AND t.c${other.index} / ${slots} = t.code / ${slots})`,
          ),
      ),
    )
  const decides = (action: Schedule['action']) =>
    any(
      places
        .filter(({ schedule }) => schedule.action === action)
        .map(({ index }) => `t.l${index} = 1 AND t.c${index} = t.code`),
    )
  const keepsForGood = any(
    least.filter(({ schedule }) => schedule.action === 'keep').map(({ index }) => `t.l${index} = 1`),
  )
  const mustGo = any(
    most
      .filter(({ schedule }) => schedule.action === 'destroy')
      .map(({ index }) => `(t.l${index} = 1 AND t.c${index} >= 0 AND t.c${index} < ${today})`),
  )
  const bothSay = `${applies(least)} AND ${decides('review')} AND ${mustGo}`
  const over = `t.code < ${today}`
  const cases: [string, (typeof standings)[number], string][] = [
    [names.map((name) => `t.${name} IS NULL`).join(' OR '), 'undated', 'It has no key.'],
    ['t.own = 2', 'undated', 'It is not known whether it is of this class.'],
    ...least.map((one): [string, 'undated', string] => [doubts(one), 'undated', unknownWords(one.schedule)]),
    ...most.map((one): [string, 'undated', string] => [
      `NOT ${applies(least)} AND ${doubts(one)}`,
      'undated',
      unknownWords(one.schedule),
    ]),
    [`NOT ${applies(places)}`, 'undated', 'No schedule in force applies to it.'],
    [
      `${keepsForGood} AND ${applies(most)}`,
      'conflict',
      'One schedule keeps it for good, and another no longer than a time.',
    ],
    [keepsForGood, 'for-good', 'It is kept for good.'],
    [
      `${applies(least)} AND ${torn(least)}`,
      'conflict',
      'Two schedules end on the same day and want different things done.',
    ],
    [
      `NOT ${applies(least)} AND ${torn(most)}`,
      'conflict',
      'Two schedules end on the same day and want different things done.',
    ],
    [`NOT (${over})`, 'not-due', 'Its time is not over.'],
    ...(acts
      ? [["t.reviewed = 'keep'", 'for-good', 'Somebody decided that it is kept.'] as [string, 'for-good', string]]
      : []),
    [
      acts ? `${bothSay} AND t.reviewed IS NULL` : bothSay,
      'conflict',
      'One schedule wants it reviewed, and another says that it must go.',
    ],
    [acts ? `${decides('review')} AND t.reviewed IS NULL` : decides('review'), 'review', 'Somebody is to look at it.'],
    ...keepWhile.map(({ title }, index): [string, 'kept', string] => [`t.w${index} > 0`, 'kept', title]),
    ...(acts
      ? [['t.restricted = 1', 'kept', 'Its use is restricted, and it is kept.'] as [string, 'kept', string]]
      : []),
  ]
  const choose = (value: (one: (typeof cases)[number]) => number, otherwise: number) =>
    `CASE ${cases.map((one) => `WHEN ${one[0]} THEN ${value(one)}`).join(' ')} ELSE ${otherwise} END`
  return `SELECT ${[...carried, 'code'].map((name) => `t.${name}`).join(', ')},
    ${choose((one) => rank(one[1]), rank('due'))} AS st, ${choose((one) => why(one[2]), 0)} AS why FROM (${inner}) AS t`
}
