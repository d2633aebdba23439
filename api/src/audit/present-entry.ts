import type { AuditedAction } from '@muniment/archive/audit/find/find-entries'
import { TILE_WIDTH } from '@muniment/archive/audit/merkle/tree'
import { auditFile } from '@muniment/archive/audit/paths'
import type { AuditEntry, AuditVerification } from '../contract.ts'

/** `verified`: what the last check of the whole log found, which is what tells of entries that a checkpoint covers. */
export function presentEntry(
  { opening, closing, index, wrong }: AuditedAction,
  verified: Pick<AuditVerification, 'firstWrong'> | undefined,
): AuditEntry {
  const { id, at, action, actor, purpose, subject = {} } = opening
  const { reason, request, note } = purpose ?? {}
  const found = verified?.firstWrong
  const why =
    wrong ?? (found && index !== undefined && isOf(found, index) ? `${found.file}: ${found.message}` : undefined)
  return {
    id,
    began: at,
    ...(closing && { ended: closing.at }),
    action,
    outcome: closing?.outcome ?? 'none',
    person: actor.id,
    roles: actor.roles,
    groups: actor.groups,
    rules: actor.rules,
    ...(purpose && {
      purpose: {
        ...(reason !== undefined && { reason }),
        ...(request !== undefined && { request }),
        noted: note !== undefined,
      },
    }),
    subject,
    ...(closing?.detail && { detail: closing.detail }),
    ...(closing?.rows !== undefined && { rows: closing.rows }),
    ...(closing?.bytes !== undefined && { bytes: closing.bytes }),
    ...(closing?.records && { records: closing.records.tokens }),
    covered: index !== undefined,
    ...(why !== undefined && { wrong: why }),
  }
}

/** The entry that was found wrong, or one out of the bundle that was: of those nobody can say which it is. */
function isOf({ file, entry }: NonNullable<AuditVerification['firstWrong']>, index: number): boolean {
  const tile = auditFile(file)
  if (entry !== undefined || tile?.kind !== 'tile' || tile.level !== 'entries') return entry === index
  const first = tile.index * TILE_WIDTH
  return index >= first && index < first + tile.width
}
