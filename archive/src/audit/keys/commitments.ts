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

/** Of a record: the first 128 bits of HMAC-SHA256 with the key of the month, base64url. */
export function tokenOf(key: Buffer, { application, table, key: columns }: SeenRecord): string {
  const text = JSON.stringify(['record', application, table, columns])
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')
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

/** Tokens of a record in each month that has a key, from the month of `from` to that of `until`: what to look for in the log. */
export async function tokensFor(secrets: Secrets, record: SeenRecord, from: Date, until: Date): Promise<string[]> {
  const tokens: string[] = []
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth()))
  for (; month <= until; month.setUTCMonth(month.getUTCMonth() + 1)) {
    const key = await secrets.find(monthOf(month.toISOString()))
    if (key) tokens.push(tokenOf(key, record))
  }
  return tokens
}
