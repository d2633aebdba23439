import { InputError, NotFoundError } from '../../errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { idOf } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import { inclusionProof } from '../merkle/proofs.ts'
import { subtreesOf } from '../merkle/tiles.ts'
import { checkpointKey } from '../paths.ts'
import { readCheckpoint } from '../seal/checkpoint.ts'
import { readSeal } from '../seal/seal-file.ts'
import { entriesBetween, firstSealAt, newestFinished, timeOfId } from './entries.ts'

/** That an action's entries are in the log that the checkpoint signs; a page of documentation and sha256 check it. */
export interface Proof {
  format: 1
  /** Signed note: the log's name, the number of its entries and its root. */
  checkpoint: string
  entries: {
    kind: string
    /** Number in the tree, from 0. */
    index: number
    /** The entry's bytes, UTF-8. */
    text: string
    /** Siblings from the leaf up to the root, hexadecimal. */
    hashes: string[]
    /** The same with the checkpoint as C2SP's tlog-proof. */
    tlogProof: string
  }[]
}

/** The clocks of writer and sealer may be this far apart, in milliseconds. */
const SKEW = 10 * 60_000

/** Proves opening and closing of an action, up to the newest checkpoint. Throws NotFoundError where none covers its opening. */
export async function prove(store: ObjectStore, id: string): Promise<Proof> {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
    throw new InputError('An entry is named by its id, as 0193a0b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.')
  const newest = await newestFinished(store)
  const { number = 0, size = 0 } = newest?.seal ?? {}
  const first = await firstSealAt(store, number, new Date(timeOfId(id) - SKEW))
  const start = first > number ? size : first === 1 ? 0 : await beforeOf(store, first, size)
  const found: { kind: string; index: number; bytes: Buffer }[] = []
  const missing = new Set(['opening', 'closing'])
  for await (const { entry, index, bytes } of entriesBetween(store, start, size, size)) {
    if (entry.kind === 'seal' || entry.kind === 'records' || idOf(entry) !== id) continue
    found.push({ kind: entry.kind, index, bytes })
    missing.delete(entry.kind)
    if (missing.size === 0) break
  }
  if (missing.has('opening'))
    throw new NotFoundError(
      'There is no such entry in what the newest checkpoint covers. If it is recent, seal first: `muniment audit seal`.',
    )
  // A closing in another stream may stand before its opening in the tree.
  found.sort((left, right) => (left.kind < right.kind ? 1 : -1))
  const checkpoint = (await store.get(checkpointKey(number)))?.body.toString() ?? ''
  if (readCheckpoint(checkpoint)?.size !== size)
    throw new LogDamageError(checkpointKey(number), 'it is not the checkpoint of its seal.')
  const subtrees = subtreesOf(store, size)
  const entries: Proof['entries'] = []
  for (const { kind, index, bytes } of found) {
    const hashes = await inclusionProof(subtrees, index, size)
    const lines = hashes.map((hash) => `${hash.toString('base64')}\n`).join('')
    const tlogProof = `c2sp.org/tlog-proof@v1\nindex ${index}\n${lines}\n${checkpoint}`
    entries.push({ kind, index, text: bytes.toString(), hashes: hashes.map((hash) => hash.toString('hex')), tlogProof })
  }
  return { format: 1, checkpoint, entries }
}

async function beforeOf(store: ObjectStore, number: number, otherwise: number): Promise<number> {
  return (await readSeal(store, number))?.seal.before ?? otherwise
}
