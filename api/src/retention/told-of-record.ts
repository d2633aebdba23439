import type { Restrictions } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { Retention } from '@muniment/retention/retention'
import type { RecordClass, Rows } from '@muniment/retention/schedule/types'
import { unknownWords } from '@muniment/retention/words/named-words'

type Explained = Awaited<ReturnType<Retention['explain']>>

/** What of an application is there for somebody. */
export interface Told {
  column(table: string, name: string): boolean
  /** Whether what these rows say, reached from a row of `root`, may be known; `more`: a column besides those of `where`. */
  rows(root: string, rows: Pick<Rows, 'via' | 'where'>, more?: string): boolean
  /** Whether it may be known how many rows there are. */
  count(table: string): boolean
}

export function openTo(model: Application, { tables, masks, rowRules }: Restrictions): Told {
  const isReference = (name: string) => model.tables.find((table) => table.name === name)?.reference === true
  // Which rows a rule hides is not looked at when a record is explained: under one, other rows than the record's are not told of.
  const count = (name: string) => tables.includes(name) && (rowRules.length === 0 || isReference(name))
  const column = (table: string, name: string) =>
    tables.includes(table) && !masks.some((mask) => mask.table === table && mask.column === name)
  return {
    column,
    count,
    rows(root, { via, where }, more) {
      const end = via.at(-1)?.table ?? root
      const columns = [...where.map((each) => each.column), ...(more === undefined ? [] : [more])]
      return (
        tables.includes(root) && via.every(({ table }) => count(table)) && columns.every((name) => column(end, name))
      )
    },
  }
}

/** Without what is said by tables, rows and columns that are hidden from somebody. `recordClass`: the record's; absent: nothing is known of it. */
export function withheld(found: Explained, told: Told, recordClass: RecordClass | undefined): Explained {
  const root = found.record.table
  const titles = new Set(recordClass?.keepWhile.flatMap((one) => (told.rows(root, one) ? [one.title] : [])))
  const isOpen = ({ schedule }: Explained['schedules'][number]) =>
    schedule.trigger.latestOf.every((date) => told.rows(root, date, date.column)) &&
    schedule.applies.every((rows) => told.rows(root, rows))
  const schedules = found.schedules.map((one) => (isOpen(one) ? one : { ...one, event: null, dueFrom: null }))
  const decides = found.schedules.findIndex((one) => one.decides)
  const { because: why } = found
  // Schedules may have the same words: each that the sentence may be of has to be open.
  const meant = found.schedules.filter(({ schedule }) => unknownWords(schedule) === why)
  const mayKnow = why === undefined || titles.has(why) || (meant.length > 0 && meant.every(isOpen))
  const because = mayKnow ? why : 'Why is for the records office to say: it rests on what you may not see.'
  return {
    ...found,
    ...(because !== undefined && { because }),
    dueFrom: decides >= 0 && schedules[decides]?.dueFrom === null ? null : found.dueFrom,
    schedules,
    conditions: found.conditions.filter(({ title }) => titles.has(title)),
    namedBy: found.namedBy.filter(({ table }) => told.count(table)),
  }
}
