import type { DispositionRow, Plan } from '../run/types.ts'
import { LargestFirst } from './largest-first.ts'

/** A record on a list. */
export interface ListedRecord {
  key: string[]
  dueFrom: string
  schedule: string
  /** Rows that go with it, its own among them. */
  rows: number
}

/** What an approver looks at of one class. */
export interface ClassReview {
  records: number
  rows: number
  bySchedule: { schedule: string; records: number }[]
  /** Evenly over the list. */
  samples: ListedRecord[]
  /** Due for longest. */
  oldest: ListedRecord[]
  /** With the most rows. */
  largest: ListedRecord[]
}

const SHOWN = 10

/** Reads the lists of a plan, for those who decide about it. Lists are by object and row, so records are put together here. */
export async function reviewPlan(
  plan: Pick<Plan, 'lists'>,
  readList: (table: string) => AsyncIterable<DispositionRow[]>,
): Promise<Map<string, ClassReview>> {
  const classes = new Map<string, Map<string, ListedRecord>>()
  for (const table of Object.keys(plan.lists))
    for await (const rows of readList(table))
      for (const row of rows) {
        const records = classes.get(row.class) ?? new Map<string, ListedRecord>()
        classes.set(row.class, records)
        const id = JSON.stringify(row.record)
        const known = records.get(id)
        if (known) known.rows++
        else records.set(id, { key: row.record, dueFrom: row.dueFrom, schedule: row.schedule, rows: 1 })
      }
  return new Map([...classes].map(([name, records]) => [name, reviewClass([...records.values()])]))
}

function reviewClass(records: ListedRecord[]): ClassReview {
  const schedules = new Map<string, number>()
  const oldest = new LargestFirst<ListedRecord>(SHOWN, (one, other) => compare(other.dueFrom, one.dueFrom))
  const largest = new LargestFirst<ListedRecord>(SHOWN, (one, other) => one.rows - other.rows)
  let rows = 0
  for (const record of records) {
    rows += record.rows
    schedules.set(record.schedule, (schedules.get(record.schedule) ?? 0) + 1)
    oldest.take(record)
    largest.take(record)
  }
  const step = Math.max(1, Math.floor(records.length / SHOWN))
  return {
    records: records.length,
    rows,
    bySchedule: [...schedules]
      .map(([schedule, count]) => ({ schedule, records: count }))
      .sort((one, other) => other.records - one.records || compare(one.schedule, other.schedule)),
    samples: records.filter((_, index) => index % step === 0).slice(0, SHOWN),
    oldest: oldest.list(),
    largest: largest.list(),
  }
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
