import type { Actor, AuditLog } from '../port.ts'
import { beginRotation, type Rotation } from './file-signer.ts'
import { verifierLine } from './note.ts'

/** What the old key signs. */
export const rotationText = (old: string, next: string): string => `muniment audit log: next key\n${old}\n${next}\n`

/**
 * Puts a new signing key in force: an entry of the log names it, signed by the old one, before it signs anything, so that who has
 * only the old key goes on checking. Can be run again after a crash. Gives the new key as a verifier line. A seal should follow.
 */
export async function rotateKey(log: AuditLog, folder: string, actor: Actor): Promise<string> {
  return rotateTo(log, actor, await beginRotation(folder))
}

/** The same for signers of any kind; `activate` is called once the entry is durable. */
export async function rotateTo(log: AuditLog, actor: Actor, { old, next, activate }: Rotation): Promise<string> {
  const [by, key] = [verifierLine(old), verifierLine(next)]
  const signature = (await old.sign(Buffer.from(rotationText(by, key)))).toString('base64')
  const id = await log.open({ action: 'key-rotation', actor, subject: { by, key, signature } })
  await activate()
  await log.close(id, { outcome: 'done' })
  return key
}
