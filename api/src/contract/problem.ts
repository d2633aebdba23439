import { z } from '@hono/zod-openapi'

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** Error id, to be found in the server's log. */
    instance: z.string().optional(),
    /** Parameter name to sentence. */
    fields: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Problem', {
    description:
      'What went wrong (RFC 9457): `detail` helps, `fields` says it beside each input, `instance` is the id in the log.',
  })
export type Problem = z.infer<typeof Problem>
