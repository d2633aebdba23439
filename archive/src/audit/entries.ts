/** What the log holds: one JSON object an entry, canonical, at most 65,535 bytes. */
import { z } from 'zod'
import { canonicalJson } from './canonical.ts'

const id = z.uuidv7()
const moment = z.iso.datetime()
/** HMAC-SHA256, base64url. */
const commitment = z.string().regex(/^[\w-]{43}$/)
/** The first 128 bits of an HMAC-SHA256, base64url. */
const token = z.string().regex(/^[\w-]{22}$/)
const plain = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
const count = z.int().nonnegative()

/** Names are open here: what once was written must be readable whatever the program knows today. */
export const OpeningEntry = z.strictObject({
  kind: z.literal('opening'),
  id,
  at: moment,
  action: z.string(),
  actor: z.strictObject({ id: z.string(), roles: z.array(z.string()), groups: z.array(z.string()), rules: count }),
  purpose: z
    .strictObject({ reason: z.string().optional(), request: z.string().optional(), note: commitment.optional() })
    .optional(),
  subject: plain.optional(),
  typed: z.record(z.string(), commitment).optional(),
})
export type OpeningEntry = z.infer<typeof OpeningEntry>

/** Records that were seen, as many as fit; before the closing that counts them. */
export const RecordsEntry = z.strictObject({
  kind: z.literal('records'),
  of: id,
  at: moment,
  part: z.int().positive(),
  tokens: z.array(token).min(1),
})
export type RecordsEntry = z.infer<typeof RecordsEntry>

export const ClosingEntry = z.strictObject({
  kind: z.literal('closing'),
  of: id,
  at: moment,
  outcome: z.string(),
  rows: count.optional(),
  bytes: count.optional(),
  records: z.strictObject({ tokens: count, parts: count }).optional(),
  detail: plain.optional(),
})
export type ClosingEntry = z.infer<typeof ClosingEntry>

/** The last entry that a seal adds to the tree: the seal's own file, which is thereby signed too. */
export const SealEntry = z.strictObject({
  kind: z.literal('seal'),
  number: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type SealEntry = z.infer<typeof SealEntry>

/** What a process writes into its stream. */
export const StreamEntry = z.discriminatedUnion('kind', [OpeningEntry, RecordsEntry, ClosingEntry])
export type StreamEntry = z.infer<typeof StreamEntry>
export const LogEntry = z.discriminatedUnion('kind', [OpeningEntry, RecordsEntry, ClosingEntry, SealEntry])
export type LogEntry = z.infer<typeof LogEntry>

/** What the tree's leaf is the hash of. */
export const entryBytes = (entry: LogEntry): Buffer => Buffer.from(canonicalJson(entry))

/** The opening's id, by which entries belong together. */
export const idOf = (entry: StreamEntry): string => (entry.kind === 'opening' ? entry.id : entry.of)
