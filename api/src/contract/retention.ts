import { z } from '@hono/zod-openapi'

/** Retention and holds as people see them: what retention/src and archive/src/holds know, in words. */

const Signed = z.object({ by: z.string(), at: z.string() })
const count = z.int().nonnegative()
const name = z.string().regex(/^[a-z][a-z0-9_]*$/)
const key = z.array(z.string().max(1024)).min(1).max(16)
const sentence = z.string().trim().min(1).max(2000)

export const ScheduleView = z
  .object({
    id: z.string(),
    title: z.string(),
    /** "Kept at least 10 years from the end of the calendar year in which the policy ended; then destroyed." */
    sentence: z.string(),
    kind: z.enum(['keep-at-least', 'keep-no-longer-than']),
    action: z.enum(['destroy', 'review', 'keep']),
    authority: z.object({
      law: z.string(),
      article: z.string().optional(),
      jurisdiction: z.string(),
      source: z.string(),
      read: z.string(),
      note: z.string().optional(),
    }),
    legalEntities: z.array(z.string()).optional(),
    inForce: z.object({ from: z.string(), to: z.string().optional() }),
  })
  .openapi('RetentionSchedule')
export type ScheduleView = z.infer<typeof ScheduleView>

export const RecordClassView = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    table: z.string(),
    /** Titles of the tables whose rows go with the record. */
    with: z.array(z.string()),
    /** Sentences: while one holds the record is kept. */
    keepWhile: z.array(z.string()),
    schedules: z.array(ScheduleView),
  })
  .openapi('RetentionClass')
export type RecordClassView = z.infer<typeof RecordClassView>

export const DomainSchedulesView = z
  .object({
    application: z.string(),
    applicationTitle: z.string(),
    domain: z.string(),
    domainTitle: z.string(),
    title: z.string(),
    note: z.string().optional(),
    number: z.int(),
    proposed: Signed,
    /** Absent in the first version, which came with the setting. */
    approved: Signed.optional(),
    /** Why some tables are never destroyed, by the table's title. */
    keptForGood: z.array(z.object({ table: z.string(), why: z.string() })),
    classes: z.array(RecordClassView),
  })
  .openapi('RetentionSchedules', { description: "A domain's retention schedules in force." })
export type DomainSchedulesView = z.infer<typeof DomainSchedulesView>

export const ClassChange = z.object({
  class: z.string(),
  title: z.string(),
  /** Records due today by the schedules in force, and by those proposed. */
  dueNow: count,
  dueThen: count,
})

export const SchedulesProposal = z
  .object({
    id: z.string(),
    application: z.string(),
    domain: z.string(),
    state: z.enum(['open', 'approved', 'void', 'withdrawn', 'refused']),
    against: z.int(),
    reason: z.string(),
    proposed: Signed,
    ended: Signed.extend({ reason: z.string().optional() }).optional(),
    changes: z.array(ClassChange),
    schedules: DomainSchedulesView.pick({ title: true, note: true, classes: true }),
  })
  .openapi('SchedulesProposal')
export type SchedulesProposal = z.infer<typeof SchedulesProposal>

export const ProposeSchedules = z
  .strictObject({ schedules: z.unknown(), reason: sentence })
  .openapi('ProposeSchedules', {
    description: "A domain's schedules (retention/src/schedule/types.ts) in place of those in force, and why.",
  })
export type ProposeSchedules = z.infer<typeof ProposeSchedules>

export const Reasoned = z.strictObject({ reason: sentence }).openapi('Reasoned')
export type Reasoned = z.infer<typeof Reasoned>

export const DueCalendar = z
  .object({
    application: z.string(),
    /** Day up to which what fell due counts as due. */
    asOf: z.string(),
    /** When it was worked out; absent while it never was. */
    at: z.string().optional(),
    working: z.boolean(),
    /** Records by the month in which they fall due: what is overdue under `overdue`, the twelve months to come, and `later`. */
    months: z.array(z.object({ month: z.string(), domain: z.string(), class: z.string(), records: count })),
    classes: z.array(
      z.object({
        domain: z.string(),
        domainTitle: z.string(),
        class: z.string(),
        title: z.string(),
        due: count,
        held: count,
        kept: count,
        review: count,
        undated: count,
        conflict: count,
        /** Why records are kept although due. */
        reasons: z.array(z.object({ why: z.string(), records: count })),
      }),
    ),
  })
  .openapi('DueCalendar')
