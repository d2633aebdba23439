/**
 * Retention schedules of a domain: what a record is, how long it must and may be kept, and by which authority. Drafts lie in
 * retention/schedules/<application>/<domain>.json; those that count are approved versions in the bucket.
 */
import { z } from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)
const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case, words joined by hyphens')
const label = z.string().min(1)

/** ISO 8601, whole years, months, weeks or days: P10Y, P6M, P30D. */
export const Period = z
  .string()
  .regex(/^P(?=\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/, 'a period is as in P10Y or P6M')

/** Of a row: what must hold of one column. All that is said must hold; a value that is not there makes it unknown. */
export const ColumnCondition = z.strictObject({
  column: name,
  in: z.array(z.string()).min(1).optional(),
  notIn: z.array(z.string()).min(1).optional(),
  /** Numbers and dates as canonical text. */
  moreThan: z.string().optional(),
  lessThan: z.string().optional(),
  /** The date, with this period added, is still to come: `P18Y` on a birth date means a minor. */
  youngerThan: Period.optional(),
  present: z.boolean().optional(),
})
export type ColumnCondition = z.infer<typeof ColumnCondition>

/** Steps from the record's row to rows of other tables, by keys that the model declares, in either direction. */
const via = z.array(z.strictObject({ table: name, by: z.array(name).min(1).optional() })).max(3)

/** Rows at the end of the steps for which all of `where` holds; without steps, the record's own row. */
export const Rows = z.strictObject({ via: via.default([]), where: z.array(ColumnCondition).default([]) })
export type Rows = z.infer<typeof Rows>

export const Condition = Rows.extend({ title: label })
export type Condition = z.infer<typeof Condition>

/** Dates in one column of the record's row, or of rows that steps lead to: the latest counts. */
export const TriggerDate = z.strictObject({
  via: via.default([]),
  where: z.array(ColumnCondition).default([]),
  column: name,
  /** What a missing value means. `unknown` (the default): the record is kept and listed; `ignored`: the other dates count, if there are any. */
  missing: z.enum(['unknown', 'ignored']).default('unknown'),
})
export type TriggerDate = z.infer<typeof TriggerDate>

export const Schedule = z.strictObject({
  id,
  title: label,
  kind: z.enum(['keep-at-least', 'keep-no-longer-than']),
  /** What follows when it is over. `review`: somebody decides, by a statement; `keep`: for good. */
  action: z.enum(['destroy', 'review', 'keep']),
  authority: z.strictObject({
    law: label,
    article: label.optional(),
    jurisdiction: label,
    /** Where it was read, and when. */
    source: label,
    read: z.iso.date(),
    note: label.optional(),
  }),
  /** Codes of the model's legal entities; absent: all. A record without one is of all of them. */
  legalEntities: z.array(z.string()).min(1).optional(),
  /** Records for which all of these hold; absent: all of the class. */
  applies: z.array(Rows).default([]),
  inForce: z.strictObject({ from: z.iso.date(), to: z.iso.date().optional() }),
  /** What the event is called, and the dates of which the latest counts. */
  trigger: z.strictObject({ title: label, latestOf: z.array(TriggerDate).min(1) }),
  period: Period,
  begin: z.enum(['event', 'calendar-year-end', 'fiscal-year-end']),
  /** Month, 1 to 12, with whose last day a fiscal year ends. */
  fiscalYearEnds: z.int().min(1).max(12).optional(),
})
export type Schedule = z.infer<typeof Schedule>

/** A record: a row of `table`, and with it the rows of `with` that lead to it. It is kept or destroyed as a whole. */
export const RecordClass = z.strictObject({
  name: id,
  title: label,
  description: label,
  table: name,
  /** Rows of the table that are of this class; classes of one table exclude each other. */
  where: z.array(ColumnCondition).default([]),
  /** Tables whose rows go with the record, by keys that the model declares: straight, or over a table that is named before. */
  with: z.array(z.strictObject({ table: name, by: z.array(name).min(1).optional() })).default([]),
  /**
   * Keys, as `table.column`, by which rows may go on naming a record that is gone. All others that the model declares keep the record
   * while a row that names it lives.
   */
  mayDangle: z.array(z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)).default([]),
  /** While one of these holds, or may hold, the record is kept. */
  keepWhile: z.array(Condition).default([]),
  schedules: z.array(Schedule).min(1),
})
export type RecordClass = z.infer<typeof RecordClass>

export const DomainSchedules = z.strictObject({
  format: z.literal(1),
  application: name,
  domain: name,
  title: label,
  /** That counsel must confirm it, say. */
  note: label.optional(),
  /** Tables of the domain that no class has, each with the reason: codes and the like. */
  keptForGood: z.record(name, label).default({}),
  /** Dates outside count as impossible: the record is kept and listed. */
  plausible: z
    .strictObject({ from: z.iso.date().default('1900-01-01'), to: z.iso.date().default('2199-12-31') })
    .prefault({}),
  classes: z.array(RecordClass).min(1),
})
export type DomainSchedules = z.infer<typeof DomainSchedules>

/**
 * What the schedules say of a record on a day. `due`: it may go, from `from` on. `kept`: it would be due but for what `because` names.
 * `undated`: a trigger is unknown or impossible, so it is kept.
 */
export type Standing = 'not-due' | 'due' | 'review' | 'kept' | 'for-good' | 'undated' | 'conflict'
