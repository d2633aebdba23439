/** What a destruction run leaves behind, step by step: docs/adr/0013. All of it JSON below retention/runs/<run>/, each file created once. */
import { z } from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const moment = z.iso.datetime()
const count = z.int().nonnegative()
const signature = z.strictObject({ by: z.string().min(1), at: moment, groups: z.array(z.string()) })

export const runId = z.string().regex(/^R-\d{8}-[0-9a-f]{12}$/)

/** An object that has rows on the list: as it was when the list was made. */
export const PlannedObject = z.strictObject({
  key: z.string(),
  table: name,
  load: z.string(),
  etag: z.string(),
  size: count,
  rows: count,
  /** Rows of it on the list. */
  due: count,
})
export type PlannedObject = z.infer<typeof PlannedObject>

/**
 * The head of a plan. Its hash is the sha-256 of its canonical JSON: it covers the lists by theirs. Objects come in the order in which they
 * are carried out, by `stage`: those of a later stage wait for all of the one before (children go before their parents).
 */
export const Plan = z.strictObject({
  format: z.literal(1),
  run: runId,
  application: name,
  domain: name,
  /** Last day that counts as past, in the application's time zone; what is due on it may go. */
  asOf: z.iso.date(),
  planned: moment,
  by: signature,
  schedules: z.strictObject({ version: z.int().positive(), sha256: hash }),
  model: hash,
  catalog: z.string(),
  /** Version of the hold register, and hashes over the ledger of loads, of rewrites and of the statements. */
  holds: z.strictObject({ version: count, sha256: hash }),
  ledger: hash,
  statements: hash,
  lists: z.record(name, z.strictObject({ sha256: hash, rows: count })),
  objects: z.array(PlannedObject.extend({ stage: count })),
  /** Records (not rows) by class. */
  counts: z.record(
    z.string(),
    z.strictObject({
      due: count,
      held: count,
      kept: count,
      review: count,
      undated: count,
      conflict: count,
      rows: count,
    }),
  ),
  /** Why records are kept although due, by class: sentence and number. */
  reasons: z.record(z.string(), z.array(z.strictObject({ why: z.string(), records: count }))),
})
export type Plan = z.infer<typeof Plan>

/** A row of a disposition list (Parquet, all columns VARCHAR but `_row` BIGINT and `due_from` DATE), ordered by `_object`, `_row`. */
export interface DispositionRow {
  /** Key of the object, and the row's number in its load: `_object`, `_row`. */
  object: string
  row: number
  /** Primary key: `key_1`, `key_2`, ... */
  key: string[]
  class: string
  /** Key of the record that the row belongs to, a row of the class's table: `record_1`, ... */
  record: string[]
  schedule: string
  dueFrom: string
}

export const Approval = z.strictObject({
  run: runId,
  outcome: z.enum(['approved', 'sent-back']),
  /** Of the plan. */
  hash,
  /** What the approver typed: the number of records, or why it goes back. */
  said: z.string().min(1),
  signed: signature,
})
export type Approval = z.infer<typeof Approval>

/** Row numbers as runs of consecutive ones: first, and how many. */
export const RowRanges = z.array(z.tuple([count, z.int().positive()]))
export type RowRanges = z.infer<typeof RowRanges>

/**
 * What is to be done with an object: the one point at which hold and destruction meet. Whoever writes it first decides; every worker carries
 * out the decision that stands. `void`: a hold came before any decision; the next attempt's number follows.
 */
export const ObjectDecision = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('destroy'),
    run: runId,
    object: count,
    attempt: z.int().positive(),
    nonce: z.string().regex(/^[0-9a-f]{32}$/),
    register: count,
    rows: RowRanges,
    /** Rows of the list that are kept, held since. */
    held: RowRanges,
    at: moment,
  }),
  z.strictObject({
    kind: z.literal('void'),
    run: runId,
    object: count,
    attempt: z.int().positive(),
    hold: z.string(),
    register: count,
    at: moment,
  }),
])
export type ObjectDecision = z.infer<typeof ObjectDecision>

/** Written last: the object is as decided, and no older version of it is left. */
export const ObjectDone = z.strictObject({
  run: runId,
  object: count,
  attempt: z.int().positive(),
  /** Null where the object is gone. */
  etag: z.string().nullable(),
  destroyed: count,
  kept: count,
  /** Rows of the list that were kept because of a hold; absent in marks of before it was counted. */
  held: count.optional(),
  /** Bytes written, and versions and delete markers removed. */
  bytes: count,
  versions: count,
  at: moment,
})
export type ObjectDone = z.infer<typeof ObjectDone>

/** What may follow one another: planned, approved or sent back, executing, paused, executed, verified, certified; cancelled between objects. */
export type RunState =
  | 'planned'
  | 'approved'
  | 'sent-back'
  | 'executing'
  | 'paused'
  | 'cancelled'
  | 'executed'
  | 'verified'
  | 'certified'