export type DueCalendar = z.infer<typeof DueCalendar>

export const RunState = z.enum([
  'planned',
  'approved',
  'sent-back',
  'executing',
  'paused',
  'cancelled',
  'executed',
  'verified',
  'certified',
])

export const RunSummary = z
  .object({
    run: z.string(),
    application: z.string(),
    domain: z.string(),
    domainTitle: z.string(),
    asOf: z.string(),
    planned: Signed,
    state: RunState,
    /** Records on the list. */
    records: count,
    rows: count,
    approved: Signed.optional(),
    progress: z
      .object({ objects: count, done: count, destroyed: count, held: count, secondsLeft: z.number().optional() })
      .optional(),
  })
  .openapi('DestructionRun')
export type RunSummary = z.infer<typeof RunSummary>

const Listed = z.object({ key: z.array(z.string()), dueFrom: z.string(), schedule: z.string(), rows: count.optional() })

export const RunDetails = RunSummary.extend({
  /** Of the plan: what an approval is of. */
  hash: z.string(),
  schedules: z.int(),
  classes: z.array(
    z.object({
      class: z.string(),
      title: z.string(),
      table: z.string(),
      keyLabels: z.array(z.string()),
      due: count,
      held: count,
      kept: count,
      review: count,
      undated: count,
      conflict: count,
      rows: count,
      reasons: z.array(z.object({ why: z.string(), records: count })),
      /** By which schedules and authorities. */
      authorities: z.array(
        z.object({ schedule: z.string(), title: z.string(), authority: z.string(), records: count }),
      ),
      samples: z.array(Listed),
      oldest: z.array(Listed),
      /** Records with the most rows. */
      largest: z.array(Listed),
    }),
  ),
  /** Against the run before in this domain. */
  since: z.object({ run: z.string(), asOf: z.string(), records: count }).optional(),
  sentBack: Signed.extend({ reason: z.string() }).optional(),
  /** Why it cannot be carried out as it is. */
  obstacles: z.array(z.string()),
  certificate: z.boolean(),
}).openapi('DestructionRunDetails')
export type RunDetails = z.infer<typeof RunDetails>

export const StartRun = z
  .strictObject({ application: name, domain: name, asOf: z.iso.date().optional() })
  .openapi('StartRun')
export type StartRun = z.infer<typeof StartRun>

/** `records`: the number that is to be destroyed, as the approver read and typed it. */
export const ApproveRun = z
  .strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), records: count })
  .openapi('ApproveRun')
export type ApproveRun = z.infer<typeof ApproveRun>

export const CertificateView = z
  .object({
    run: z.string(),
    /** As it is signed: what a stranger checks. */
    text: z.string(),
    signature: z.string(),
    /** How it stands: whether its signature is right, and what was found. */
    verified: z.boolean(),
    findings: z.array(z.string()),
  })
  .openapi('DestructionCertificate')
export type CertificateView = z.infer<typeof CertificateView>

export const ScopeCondition = z.strictObject({
  column: name,
  in: z.array(z.string()).min(1).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
})

export const HoldScope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('keys'), table: name, keys: z.array(key).min(1).max(1000) }),
    z.strictObject({ kind: z.literal('person'), key }),
    z.strictObject({ kind: z.literal('condition'), table: name, where: z.array(ScopeCondition).min(1).max(20) }),
    z.strictObject({ kind: z.literal('class'), domain: name, class: z.string() }),
    z.strictObject({ kind: z.literal('domain'), domain: name }),
    z.strictObject({ kind: z.literal('application') }),
  ])
  .openapi('HoldScope')
export type HoldScope = z.infer<typeof HoldScope>

