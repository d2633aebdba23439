import { z } from 'zod'
import { Period } from '../schedule/types.ts'

const rule = z.strictObject({ period: Period, reason: z.string().min(1) })

/** How long what holds personal data besides the records is kept, counted from when it was last written: retention/schedules/prefixes.json. */
export const PrefixSchedules = z.strictObject({
  format: z.literal(1),
  title: z.string().min(1),
  note: z.string().min(1).optional(),
  prefixes: z.strictObject({
    quarantine: rule,
    searches: rule,
    results: rule,
    requests: rule,
    /** Holds are kept for good: the register names what each protected by its hash, and every check of the archive asks for it. */
    holds: z.strictObject({ keep: z.literal(true), reason: z.string().min(1) }),
    /** Disposition lists of runs that are over. */
    lists: rule,
  }),
})
export type PrefixSchedules = z.infer<typeof PrefixSchedules>
export type PrefixName = Exclude<keyof PrefixSchedules['prefixes'], 'holds'>
