import { z } from '@hono/zod-openapi'

/** How much of a limit is used. `most` in searches a minute, rows exported a day, bytes scanned a month. */
export const LimitUse = z
  .object({
    limit: z.enum(['searchesPerMinute', 'rowsExportedPerDay', 'bytesScannedPerMonth']),
    used: z.number(),
    most: z.number(),
    /** From four fifths on; the page says so. */
    near: z.boolean(),
  })
  .openapi('LimitUse', { description: 'One limit of the person and how much of it is used.' })
export type LimitUse = z.infer<typeof LimitUse>

export const Me = z
  .object({
    id: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    roles: z.array(z.string()),
    /** What the person may do besides seeing records: read-log, propose-rules, approve-rules, ... */
    duties: z.array(z.string()),
    /** Version of the access rules. */
    rules: z.int(),
    /** Who can grant a right or lift a limit. */
    contact: z.string(),
    limits: z.array(LimitUse),
  })
  .openapi('Me', { description: 'The person who is asking, and what the access rules in force make of them.' })
export type Me = z.infer<typeof Me>

export const PurposeReason = z
  .object({
    code: z.string(),
    label: z.string(),
    description: z.string(),
    /** False for a reason that needs no sentence of one's own. */
    sentence: z.boolean().optional(),
  })
  .openapi('PurposeReason', { description: 'A reason for searching, from the configured list.' })
export type PurposeReason = z.infer<typeof PurposeReason>

/**
 * What one works for: a request's reference, or a reason from the configured list with a sentence of one's own. A bare text is in searches of
 * before; no search is begun for one.
 */
export const Purpose = z
  .union([
    z.string().trim().min(1).max(500),
    z.strictObject({ request: z.string().trim().min(1).max(100) }),
    z.strictObject({ reason: z.string().min(1).max(100), note: z.string().trim().max(500).default('') }),
  ])
  .openapi('Purpose', {
    description:
      'What one works for: a request by its reference, or a reason of the list with a sentence. A note alone is in searches of before, and refused.',
  })
export type Purpose = z.infer<typeof Purpose>
