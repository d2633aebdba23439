/** What openings and closings become: nothing that a person typed, and no record's key. */
import { setImmediate as othersTurn } from 'node:timers/promises'
import { OperatorError } from '../../errors.ts'
import { type ClosingEntry, entryBytes, type LogEntry, type OpeningEntry, type RecordsEntry } from '../entries.ts'
import { commitmentOf, dayOf, monthOf, NOTE_FIELD, tokenOf, typedField } from '../keys/commitments.ts'
import type { Secrets } from '../keys/port.ts'
import { LARGEST_ENTRY } from '../merkle/bundle.ts'
import type { Closing, Opening } from '../port.ts'

/** An entry holds 65,535 bytes, a token takes 25. */
const TOKENS_PER_ENTRY = 2000
/** About a millisecond's work. */
const RECORDS_PER_TURN = 256

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

/** The tokens of the records that were seen, in parts, and the closing itself as the last. One part at a time is in memory. */
export async function* closingEntries(
  id: string,
  at: Date,
  closing: Closing,
  secrets: Secrets,
): AsyncGenerator<RecordsEntry | ClosingEntry> {
  const { outcome, rows, bytes, records, detail } = closing
  const moment = at.toISOString()
  let [tokens, parts, turn] = [0, 0, 0]
  const part = (some: string[]): RecordsEntry => {
    tokens += some.length
    return { kind: 'records', of: id, at: moment, part: ++parts, tokens: some }
  }
  if (records) {
    const key = await secrets.key(monthOf(moment))
    // Of what comes some at a time nobody could hold the tokens.
    const [lots, seen] = Array.isArray(records) ? [[records], new Set<string>()] : [records, undefined]
    let some: string[] = []
    for await (const lot of lots)
      for (const record of lot) {
        // An export names a million records; nobody else is to wait for that.
        if (++turn % RECORDS_PER_TURN === 0) await othersTurn()
        const token = tokenOf(key, record)
        if (seen?.has(token)) continue
        seen?.add(token)
        if (some.push(token) < TOKENS_PER_ENTRY) continue
        yield part(some)
        some = []
      }
    if (some.length > 0) yield part(some)
  }
  yield {
    kind: 'closing',
    of: id,
    at: moment,
    outcome,
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
    ...(records && { records: { tokens, parts } }),
    ...(detail && { detail }),
  }
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
