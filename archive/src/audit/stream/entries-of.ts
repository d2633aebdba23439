/** What openings and closings become: nothing that a person typed, and no record's key. */
import { OperatorError } from '../../errors.ts'
import { type ClosingEntry, entryBytes, type LogEntry, type OpeningEntry, type RecordsEntry } from '../entries.ts'
import { commitmentOf, dayOf, monthOf, NOTE_FIELD, tokenOf, typedField } from '../keys/commitments.ts'
import type { Secrets } from '../keys/port.ts'
import { LARGEST_ENTRY } from '../merkle/bundle.ts'
import type { Closing, Opening, SeenRecord } from '../port.ts'

/** An entry holds 65,535 bytes, a token takes 25. */
const TOKENS_PER_ENTRY = 2000

export async function openingEntry(id: string, at: Date, opening: Opening, secrets: Secrets): Promise<OpeningEntry> {
  const { action, actor, purpose, subject, typed } = opening
  const moment = at.toISOString()
  const needsKey = typed !== undefined || purpose?.note !== undefined
  const key = needsKey ? await secrets.key(dayOf(moment)) : Buffer.alloc(0)
  const { reason, request, note } = purpose ?? {}
  return {
    kind: 'opening',
    id,
    at: moment,
    action,
    actor: { id: actor.id, roles: [...actor.roles], groups: [...actor.groups], rules: actor.rules },
    ...(purpose && {
      purpose: {
        ...(reason !== undefined && { reason }),
        ...(request !== undefined && { request }),
        ...(note !== undefined && { note: commitmentOf(key, id, NOTE_FIELD, note) }),
      },
    }),
    ...(subject && { subject }),
    ...(typed && {
      typed: Object.fromEntries(
        Object.entries(typed).map(([name, value]) => [name, commitmentOf(key, id, typedField(name), value)]),
      ),
    }),
  }
}

/** The tokens of the records that were seen, in parts, and the closing itself as the last. */
export async function closingEntries(
  id: string,
  at: Date,
  closing: Closing,
  secrets: Secrets,
): Promise<(RecordsEntry | ClosingEntry)[]> {
  const { outcome, rows, bytes, records, detail } = closing
  const moment = at.toISOString()
  const tokens = records ? await tokensOf(records, await secrets.key(monthOf(moment))) : []
  const parts: RecordsEntry[] = []
  for (let from = 0; from < tokens.length; from += TOKENS_PER_ENTRY) {
    const some = tokens.slice(from, from + TOKENS_PER_ENTRY)
    parts.push({ kind: 'records', of: id, at: moment, part: parts.length + 1, tokens: some })
  }
  const last: ClosingEntry = {
    kind: 'closing',
    of: id,
    at: moment,
    outcome,
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
    ...(records && { records: { tokens: tokens.length, parts: parts.length } }),
    ...(detail && { detail }),
  }
  return [...parts, last]
}

async function tokensOf(records: readonly SeenRecord[], key: Buffer): Promise<string[]> {
  const tokens = new Set<string>()
  for (const [place, record] of records.entries()) {
    tokens.add(tokenOf(key, record))
    // An export names a million records; nobody else is to wait for that.
    if (place % TOKENS_PER_ENTRY === TOKENS_PER_ENTRY - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return [...tokens]
}

/** Canonical text of an entry. Throws OperatorError where it is longer than the tree's bundles can hold. */
export function textOf(entry: LogEntry): string {
  const bytes = entryBytes(entry)
  if (bytes.length > LARGEST_ENTRY)
    throw new OperatorError(
      `An entry of the audit log would be ${bytes.length} bytes long; ${LARGEST_ENTRY} is the most. ` +
        'Nothing was done: what is named in one entry must be less.',
    )
  return bytes.toString()
}
