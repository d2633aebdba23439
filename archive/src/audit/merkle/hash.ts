/** RFC 6962, section 2.1: leaves and nodes are hashed apart, so that neither passes for the other. */
import { createHash } from 'node:crypto'

const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

export const leafHash = (entry: Buffer): Buffer => createHash('sha256').update(LEAF).update(entry).digest()
export const nodeHash = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest()
/** Of no leaves at all. */
export const emptyRoot = (): Buffer => createHash('sha256').digest()

/** The largest power of two below `size`, which is at least 2. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** Root over the hashes of perfect subtrees of equal height. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes
  if (first === undefined) return emptyRoot()
  if (hashes.length === 1) return first
  const split = splitOf(hashes.length)
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
}
