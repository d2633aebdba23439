import { z } from 'zod'

/** What the footer of a Parquet object says: columns in order with type and compressed bytes, and rows. */
export const Footer = z.object({
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), bytes: z.int() })),
})
export type Footer = z.infer<typeof Footer>
