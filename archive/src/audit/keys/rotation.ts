import type { Actor, AuditLog } from '../port.ts'
import { beginRotation } from './file-signer.ts'
import { verifierLine } from './note.ts'

/** What the old key signs. */
export const rotationText = (old: string, next: string): string => `muniment audit log: next key\n${old}\n${next}\n`

/**
 * Puts a new signing key in force: an entry of the log names it, signed by the old one, before it signs anything, so that who has
 * only the old key goes on checking. Can be run again after a crash. Gives the new key as a verifier line. A seal should follow.
 */
export async function rotateKey(log: AuditLog, folder: string, actor: Actor): Promise<string> {
  const { old, next, activate } = await beginRotation(folder)
  const [by, key] = [verifierLine(old), verifierLine(next)]
  const signature = (await old.sign(Buffer.from(rotationText(by, key)))).toString('base64')
  const id = await log.open({ action: 'key-rotation', actor, subject: { by, key, signature } })
  await activate()
  await log.close(id, { outcome: 'done' })
  return key
}
