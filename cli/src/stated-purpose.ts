import type { Purposes } from '@muniment/api/purposes'
import { InputError } from '@muniment/archive/errors'

/** What was said on the command line of what a search is for. */
export interface Stated {
  purpose?: string
  note?: string
  request?: string
}

/** In the demonstration something is said where nothing was. Throws InputError elsewhere. */
export function statedPurpose(
  { purpose, note, request }: Stated,
  { reasons }: Pick<Purposes, 'reasons'>,
  isDemonstration: boolean,
) {
  if (request !== undefined) {
    if (purpose === undefined && note === undefined) return { request }
    throw new InputError('Give --request alone, or --purpose with --note.')
  }
  if (purpose !== undefined) return { reason: purpose, ...(note !== undefined && { note }) }
  if (isDemonstration) return { reason: 'system-test', note: note ?? 'muniment search, in the demonstration' }
  const known = reasons.map(({ code }) => code).join(', ')
  throw new InputError(
    `Say what you search for: --purpose with a reason (${known}) and --note with a sentence, or --request with the reference of a request.`,
  )
}
