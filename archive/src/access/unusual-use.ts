/** What of the use that people make of their rights is told to auditors. It never blocks anybody. */
import { z } from 'zod'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written as 22:00')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What is not named is as by default; `false` switches a rule off. */
export const UnusualUse = z.strictObject({
  /** IANA name: whose nights and days are meant. */
  timeZone: z.string().refine(isTimeZone, 'there is no such time zone; a name is Europe/Berlin').default('UTC'),
  /** More than so many different persons' records shown to, or taken along by, one person within so many minutes. */
  manyPersons: z
    .union([
      z.literal(false),
      z.strictObject({ persons: z.int().positive().max(5_000), minutes: z.int().positive().max(1_440) }),
    ])
    .default({ persons: 500, minutes: 60 }),
  /** Exports, and exported files that are fetched, from `from` (inclusive) to `until` (exclusive), over midnight where `until` is the earlier. */
  nightExports: z
    .union([
      z.literal(false),
      z
        .strictObject({ from: time, until: time })
        .refine(({ from, until }) => from !== until, 'a night ends at another time than it begins'),
    ])
    .default({ from: '22:00', until: '05:00' }),
  /** Records that sign-in says are the person's own. */
  ownRecords: z.boolean().default(true),
})
export type UnusualUse = z.infer<typeof UnusualUse>

/** Where the rules say nothing of it. */
export const usualRules: UnusualUse = UnusualUse.parse({})
