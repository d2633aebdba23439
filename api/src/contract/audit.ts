import { z } from '@hono/zod-openapi'

export const AuditAction = z.enum([
  'sign-in',
  'sign-out',
  'refusal',
  'search',
  'page',
  'export',
  'download',
  'print',
  'model-view',
  'log-view',
  'load',
  'template-change',
  'rules-proposal',
  'rules-change',
  'rules-withdrawal',
  'rules-refusal',
  'users-change',
  'unusual-use',
  'seal',
  'key-rotation',
  'keys-forgotten',
  'row-proof',
  'token',
  'hold',
  'hold-release',
  'schedules-proposal',
  'schedules-change',
  'schedules-decision',
  'plan',
  'plan-approval',
  'destruction',
  'certificate',
  'statement',
  'statement-approval',
  'prefix-expiry',
])
export type AuditAction = z.infer<typeof AuditAction>

/** `none`: no closing entry. The action is under way, or was interrupted. */
export const AuditOutcome = z.enum(['done', 'refused', 'failed', 'cancelled', 'interrupted', 'none'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

const moment = (what: string) =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], `${what} is a day or a moment, as 2026-11-23`)
    .optional()
    .openapi({ description: `${what}: a day (UTC) or a moment, ISO 8601.`, example: '2026-11-01' })

/** What an auditor asks of the log; absent is not limited. */
export const AuditFilters = z.object({
  from: moment('from'),
  until: moment('until'),
  person: z.string().max(200).optional().openapi({ description: 'Id of the person who acted.' }),
  action: AuditAction.optional(),
  outcome: AuditOutcome.optional(),
  application: z.string().max(100).optional(),
  record: z.string().max(500).optional().openapi({
    description:
      'Actions that showed this record: table, colon, key (its columns joined by commas). Needs the application.',
    example: 'policies:P-000123',
  }),
})
export type AuditFilters = z.infer<typeof AuditFilters>

const Plain = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))

export const AuditEntry = z
  .object({
    id: z.string(),
    began: z.string(),
    ended: z.string().optional(),
    /** One of AuditAction; logs of other versions may have others. */
    action: z.string(),
    outcome: z.string(),
    /** Id, as the token said it; `nobody` where nobody was signed in. */
    person: z.string(),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    /** Version of the access rules. */
    rules: z.int(),
    /** `noted`: a sentence was typed besides; the log has a commitment of it. */
    purpose: z.object({ reason: z.string().optional(), request: z.string().optional(), noted: z.boolean() }).optional(),
    /** Ids, names of templates and hashes. */
    subject: Plain,
    detail: Plain.optional(),
    rows: z.int().optional(),
    bytes: z.int().optional(),
    /** How many records were shown. */
    records: z.int().optional(),
    /** Whether a signed checkpoint covers the opening. */
    covered: z.boolean(),
    /** Present where one of its entries does not verify: which file, and why. Such an entry proves nothing. */
    wrong: z.string().optional(),
  })
  .openapi('AuditEntry', { description: 'One action of one person: what the log says of its beginning and its end.' })
export type AuditEntry = z.infer<typeof AuditEntry>

/** What an answer says of itself. */
const AuditAnswer = z.object({
  /** The period that was looked through. */
  from: z.string(),
  until: z.string(),
  /** Asked for a record: months (2026-11) of which it cannot be said who saw it, because their key was forgotten. */
  forgotten: z.array(z.string()).optional(),
  /** Files that do not verify, and why; of a stream the first, since nothing after it was read. */
  damaged: z.array(z.string()).optional(),
})

/** The first line of `entries.jsonl`; each that follows is an AuditEntry. */
export const AuditLinesHead = z
  .object({ about: AuditAnswer })
  .openapi('AuditLinesHead', { description: 'The first line of the entries as lines: what they answer, and what not.' })
export type AuditLinesHead = z.infer<typeof AuditLinesHead>

export const AuditEntries = AuditAnswer.extend({
  entries: z.array(AuditEntry),
  /** Pass as `before` for the next page. */
  next: z.string().optional(),
}).openapi('AuditEntries', { description: 'A page of the log, newest first.' })
export type AuditEntries = z.infer<typeof AuditEntries>

export const AuditVerification = z
  .object({
    state: z.enum(['never', 'running', 'done', 'failed']),
    /** Of the last one that ended. */
    checkedAt: z.string().optional(),
    /** Nothing is wrong; there may be sentences about what is odd all the same. */
    ok: z.boolean().optional(),
    /** In plain words, one after the other. */
    sentences: z.array(z.string()),
    /** The first thing that is wrong; nothing after it was checked. `entry`: its number in the log, from 0. */
    firstWrong: z.object({ file: z.string(), entry: z.int().optional(), message: z.string() }).optional(),
    /** Checkpoints kept elsewhere or from earlier that the log was held against; empty: there were none. */
    witness: z.array(z.object({ name: z.string(), checkpoints: z.int(), largest: z.int() })).optional(),
    /** The public key by which the newest checkpoint is signed, as `muniment audit key` prints it. */
    key: z.string().optional(),
    findings: z.array(z.object({ kind: z.string(), of: z.string(), at: z.string().optional(), message: z.string() })),
    covered: z.object({ entries: z.int(), seals: z.int(), at: z.string().optional() }).optional(),
    uncovered: z.object({ entries: z.int(), since: z.string().optional() }).optional(),
  })
  .openapi('AuditVerification', { description: 'Whether the log is whole, as of the last time it was checked.' })
export type AuditVerification = z.infer<typeof AuditVerification>

export const AuditNames = z
  .array(
    z.object({
      name: z.string(),
      title: z.string(),
      /** Those whose records the log can name. */
      tables: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          /** Columns of the key, in order. */
          key: z.array(z.object({ name: z.string(), label: z.string() })).min(1),
        }),
      ),
    }),
  )
  .openapi('AuditNames', {
    description:
      'What an auditor needs to ask for a record: applications, tables and the columns of their keys, by name.',
  })
export type AuditNames = z.infer<typeof AuditNames>
