import type { Purpose, PurposeReason } from '../contract.ts'
import { ProblemError } from '../errors.ts'

/** For the audit log: a reason is of the list; whatever else was typed, a reference too, becomes a commitment. */
export function purposeEntry(purpose: Purpose): { reason?: string; note?: string } {
  if (typeof purpose === 'string') return { note: purpose }
  if ('request' in purpose) return { reason: 'request', note: purpose.request }
  return { reason: purpose.reason, ...(purpose.note && { note: purpose.note }) }
}

/** A reason must be one of the configured list; a request's reference is taken as it is. */
export function checkPurpose(purpose: Purpose, reasons: PurposeReason[]): void {
  if (typeof purpose === 'string' || 'request' in purpose) return
  if (reasons.some(({ code }) => code === purpose.reason)) return
  const known = reasons.map(({ code }) => code).join(', ')
  const message = `"${purpose.reason}" is no reason of the list: ${known}.`
  throw new ProblemError('invalid-input', message, { fields: { purpose: message } })
}

/** As a sentence for exports and prints. */
export function readPurpose(purpose: Purpose, reasons: PurposeReason[]): string {
  if (typeof purpose === 'string') return purpose
  if ('request' in purpose) return `Request ${purpose.request}`
  const label = reasons.find(({ code }) => code === purpose.reason)?.label ?? purpose.reason
  return purpose.note ? `${label}: ${purpose.note}` : label
}
