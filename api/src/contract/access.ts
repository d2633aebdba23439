import { z } from '@hono/zod-openapi'

const Signed = z.object({ by: z.string(), at: z.string() })

/** The rules' document as it is written: archive/access/rules.ts has its schema. */
export const AccessRulesText = z
  .object({
    format: z.literal(1),
    title: z.string(),
    contact: z.string(),
    bulkRows: z.int(),
    /** What auditors are told of; absent: as by default. `false` switches a rule off. */
    unusualUse: z
      .object({
        timeZone: z.string(),
        manyPersons: z.union([z.literal(false), z.object({ persons: z.int(), minutes: z.int() })]),
        nightExports: z.union([z.literal(false), z.object({ from: z.string(), until: z.string() })]),
        ownRecords: z.boolean(),
      })
      .optional(),
    limits: z.record(
      z.string(),
      z.object({
        searchesPerMinute: z.int().optional(),
        rowsExportedPerDay: z.int().optional(),
        bytesScannedPerMonth: z.int().optional(),
        bytesPerSearch: z.int().optional(),
      }),
    ),
    grants: z.array(
      z.object({
        id: z.string(),
        groups: z.array(z.string()),
        role: z.string(),
        applications: z.array(z.string()),
        domains: z.array(z.string()),
        useCases: z.array(z.string()),
        sensitivities: z.array(z.string()),
        sees: z.array(z.string()),
        rights: z.array(z.string()),
        from: z.string().optional(),
        until: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
  })
  .openapi('AccessRules', { description: 'Who may see what, grant by grant.' })
export type AccessRulesText = z.infer<typeof AccessRulesText>

export const AccessVersion = z
  .object({
    number: z.int(),
    reason: z.string(),
    proposed: Signed,
    /** Absent in the first version, which came with the setting. */
    approved: Signed.optional(),
    rules: AccessRulesText,
  })
  .openapi('AccessVersion', { description: 'A version of the access rules, and the two people who made it.' })
export type AccessVersion = z.infer<typeof AccessVersion>

export const AccessExplanation = z
  .object({
    answer: z.enum(['yes', 'in part', 'no']),
    /** One after the other, for the person. */
    sentences: z.array(z.string()),
  })
  .openapi('AccessExplanation', {
    description: 'Why one sees what one sees: grants, what is lacking, masks, row rules.',
  })
export type AccessExplanation = z.infer<typeof AccessExplanation>

export const AccessProposal = z
  .object({
    id: z.string(),
    /** `void`: another version came in between. */
    state: z.enum(['open', 'approved', 'void', 'withdrawn', 'refused']),
    /** Who withdrew or refused it, and why. */
    ended: Signed.extend({ reason: z.string().optional() }).optional(),
    /** The version that was in force when it was made. */
    against: z.int(),
    reason: z.string(),
    proposed: Signed,
    rules: AccessRulesText,
  })
  .openapi('AccessProposal', { description: 'A change of the access rules that waits for a second person, or did.' })
export type AccessProposal = z.infer<typeof AccessProposal>

/** `rules` is checked by the schema of the rules; what is wrong with it is said in the problem's detail and fields. */
export const ProposeRules = z
  .strictObject({ rules: z.unknown(), reason: z.string().trim().min(1).max(1000) })
  .openapi('ProposeRules', { description: 'Access rules in place of the version in force, and why.' })
export type ProposeRules = z.infer<typeof ProposeRules>

export const RefuseRules = z
  .strictObject({ reason: z.string().trim().min(1).max(1000) })
  .openapi('RefuseRules', { description: 'Why a proposal is refused.' })
export type RefuseRules = z.infer<typeof RefuseRules>
