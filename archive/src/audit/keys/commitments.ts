import { createHmac } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import type { OpeningEntry } from '../entries.ts'
import type { SeenRecord } from '../port.ts'
import type { Secrets } from './port.ts'

/** Of a text that a person typed: HMAC-SHA256 with the key of the day, base64url. */
export function commitmentOf(key: Buffer, id: string, field: string, value: string | string[]): string {
  return createHmac('sha256', key)
    .update(canonicalJson(['commitment', id, field, value]))
    .digest('base64url')
}

/** What a record's token is of. */
export const recordText = ({ application, table, key }: SeenRecord): string =>
  JSON.stringify(['record', application, table, key])

/** Of a record: the first 128 bits of HMAC-SHA256 with the key of the month, base64url. */
export function tokenOf(key: Buffer, record: SeenRecord): string {
  return createHmac('sha256', key).update(recordText(record)).digest().subarray(0, 16).toString('base64url')
}

export const dayOf = (at: string): string => at.slice(0, 10)
export const monthOf = (at: string): string => at.slice(0, 7)

/** A field's name in the commitment: `typed.<name>`, or `purpose.note`. */
export const typedField = (name: string): string => `typed.${name}`
export const NOTE_FIELD = 'purpose.note'

/** Whether this is what was typed: for whoever has the text from elsewhere, as the search's own record. */
export async function checkCommitment(
  secrets: Secrets,
  opening: OpeningEntry,
  field: string,
  value: string | string[],
): Promise<'same' | 'different' | 'forgotten' | 'absent'> {
  const committed = field === NOTE_FIELD ? opening.purpose?.note : opening.typed?.[field.replace(/^typed\./, '')]
  if (committed === undefined) return 'absent'
  const key = await secrets.find(dayOf(opening.at))
  if (!key) return 'forgotten'
  return commitmentOf(key, opening.id, field, value) === committed ? 'same' : 'different'
}

export interface RecordTokens {
  /** One a month that has a key: what to look for in the log. */
  tokens: string[]
  /** Months without one, as 2026-11: it was forgotten, or no record was seen in them (forgottenMonths tells). */
  without: string[]
}

/** Tokens of a record from the month of `from` to that of `until`. */
export async function recordTokens(
  secrets: Secrets,
  record: SeenRecord,
  from: Date,
  until: Date,
): Promise<RecordTokens> {
  const tokens: string[] = []
  const without: string[] = []
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth()))
  for (; month <= until; month.setUTCMonth(month.getUTCMonth() + 1)) {
    const key = await secrets.find(monthOf(month.toISOString()))
    if (key) tokens.push(tokenOf(key, record))
    else without.push(monthOf(month.toISOString()))
  }
  return { tokens, without }
}

export const tokensFor = async (secrets: Secrets, record: SeenRecord, from: Date, until: Date): Promise<string[]> =>
  (await recordTokens(secrets, record, from, until)).tokens
