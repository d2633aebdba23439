/**
 * Holds: orders that stop destruction. The register says which stand; what each says, and what it protects, lies beside it. An
 * acknowledged hold is one that the register has: from then on nothing that it protects is decided to be destroyed.
 */
import { z } from 'zod'

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)
const moment = z.iso.datetime()
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** A key's columns as canonical text, in the order of the primary key. */
export const RecordKey = z.array(z.string()).min(1)
export type RecordKey = z.infer<typeof RecordKey>

/** What may be compared with a column: canonical text, as rows have it. */
export const ScopeCondition = z.strictObject({
  column: name,
  in: z.array(z.string()).min(1).optional(),
  /** Inclusive, for dates, timestamps and numbers. */
  from: z.string().optional(),
  to: z.string().optional(),
})
export type ScopeCondition = z.infer<typeof ScopeCondition>

export const HoldScope = z.discriminatedUnion('kind', [
  /** Records by their keys, with what belongs to them. */
  z.strictObject({ kind: z.literal('keys'), table: name, keys: z.array(RecordKey).min(1) }),
  /** A person and everything that belongs to them by the model's paths, their other identities included. */
  z.strictObject({ kind: z.literal('person'), key: RecordKey }),
  /** Rows of a table for which all conditions hold, also those that are loaded later. */
  z.strictObject({ kind: z.literal('condition'), table: name, where: z.array(ScopeCondition).min(1) }),
  /** A record class of a domain's schedules. */
  z.strictObject({ kind: z.literal('class'), domain: name, class: z.string() }),
  z.strictObject({ kind: z.literal('domain'), domain: name }),
  z.strictObject({ kind: z.literal('application') }),
])
export type HoldScope = z.infer<typeof HoldScope>

/** What a hold protects: frozen keys, or all of a table, whatever comes. `holds/<id>/closure-<revision>-<hash>.json`, each
 * with what it adds to those before. */
export const Closure = z.strictObject({
  hold: z.string(),
  revision: z.int().positive(),
  application: name,
  /** Version of the catalog by which it was resolved. */
  catalog: z.string(),
  at: moment,
  tables: z.record(name, z.union([z.literal('all'), z.array(RecordKey)])),
})
export type Closure = z.infer<typeof Closure>

/** A hold as the register has it: nothing that only few may know. */
export const RegisteredHold = z.strictObject({
  id: z.string().regex(/^H-[0-9a-f]{12}$/),
  application: name,
  placed: moment,
  state: z.enum(['standing', 'released']),
  released: moment.optional(),
  /** All that it ever protected: a closure that was resolved again adds, and takes nothing away. */
  closures: z.array(z.strictObject({ revision: z.int().positive(), sha256: hash })).min(1),
})
export type RegisteredHold = z.infer<typeof RegisteredHold>

/** `holds/register.json`, replaced by If-Match alone. A missing one is an error, never an empty one. */
export const HoldRegister = z.strictObject({
  format: z.literal(1),
  /** One more with each change. */
  version: z.int().nonnegative(),
  holds: z.array(RegisteredHold),
})
export type HoldRegister = z.infer<typeof HoldRegister>

const signature = z.strictObject({ by: z.string().min(1), at: moment, groups: z.array(z.string()) })

/** What was said of a hold, append-only: `holds/<id>/event-<number>.json`. */
export const HoldEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('placed'),
    application: name,
    matter: z.string().min(1),
    /** Court, supervisor, or who in the house ordered it. */
    authority: z.string().min(1),
    issuer: z.string().optional(),
    reason: z.string().min(1),
    /** Reminds; releases nothing. */
    review: z.iso.date().optional(),
    scope: HoldScope,
    signed: signature,
  }),
  z.strictObject({ kind: z.literal('widened'), scope: HoldScope, reason: z.string().min(1), signed: signature }),
  z.strictObject({
    kind: z.literal('reviewed'),
    review: z.iso.date().optional(),
    reason: z.string().min(1),
    signed: signature,
  }),
  /** Takes effect only with the second signature, of somebody else. */
  z.strictObject({ kind: z.literal('release-proposed'), reason: z.string().min(1), signed: signature }),
  z.strictObject({ kind: z.literal('release-refused'), reason: z.string().min(1), signed: signature }),
  z.strictObject({ kind: z.literal('released'), reason: z.string().min(1), proposed: signature, signed: signature }),
])
export type HoldEvent = z.infer<typeof HoldEvent>

/** Rows that a hold came too late for: a decision to destroy them stood already, whether or not it was carried out. */
export interface LateHold {
  run: string
  table: string
  key: RecordKey
}
