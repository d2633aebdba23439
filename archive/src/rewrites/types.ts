/**
 * What became of objects of records after their load: destruction writes them anew or removes them. The ledger of loads stays as it is;
 * what it says of an object is followed by these, generation by generation.
 */
import { z } from 'zod'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * `retention/rewrites/<application>/<sha-256 of the object's key, 32 digits>-<generation, 8 digits>-<attempt, 8 digits>.json`, create-only and
 * written before the object is touched. `nonce` is in the Parquet file's key-value metadata too, so that whoever finds the object knows
 * whether this is what happened.
 */
export const Rewrite = z.strictObject({
  format: z.literal(1),
  application: z.string(),
  object: z.string(),
  table: z.string(),
  load: z.string(),
  run: z.string(),
  generation: z.int().positive(),
  attempt: z.int().positive(),
  /** The object as it was before. */
  before: z.strictObject({ etag: z.string(), rows: z.int() }),
  /** Null where nothing is kept of it: its key is never used again. */
  after: z.strictObject({ size: z.int(), rows: z.int(), sha256: hash, nonce: z.string() }).nullable(),
  /** Leaf hashes of the rows that went, for the seal of the others. Absent where the load has no seal, or its secret is gone. */
  leaves: z.strictObject({ key: z.string(), sha256: hash }).optional(),
})
export type Rewrite = z.infer<typeof Rewrite>

/** Beside the rewrite, `...-applied.json`, create-only: it happened, and this is what the object became. */
export const Applied = z.strictObject({ etag: z.string().nullable() })
export type Applied = z.infer<typeof Applied>
