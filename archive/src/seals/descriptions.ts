import { z } from 'zod'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative()

/** What is said of an object, hashed as the text it stands as. */
export const ObjectDescription = z.strictObject({
  application: z.string(),
  load: z.string(),
  table: z.string(),
  /** Key in the bucket, and the file as it was when it was sealed. */
  object: z.string(),
  sha256: hash,
  /** Number of its first row in the load, and how many there are. */
  firstRow: count,
  rows: count,
  /** Rows of a row group; the last may have fewer. */
  groupRows: z.int().positive(),
  columns: z.array(z.tuple([z.string(), z.string(), z.string()])),
})
export type ObjectDescription = z.infer<typeof ObjectDescription>

export const LoadDescription = z.strictObject({
  application: z.string(),
  load: z.string(),
  /** SHA-256 of the load's report. */
  report: hash,
  objects: count,
})
export type LoadDescription = z.infer<typeof LoadDescription>

export const groupsOf = ({ rows, groupRows }: Pick<ObjectDescription, 'rows' | 'groupRows'>): number =>
  Math.ceil(rows / groupRows)

/** The rows of a row group. */
export function groupRange(
  { firstRow, rows, groupRows }: Pick<ObjectDescription, 'firstRow' | 'rows' | 'groupRows'>,
  group: number,
) {
  const first = firstRow + group * groupRows
  return { first, count: Math.min(groupRows, firstRow + rows - first) }
}

/** Undefined for what is no description of this kind. */
export function readDescription<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
