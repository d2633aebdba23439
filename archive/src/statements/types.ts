/** What was learnt about a record after its system was retired: beside it, append-only; the record itself never changes. */
import { z } from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)
const signature = z.strictObject({ by: z.string().min(1), at: z.iso.datetime(), groups: z.array(z.string()) })

/** `statements/<application>/<id>.json`, create-only. */
export const Statement = z.strictObject({
  id: z.string(),
  application: name,
  table: name,
  /** The key's columns as canonical text. */
  key: z.array(z.string()).min(1),
  what: z.discriminatedUnion('kind', [
    /** An event that starts a period: the column is taken to be this date, where it has none or another one. */
    z.strictObject({ kind: z.literal('event'), column: name, date: z.iso.date() }),
    /** The record lives on in another system. */
    z.strictObject({ kind: z.literal('moved'), to: z.string().min(1), date: z.iso.date() }),
    z.strictObject({ kind: z.literal('correction'), column: name, value: z.string().nullable() }),
    /** It is kept, and its use restricted. */
    z.strictObject({ kind: z.literal('restriction'), until: z.iso.date().optional() }),
    /** What was listed for review is to be destroyed, or kept. */
    z.strictObject({ kind: z.literal('reviewed'), outcome: z.enum(['destroy', 'keep']) }),
  ]),
  reason: z.string().min(1),
  /** Where it can be read: a file number, an address in the house. */
  proof: z.string().optional(),
  signed: signature,
  /** Of somebody else, where it shortens a period: without it the statement is only a proposal. */
  approved: signature.optional(),
})
export type Statement = z.infer<typeof Statement>
