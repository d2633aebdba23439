/** Checking proofs, RFC 9162 sections 2.1.3.2 and 2.1.4.2: written apart from how they are made. */
import { emptyRoot, nodeHash } from './hash.ts'

const odd = (number: number) => number % 2 === 1
const half = (number: number) => Math.floor(number / 2)
const isCount = (number: number) => Number.isSafeInteger(number) && number >= 0

/** Whether `leaf` is leaf `index` of the tree of `size` leaves with this root. */
export function checkInclusion(leaf: Buffer, index: number, size: number, proof: Buffer[], root: Buffer): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  let [first, last, hash] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false
    if (odd(first) || first === last) {
      hash = nodeHash(sibling, hash)
      while (!odd(first) && first !== 0) [first, last] = [half(first), half(last)]
    } else hash = nodeHash(hash, sibling)
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && hash.equals(root)
}

interface Head {
  size: number
  root: Buffer
}

/** Whether the older tree is a beginning of the newer one. */
export function checkConsistency(older: Head, newer: Head, proof: Buffer[]): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false
  if (older.size === 0) return proof.length === 0 && older.root.equals(emptyRoot())
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root)
  if (proof.some(({ length }) => length !== 32)) return false
  const path = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : proof
  const [start, ...rest] = path
  if (start === undefined) return false
  let [first, last] = [older.size - 1, newer.size - 1]
  while (odd(first)) [first, last] = [half(first), half(last)]
  let [oldRoot, newRoot] = [start, start]
  for (const hash of rest) {
    if (last === 0) return false
    if (odd(first) || first === last) {
      oldRoot = nodeHash(hash, oldRoot)
      newRoot = nodeHash(hash, newRoot)
      while (!odd(first) && first !== 0) [first, last] = [half(first), half(last)]
    } else newRoot = nodeHash(newRoot, hash)
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && oldRoot.equals(older.root) && newRoot.equals(newer.root)
}
