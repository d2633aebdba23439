import { matchesWhole } from '@muniment/query-templates/pattern'
import type { Purpose, PurposeReason } from '../contract.ts'
import { ProblemError } from '../errors.ts'

/** For the audit log: a reason is of the list; whatever else was typed, a reference too, becomes a commitment. */
export function purposeEntry(purpose: Purpose): { reason?: string; note?: string } {
  if (typeof purpose === 'string') return { note: purpose }
  if ('request' in purpose) return { reason: 'request', note: purpose.request }
  return { reason: purpose.reason, ...(purpose.note && { note: purpose.note }) }
}

/** What a request's reference looks like, as parameters' patterns are written, and what is said of one that does not. */
export interface RequestReference {
  regex: string
  message: string
}

/** Characters, as the contract has it. */
export const longestReference = 100

export const usualReference: RequestReference = {
  regex: '[\\p{L}\\p{N} ._/#()-]{0,60}[0-9][\\p{L}\\p{N} ._/#()-]{0,60}',
  message: 'The reference of a request has a number in it, such as DSR-2026-0117.',
}

/** A reason of the configured list with a sentence, or the reference of a request. Throws ProblemError for anything else. */
export function checkPurpose(purpose: Purpose, reasons: PurposeReason[], { regex, message } = usualReference): void {
  const known = reasons.map(({ code }) => code).join(', ')
  if (typeof purpose === 'string')
    throw unusable(
      `Say what you search for: the reference of a request, or a reason of the list (${known}) with a sentence.`,
    )
  if ('request' in purpose) {
    if (!matchesWhole(regex, purpose.request)) throw unusable(message)
    return
  }
  const reason = reasons.find(({ code }) => code === purpose.reason)
  if (!reason) throw unusable(`"${purpose.reason}" is no reason of the list: ${known}.`)
  if (reason.sentence !== false && purpose.note.trim() === '')
    throw unusable(`Say in a sentence what you search for: "${reason.label}" alone is not enough.`)
}

const unusable = (message: string) => new ProblemError('invalid-input', message, { fields: { purpose: message } })

/** As a sentence for exports and prints. */
export function readPurpose(purpose: Purpose, reasons: PurposeReason[]): string {
  if (typeof purpose === 'string') return purpose
  if ('request' in purpose) return `Request ${purpose.request}`
  const label = reasons.find(({ code }) => code === purpose.reason)?.label ?? purpose.reason
  return purpose.note ? `${label}: ${purpose.note}` : label
}
