/** Making proofs, RFC 6962 sections 2.1.1 and 2.1.2, of whatever tells the hashes of perfect subtrees. */
import { nodeHash, splitOf } from './hash.ts'

/** Root over the leaves from `index * 2 ** height` on, `2 ** height` of them, all in the tree. */
export type SubtreeReader = (height: number, index: number) => Promise<Buffer>

/** Root over leaves `from` (inclusive) to `to` (exclusive), a range that the recursion of the RFC comes by. */
async function rangeRoot(read: SubtreeReader, from: number, to: number): Promise<Buffer> {
  const height = Math.log2(to - from)
  if (Number.isInteger(height)) return read(height, from / 2 ** height)
  const split = from + splitOf(to - from)
  return nodeHash(await rangeRoot(read, from, split), await rangeRoot(read, split, to))
}

/** The siblings on the way from the leaf to the root of a tree of `size` leaves. */
export async function inclusionProof(read: SubtreeReader, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('There is no such leaf in a tree of this size.')
  const path = async (from: number, to: number): Promise<Buffer[]> => {
    if (to - from === 1) return []
    const split = from + splitOf(to - from)
    return index < split
      ? [...(await path(from, split)), await rangeRoot(read, split, to)]
      : [...(await path(split, to)), await rangeRoot(read, from, split)]
  }
  return path(0, size)
}

/** That the tree of `older` leaves is a beginning of the tree of `size` leaves. */
export async function consistencyProof(read: SubtreeReader, older: number, size: number): Promise<Buffer[]> {
  if (!(older >= 0 && older <= size)) throw new RangeError('The older tree is larger than the newer one.')
  const path = async (from: number, to: number, whole: boolean): Promise<Buffer[]> => {
    if (older === to) return whole ? [] : [await rangeRoot(read, from, to)]
    const split = from + splitOf(to - from)
    return older <= split
      ? [...(await path(from, split, whole)), await rangeRoot(read, split, to)]
      : [...(await path(split, to, false)), await rangeRoot(read, from, split)]
  }
  return older === 0 ? [] : path(0, size, true)
}
