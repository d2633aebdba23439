import type { ObjectStore } from '../../store/port.ts'
import type { Actor, AuditLog } from '../port.ts'
import { announceKey, isAnnounced } from './announced-keys.ts'
import type { Signer } from './port.ts'
import { rotateTo } from './rotation.ts'

/**
 * Of the log's signers, oldest first, the one in force: the newest that is announced in `store`. The first is announced where none is.
 * A signer after it waits: it is put in force by `rotateAnnounced` alone.
 */
export async function signerInForce(store: ObjectStore, signers: readonly [Signer, ...Signer[]]): Promise<Signer> {
  for (const signer of signers.slice(1).reverse()) if (await isAnnounced(store, signer)) return signer
  await announceKey(store, signers[0])
  return signers[0]
}

/**
 * Puts the signer after the one in force in its place, as `rotateKey` does. Gives its verifier line; undefined where there is none after it.
 * Can be run again after a crash.
 */
export async function rotateAnnounced(
  { log, store }: { log: AuditLog; store: ObjectStore },
  signers: readonly [Signer, ...Signer[]],
  actor: Actor,
): Promise<string | undefined> {
  const old = await signerInForce(store, signers)
  const next = signers[signers.indexOf(old) + 1]
  return next && rotateTo(log, actor, { old, next, activate: () => announceKey(store, next) })
}