export const AskScope = z.strictObject({ application: name, scope: HoldScope }).openapi('AskScope')
export type AskScope = z.infer<typeof AskScope>

export const ScopePreview = z
  .object({
    tables: z.array(z.object({ table: z.string(), title: z.string(), rows: count, all: z.boolean() })),
    /** A sentence of what it would protect. */
    sentence: z.string(),
    /** There are tables that one may not see: what it protects there is not counted. */
    partial: z.boolean(),
    /** Keys that no row has; they are protected all the same. */
    absent: z.array(z.array(z.string())),
  })
  .openapi('ScopePreview')
export type ScopePreview = z.infer<typeof ScopePreview>

export const PlaceHold = z
  .strictObject({
    application: name,
    matter: sentence,
    authority: sentence,
    issuer: z.string().trim().max(500).optional(),
    reason: sentence,
    review: z.iso.date().optional(),
    scope: HoldScope,
  })
  .openapi('PlaceHold')
export type PlaceHold = z.infer<typeof PlaceHold>

export const HoldView = z
  .object({
    id: z.string(),
    application: z.string(),
    state: z.enum(['standing', 'released']),
    placed: Signed,
    released: Signed.optional(),
    /** Absent for whoever may only know that something is held. */
    matter: z.string().optional(),
    authority: z.string().optional(),
    issuer: z.string().optional(),
    reason: z.string().optional(),
    review: z.string().optional(),
    reviewOverdue: z.boolean(),
    scopes: z.array(z.object({ scope: HoldScope, sentence: z.string() })),
    /** Rows it protects, by table. */
    protects: z.array(z.object({ table: z.string(), title: z.string(), rows: count, all: z.boolean() })),
    release: z.object({ proposed: Signed, reason: z.string() }).optional(),
    history: z.array(z.object({ kind: z.string(), signed: Signed, reason: z.string().optional() })),
  })
  .openapi('Hold')
export type HoldView = z.infer<typeof HoldView>

export const WidenHold = z.strictObject({ scope: HoldScope, reason: sentence }).openapi('WidenHold')
export type WidenHold = z.infer<typeof WidenHold>

export const ReviewHold = z.strictObject({ review: z.iso.date().optional(), reason: sentence }).openapi('ReviewHold')
export type ReviewHold = z.infer<typeof ReviewHold>

export const PlacedHold = z
  .object({
    hold: HoldView,
    /** Records whose destruction was decided before. */
    late: z.array(z.object({ run: z.string(), table: z.string(), key: z.array(z.string()) })),
    /** Runs of which that could not be found out. */
    unchecked: z.array(z.object({ run: z.string(), why: z.string() })),
    /** Tables of which objects are lost: more may belong to the hold. */
    incomplete: z.array(z.string()),
  })
  .openapi('PlacedHold')
export type PlacedHold = z.infer<typeof PlacedHold>

export const AskRecord = z.strictObject({ application: name, table: name, key }).openapi('AskRecord')
export type AskRecord = z.infer<typeof AskRecord>

export const RecordStanding = z
  .object({
    class: z.object({ name: z.string(), title: z.string(), domain: z.string() }).optional(),
    standing: z.enum(['not-due', 'due', 'review', 'kept', 'for-good', 'undated', 'conflict', 'held', 'none']),
    /** Why this record is still here, sentence by sentence. */
    sentences: z.array(z.string()),
    dueFrom: z.string().optional(),
    schedules: z.array(
      z.object({
        id: z.string(),
        sentence: z.string(),
        authority: z.string(),
        trigger: z.string().optional(),
        dueFrom: z.string().optional(),
        decides: z.boolean(),
      }),
    ),
    /** For who may not know more: ids alone. */
    holds: z.array(z.object({ id: z.string(), matter: z.string().optional(), placed: z.string() })),
    statements: z.array(
      z.object({ id: z.string(), sentence: z.string(), reason: z.string(), signed: Signed, waits: z.boolean() }),
    ),
  })
  .openapi('RecordStanding')
export type RecordStanding = z.infer<typeof RecordStanding>
